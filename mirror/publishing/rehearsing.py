"""What publishing would do, said without a commit, a push or a request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mirror.pages.tree import Tree
from mirror.publishing.repository import Repository
from mirror.store.database import open_database

if TYPE_CHECKING:
    from mirror.config.options import Options


def rehearsal(options: Options) -> Iterator[str]:
    """Yield lines that say what `scrapy publish` would do."""
    database = open_database(options.database_url)
    kinds = {
        "page": "pages",
        "below": "links to neighbours",
        "month": "indexes of months",
        "section": "indexes of sections",
    }
    for kind, name in kinds.items():
        if outdated := database.outdated(kind):
            yield f"{len(outdated)} {name} would be brought up to date first"
    publishing = options.publishing
    repository = Repository(options.output, publishing.name, publishing.email)
    if repository.place.exists():
        yield from _changes(repository)
    else:
        pages = Tree(options.output).size().pages
        yield f"a repository would be made in {options.output}, its first commit with {pages} pages"
    for home in publishing.homes:
        yield f"{home.name}: what it lacks would be pushed to {home.branch} of {home.remote}"
    if not publishing.homes:
        yield "nothing would be pushed: no home is set (MIRROR_HOMES)"


def _changes(repository: Repository) -> Iterator[str]:
    """Yield the files that a commit would bring, change or take out, and how many they are."""
    count = 0
    for kind, done in (("others", "new"), ("modified", "changed"), ("deleted", "removed")):
        paths = repository.uncommitted(kind)
        if kind == "modified":  # Git counts what is deleted as modified, too
            paths -= repository.uncommitted("deleted")
        for path in sorted(paths):
            yield f"{done}: {path}"
        count += len(paths)
    yield f"{count} files would be committed" if count else "nothing new to commit"
