"""The short pages at the old places of pages that were moved: they lead on, and are taken away in time.

They hold a relative link and words of characters that both scripts share, so they are the same at every home.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from urllib.parse import quote

from mirror.pages.tree import Tree
from mirror.store.database import Database
from mirror.store.signposts import expired, standing, take_away

_BEGINNING = "### 本文已移至新的地址\n"


def signpost(path: str, target: str) -> bytes:
    """Return the page at an old path that leads to another one."""
    link = quote(posixpath.relpath(target, posixpath.dirname(path)))
    return f"{_BEGINNING}------------------------\n\n[前往本文]({link})\n".encode()


def is_signpost(content: bytes) -> bool:
    """Whether a published file is such a page."""
    return content.startswith(_BEGINNING.encode())


def signpost_files(database: Database) -> Iterator[tuple[str, bytes]]:
    """Yield the path and content of each signpost that stands."""
    for post in standing(database):
        yield post.path, signpost(post.path, post.target)


def put_up(database: Database, tree: Tree) -> None:
    """Write the signposts that are to stand, in place of the pages that were there. Raises OSError."""
    posts = list(signpost_files(database))
    tree.write_all(posts)
    for path, _ in posts:
        tree.remove(f"{path}.png")


def take_down(database: Database, tree: Tree) -> None:
    """Remove the signposts whose time is over, unless that is in doubt, and those of pages that are
    gone. Raises OSError."""
    is_sure = database.clock.witnesses.is_believed
    paths = expired(database, database.clock.day.isoformat() if is_sure else "")
    for path in paths:
        tree.remove(f"{path}.png")
        tree.remove(path)
    if paths:
        take_away(database, paths)
