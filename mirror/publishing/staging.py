"""Bringing Git's index in line with a large folder without a look at each of its files.

A file is added, removed or replaced by its name, which gives the folder it is in another time. So a
folder that has the time of the last look holds the same files. What alone is not seen that way is what
was written into a file that kept its place: all files are looked at once a day.
"""

from __future__ import annotations

import json
import os
import re
import stat
import struct
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from mirror.errors import GitError
from mirror.pages.tree import TEMPORARY

if TYPE_CHECKING:
    from pathlib import Path

    from mirror.publishing.git import Git

_MIN_FILES = 10_000  # in the index, below which a look at all of them takes no time
_MAX_CHANGED_FOLDERS = 200  # of which Git is asked by name
_MAX_LISTED_FILES = 5000  # of a folder; more are left to Git to compare
_MAX_NEW_FILES = 1000  # more are better stored in one pack
_WHOLE_LOOK_SECONDS = 24 * 3600  # between two looks at all files
_SETTLED_NANOSECONDS = 1_000_000_000  # the age from which on the next change gives another time
_HEADER = struct.Struct(">4sLL")  # of the index: signature, version, number of files
_SPECIAL_RE, _ESCAPED = re.compile(r"[\\*?\[]"), r"\\\g<0>"  # in a pattern for names


class Staging:
    """One look at the folder of a repository."""

    def __init__(self, git: Git):
        self.git = git
        self.file = git.place / "mirror-folders.json"
        self.began = time.time_ns()
        self.known = self._read()  # by the last look
        self.whole = float(self.known.get("whole", 0))  # when all was looked at, seconds since 1970
        self.folders: dict[str, int] = {}  # their times, 0 for what may change without another one

    def take_over_changes(self) -> bool:
        """Bring the index in line with the folders that changed since the last look; return whether
        that is all there is to do, and no look at the whole is due."""
        age = self.began / 1e9 - self.whole
        if not 0 <= age < _WHOLE_LOOK_SECONDS or self.known.get("index") != self._identity():
            return False
        changed = self._changed()
        with suppress(GitError):  # something unusual: the look at the whole says what
            return len(changed) <= _MAX_CHANGED_FOLDERS and self._stage(changed)
        return False

    def remember(self, is_whole: bool) -> None:
        """Note that the index is in line with the folder, and what the folder was like."""
        if is_whole:
            self.whole = self.began / 1e9
            is_large = self._count() >= _MIN_FILES
            self.folders = dict(self._times("")) if is_large else {}
        if not self.folders:
            self.file.unlink(missing_ok=True)
            return
        told = {"whole": self.whole, "index": self._identity(), "folders": self.folders}
        new = self.file.with_suffix(".new")
        new.write_text(json.dumps(told))
        new.replace(self.file)

    def _read(self) -> dict[str, Any]:
        with suppress(OSError, ValueError):
            found = json.loads(self.file.read_text())
            return found if isinstance(found, dict) else {}
        return {}

    def _identity(self) -> list[list[int]]:
        """Return what differs if the index, or what Git is told to ignore, is not what it was."""
        top, place = self.git.folder, self.git.place
        return [_stamp(f) for f in (place / "index", top / ".gitignore", place / "info/exclude")]

    def _count(self) -> int:
        with (self.git.place / "index").open("rb") as index:
            return int(_HEADER.unpack(index.read(_HEADER.size))[2])

    def _times(self, folder: str) -> Iterator[tuple[str, int]]:
        """Yield a folder and all in it, each with its time."""
        yield folder, self._time(folder) or 0
        for inner in _entries(self.git.folder, folder)[1]:
            yield from self._times(inner)

    def _time(self, folder: str) -> int | None:
        """Return the time of a folder, 0 if it is so new that a change could leave it as it is; None if
        there is no such folder."""
        try:
            found = (self.git.folder / folder).lstat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        if not stat.S_ISDIR(found.st_mode):
            return None
        is_settled = found.st_mtime_ns < self.began - _SETTLED_NANOSECONDS
        return found.st_mtime_ns if is_settled else 0

    def _changed(self) -> dict[str, set[bytes] | None]:
        """Return the folders that may have changed, each with the paths of the files in it, or None
        for more of them than one cares to look at here."""
        before: dict[str, int] = self.known["folders"]
        changed: dict[str, set[bytes] | None] = {}
        waiting = list(before)
        while waiting:
            folder = waiting.pop()
            changed_at = self._time(folder)
            if changed_at is None:
                changed[folder] = set()
                continue
            self.folders[folder] = changed_at
            if changed_at == 0 or changed_at != before.get(folder):
                changed[folder], inner = _entries(self.git.folder, folder)
                waiting += [path for path in inner if path not in before]
        return changed

    def _stage(self, changed: dict[str, set[bytes] | None]) -> bool:
        """Take over the files of some folders that differ; return whether they were few enough."""
        paths: set[bytes] = set()
        for folder, there in changed.items():
            if there is None:
                kinds = ("--others", "--modified", "--deleted", "--exclude-standard")
                paths |= self._listed(*kinds, "--", _pattern(folder))
        if len(paths) > _MAX_NEW_FILES:
            return False
        few = {folder: there for folder, there in changed.items() if there is not None}
        if few:
            tracked = self._listed("--", *map(_pattern, few))
            there = set().union(*few.values())
            if len(there - tracked) > _MAX_NEW_FILES:
                return False
            paths |= (tracked | there) - self._ignored(there - tracked)
        command = ("update-index", "-z", "--add", "--remove", "--replace", "--stdin")
        if paths:
            self.git.local(*command, feed=[b"".join(path + b"\0" for path in sorted(paths))])
        return True

    def _listed(self, *what: str) -> set[bytes]:
        """Return what Git lists of files, without what is not published."""
        listed = self.git.local("ls-files", "-z", *what).split(b"\0")[:-1]
        return {path for path in listed if _is_published(path.rpartition(b"/")[2])}

    def _ignored(self, paths: Iterable[bytes]) -> set[bytes]:
        """Return which new files Git is told to ignore."""
        feed = [path + b"\0" for path in paths]
        command = ("check-ignore", "-z", "--stdin", "--no-index")
        return {*self.git.run(command, self.git.own, feed).out.split(b"\0")} if feed else set()


def _stamp(file: Path) -> list[int]:
    try:
        found = file.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [found.st_ino, found.st_mtime_ns, found.st_size]


def _entries(top: Path, folder: str) -> tuple[set[bytes] | None, list[str]]:
    """Return the paths of the files in a folder, those of repositories among them, or None if they are
    many; and those of its folders. Names that are not published are left out."""
    start = os.fsencode(_start(folder))
    with os.scandir(os.fsencode(top / folder)) as found:
        entries = list(found)
    inner = [e for e in entries if e.is_dir(follow_symlinks=False) and _is_published(e.name)]
    folders = [e.name for e in inner if not os.path.lexists(e.path + b"/.git")]
    below = [os.fsdecode(start + name) for name in folders]
    if len(entries) > _MAX_LISTED_FILES:
        return None, below
    names = {e.name for e in entries if e.is_file() or e.is_symlink() or e in inner}
    return {start + name for name in names.difference(folders) if _is_published(name)}, below


def _pattern(folder: str) -> str:
    """Return what stands for the files in a folder where Git takes patterns."""
    return f":(glob){_SPECIAL_RE.sub(_ESCAPED, _start(folder))}*"


def _start(folder: str) -> str:
    return f"{folder}/" if folder else ""


def _is_published(name: bytes) -> bool:
    return not name.startswith(b".") and not name.endswith(TEMPORARY.encode())
