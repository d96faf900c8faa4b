"""The published files: where a page lies, what its address is, and writing it whole or not at all."""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mirror.config.page_paths import HOME

if TYPE_CHECKING:
    from mirror.items import ArticleItem

TEMPORARY = ".mirror-tmp"  # the ending of a file that is being written
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _NO_LINK
_MAX_SINGLE_SYNCS = 8  # files that are synced one by one
_syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)  # of Linux


class Size(NamedTuple):
    """How many articles' pages a tree has, and how many bytes all its files."""

    pages: int
    bytes: int


def page_files(item: ArticleItem) -> list[tuple[str, bytes]]:
    """Return path and content of an article's files, in the order of writing: no page stands there
    without its QR code."""
    return [(f"{item.path}.png", item.qr or b""), (item.path, item.page.encode())]


class Tree:
    """The folder that is published."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.inside: set[str] = set()  # folders known to lie in the tree

    def _check(self, path: str) -> None:
        """Raise PermissionError if a symbolic link leads to a file out of the tree."""
        folder = path.rpartition("/")[0]
        if folder not in self.inside:
            found = (self.folder / folder).resolve()
            if not found.is_relative_to(self.folder.resolve()):
                raise PermissionError(
                    f"{self.folder / folder} leads out of {self.folder}, to {found}: "
                    "remove this symbolic link"
                )
            self.inside.add(folder)

    def write(self, path: str, content: bytes) -> bool:
        """Write one file; see `write_all`."""
        return bool(self.write_all([(path, content)]))

    def write_all(self, files: Iterable[tuple[str, bytes]]) -> int:
        """Write files that differ under their names, in order; return how many do.

        All are on the disk before the first gets its name, so none is ever half, whatever fails.
        Raises OSError; then those that have no new name yet are as they were.
        """
        staged: list[str] = []
        try:
            for path, content in files:
                if self.read(path) != content:
                    staged.append(self._stage(path, content))
            _sync(staged)
            count = len(staged)
            while staged:
                os.replace(staged[0], staged[0].removesuffix(TEMPORARY))
                del staged[0]
        finally:
            for file in staged:
                Path(file).unlink(missing_ok=True)
        return count

    def _stage(self, path: str, content: bytes) -> str:
        """Write a file under its temporary name and return that."""
        file = f"{self.folder}/{path}{TEMPORARY}"
        try:
            try:
                handle = os.open(file, _NEW, 0o666)
            except FileNotFoundError:
                Path(file).parent.mkdir(parents=True, exist_ok=True)
                handle = os.open(file, _NEW, 0o666)
            with open(handle, "wb", buffering=0) as out:
                while content:
                    content = content[out.write(content) :]
        except OSError:
            Path(file).unlink(missing_ok=True)
            raise
        return file

    def read(self, path: str) -> bytes | None:
        """Return a file's content, None if there is none, or a symbolic link in its place."""
        self._check(path)
        try:
            with open(f"{self.folder}/{path}", "rb", buffering=0, opener=_open) as file:
                return file.readall()
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.ELOOP):
                return None
            raise

    def remove(self, path: str) -> bool:
        """Remove a file, and the folders that it leaves empty; tell whether it was there.

        Raises OSError.
        """
        file = self.folder / path
        if self.read(path) is None:
            return False
        file.unlink()
        for folder in file.relative_to(self.folder).parents[:-1]:
            if any((self.folder / folder).iterdir()):
                break
            (self.folder / folder).rmdir()
        return True

    def files(self) -> Iterator[str]:
        """Yield the paths of all files that are published, folder by folder; none of Git's own."""
        for folder, folders, names in os.walk(self.folder):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            here = Path(folder).relative_to(self.folder)
            yield from (str(here / name) for name in sorted(names) if not name.startswith("."))

    def size(self) -> Size:
        """Return how much is published."""
        pages = size = 0
        for path in self.files():
            pages += path.endswith(".md") and path != HOME and not path.startswith("indexes/")
            size += (self.folder / path).stat().st_size
        return Size(pages, size)

    def sweep(self) -> int:
        """Remove what a killed run left half-written; return how many files."""
        left = list(self.folder.rglob(f"*{TEMPORARY}"))
        for file in left:
            file.unlink()
        return len(left)


def _open(file: str, flags: int) -> int:
    return os.open(file, flags | _NO_LINK)


def sync_disk(file: str) -> None:
    """Have all that waits for a file's disk written, the names of files among it. Raises OSError."""
    if not _syncfs:
        os.sync()
        return
    handle = os.open(file, os.O_RDONLY)
    try:
        if _syncfs(handle):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), file)
    finally:
        os.close(handle)


def _sync(files: list[str]) -> None:
    """Have files on the disk: a few one by one, many with all else that waits for their disk."""
    if len(files) > _MAX_SINGLE_SYNCS and _syncfs:
        sync_disk(files[0])
        return
    for file in files:
        handle = os.open(file, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
