"""What publishing would do, said without a commit, a push or a request; and why it would be refused."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from mirror.pages.home import home_page
from mirror.pages.index_paths import month_indexes, section_files
from mirror.pages.rendering import Renderer
from mirror.pages.retention import paths_of, trimming
from mirror.pages.syncing import missing_here
from mirror.pages.tree import Tree
from mirror.publishing.removals import Removals, check_removals, is_page, removals
from mirror.publishing.repository import Repository
from mirror.store.database import open_database

if TYPE_CHECKING:
    from mirror.config.options import Options
    from mirror.publishing.repository import Change
    from mirror.store.database import Database

_WORDS = {"A": "new", "M": "changed", "D": "removed"}


def rehearsal(options: Options, allowed_removals: int = 0) -> Iterator[str]:
    """Yield lines that say what `scrapy publish` would do. Raises GitError if it would be refused."""
    database = open_database(options.database_url)
    kinds = {
        "page": "pages",
        "below": "links to neighbours",
        "month": "indexes of months",
        "section": "indexes of sections",
    }
    purged, restored = trimming(options.keep, database, database.clock.day)
    if purged or restored:
        yield f"{len(purged)} pages would be purged first, {len(restored)} restored"
    for kind, name in kinds.items():
        if outdated := database.outdated(kind):
            yield f"{len(outdated)} {name} would be brought up to date first"
    repository = _repository(options)
    if repository.place.exists():
        changes = _changes(options)
        seen_to = _seen_to(options, database, [*purged, *restored])
        _check(repository, database, changes, seen_to, allowed_removals)
        yield from _told(changes, _home_files(options, database))
    else:
        pages = Tree(options.output).size().pages
        yield f"a repository would be made in {options.output}, its first commit with {pages} pages"
    publishing = options.publishing
    for home in publishing.homes:
        yield f"{home.name}: what it lacks would be pushed to {home.branch} of {home.remote}"
    if not publishing.homes:
        yield "nothing would be pushed: no home is set (MIRROR_HOMES)"


def check_whole_commit(options: Options) -> None:
    """Raise GitError if the commit would be refused that is made when all that the database knows has been
    written again."""
    repository, database = _repository(options), open_database(options.database_url)
    if repository.place.exists():
        changes = _changes(options)
        lost = removals(database, changes).lost
        _check(repository, database, changes, lost, 0)


def _repository(options: Options) -> Repository:
    publishing = options.publishing
    return Repository(options.output, publishing.name, publishing.email)


def _changes(options: Options) -> list[Change]:
    """Return what a commit of the folder as it is would change, by an index and objects of its own: what
    was staged for one that was refused counts, too."""
    repository = _repository(options)
    place = repository.place
    with TemporaryDirectory() as folder:
        index, objects = Path(folder, "index"), Path(folder, "objects")
        objects.mkdir()
        if (place / "index").exists():
            shutil.copyfile(place / "index", index)
        head = repository.find("HEAD^{commit}")
        repository.own["GIT_INDEX_FILE"] = str(index)
        if head and not index.exists():
            repository.local("read-tree", "HEAD")
        repository.own["GIT_OBJECT_DIRECTORY"] = str(objects)  # alone: Git touches what it has
        repository.stage_all()
        tree = repository.text("write-tree", "--missing-ok")
        repository.own["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = str(place / "objects")
        return repository.changes(head, tree)


def _check(
    repository: Repository,
    database: Database,
    changes: list[Change],
    seen_to: Collection[str],
    allowed: int,
) -> None:
    """Raise GitError if more would go than may, without what is seen to before the commit."""
    found = removals(database, changes)
    found = Removals([path for path in found.lost if path not in seen_to], found.unknown)
    if found.total > allowed:
        standing = sum(map(is_page, repository.paths("HEAD")))
        check_removals(found, standing, allowed)


def _seen_to(options: Options, database: Database, trimmed: list[str]) -> set[str]:
    """Return the files that are written again or purged before the commit."""
    ids = [*trimmed, *database.outdated("page")]
    if options.redis_url:  # others may have fetched
        ids += missing_here(options)
    paths = {path for page in paths_of(database, ids) for path in (page, f"{page}.png")}
    for section in database.outdated("section"):
        paths.update(section_files(section))
    for section, month in (key.split("/") for key in database.outdated("month")):
        size = database.month_size(section, month)
        paths.update(index.path for index in month_indexes(section, month, size))
    return paths


def _home_files(options: Options, database: Database) -> set[str]:
    """Return the files of the home page that a commit writes anew before it looks: homes may have
    changed."""
    tree, renderer = Tree(options.output), Renderer.from_options(options)
    files = home_page(database, renderer) if database.sections() else []
    return {path for path, content in files if tree.read(path) != content}


def _told(changes: list[Change], written: set[str]) -> Iterator[str]:
    """Yield the files that a commit would bring, change or take out, and how many they are."""
    found = {change.path: _WORDS[change.kind] for change in changes}
    found |= {path: found.get(path, "changed").replace("removed", "changed") for path in written}
    for word in _WORDS.values():
        yield from (f"{word}: {path}" for path in sorted(found) if found[path] == word)
    yield f"{len(found)} files would be committed" if found else "nothing new to commit"
