"""What a commit would take away from readers: what was removed on purpose, and what is lost."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from mirror.config.page_paths import HOME
from mirror.errors import GitError
from mirror.pages.index_paths import is_index
from mirror.store.frontier_table import WITHDRAWN, frontier
from mirror.store.signposts import was_here

if TYPE_CHECKING:
    from mirror.publishing.repository import Change
    from mirror.store.database import Database

ARTICLE_RE = re.compile(r"[A-Za-z]+\d+")  # what may be an article's id in the path of its page
_MAX_SHARE = 0.03  # of the pages that stand, which nobody is known to have removed
_MIN_PAGES = 5  # so many may go from a small tree
_MAX_EXAMPLES = 3


class Removals(NamedTuple):
    """The published files that a commit would remove though nothing says that they are to go."""

    lost: list[str]  # that should be there by what the database says
    unknown: list[str]  # pages that the database does not know

    @property
    def total(self) -> int:
        """How many they are."""
        return len(self.lost) + len(self.unknown)


def is_page(path: str) -> bool:
    """Whether a file of the tree is the page of an article."""
    return path.endswith(".md") and path != HOME and not path.startswith("indexes/")


def removals(database: Database, changes: Iterable[Change]) -> Removals:
    """Return what changes would remove beyond what purges, withdrawals and moved indexes explain."""
    found = Removals([], [])
    for path in (change.path for change in changes if change.kind == "D"):
        page = path.removesuffix(".png")
        if page == HOME or page.startswith("indexes/"):
            if database.sections() if page == HOME else is_index(database, page):
                found.lost.append(path)
        elif article := article_of(database, page):
            place = database.place(article)
            if place is not None and place.home is None:
                found.lost.append(path)
        elif is_page(path) and not (_is_withdrawn(database, page) or was_here(database, page)):
            found.unknown.append(path)
    return found


def check_removals(found: Removals, standing: int, allowed: int) -> None:
    """Raise GitError if files are lost, or more of `standing` pages than a few of a hundred would
    go, unless up to `allowed` files may."""
    if found.total <= allowed:
        return
    if found.lost:
        raise GitError(
            f"nothing was published: {found.total} files that should be there by what the database "
            f"says are missing in the folder ({_named(found.lost)}). scrapy verify --repair writes "
            f"them again; to let them go: scrapy publish --allow-removals {found.total}"
        )
    if len(found.unknown) > max(_MIN_PAGES, _MAX_SHARE * standing):
        raise GitError(
            f"nothing was published: {len(found.unknown)} of {standing} pages would be removed that "
            f"the database does not know ({_named(found.unknown)}). To let them go: scrapy publish "
            f"--allow-removals {found.total}; else put them back into the folder, from a backup or "
            "with git restore, and run scrapy adopt"
        )


def article_of(database: Database, page: str) -> str:
    """Return the article whose page has a path, "" if none has."""
    for article in ARTICLE_RE.findall(page):
        place = database.place(article)
        if place and place.path == page:
            return str(article)
    return ""


def _is_withdrawn(database: Database, page: str) -> bool:
    query = select(frontier.c.article).where(
        frontier.c.state == WITHDRAWN, frontier.c.article.in_(ARTICLE_RE.findall(page))
    )
    return database.reading.scalar(query) is not None


def _named(paths: list[str]) -> str:
    more = ", ..." if len(paths) > _MAX_EXAMPLES else ""
    return ", ".join(sorted(paths)[:_MAX_EXAMPLES]) + more
