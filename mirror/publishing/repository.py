"""The repository of the published folder: commits, trees and references."""

from __future__ import annotations

import logging
import math
import os
import re
import time
from collections.abc import Iterable
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from mirror.config.page_paths import HOME
from mirror.errors import GitError
from mirror.pages.tree import TEMPORARY, sync_disk
from mirror.publishing import leftovers, mending
from mirror.publishing.git import Git
from mirror.publishing.staging import Staging

logger = logging.getLogger(__name__)

_MAX_LOOSE = 2000  # objects; each commit adds some large ones, the lists of long folders
_MAX_CANDIDATES = 40  # commits that are looked at for the one that HEAD was
_PUBLISHED = (".", ":(exclude,glob)**/.*", ":(exclude,glob)**/.*/**", f":(exclude)*{TEMPORARY}")
_MIN_FOR_PACK = 1000  # files that are better stored in one pack than one by one
_INTO_A_PACK = {  # Git does so with files that it takes for large
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "core.bigFileThreshold",
    "GIT_CONFIG_VALUE_0": "1",
}
_CHANGE_RE = re.compile(rb":(\d+) (\d+) (\w+) (\w+) ([A-Z])\0([^\0]+)\0")
_REGULAR = ("100644", "100755", "000000")


class Change(NamedTuple):
    """A file that differs between two trees: A(dded), M(odified) or D(eleted)."""

    kind: str
    mode: str
    was: str  # the blob in the older tree
    blob: str
    path: str


class Repository(Git):
    """What publishing does with Git, step by step."""

    _is_mended = False

    def __init__(self, folder: Path, name: str, email: str, ssh: str = ""):
        super().__init__(folder, name, email, ssh)
        self.completing = Lock()  # for who fetches what a shallow clone lacks

    def is_shallow(self) -> bool:
        """Whether the history was cut off when the repository was cloned."""
        return (self.place / "shallow").exists()

    def prepare(self, branch: str) -> None:
        """Make the repository if there is none, with this branch; mend what a killed git or a power
        failure left, and say so. Raises GitError."""
        if not self.place.exists():
            self.local("init", "--quiet", "--template=", f"--initial-branch={branch}")
            return
        if self.place.is_dir():
            went_down = mending.went_down(self.place)
            done = [*leftovers.clear(self.place), *mending.mend(self, branch)]
            self._report(done)
            if done or went_down:
                self.mend_objects()
            self._index_head()

    def mend_objects(self) -> bool:
        """Mend the objects themselves, which takes longer; say what was done, and whether any."""
        done = mending.mend_objects(self) if self.place.is_dir() else []
        self._report(done)
        self._is_mended = self._is_mended or bool(done)
        return bool(done)

    def sync(self) -> None:
        """Have references on the disk: a home must not know of what is lost here. Raises OSError."""
        sync_disk(str(self.place))

    def _report(self, done: list[str]) -> None:
        for what in done:
            logger.warning("%(folder)s: %(what)s", {"folder": self.folder, "what": what})

    # ---- commits

    def snapshot(self) -> tuple[str, str]:
        """Take over the folder as `stage` does; return the tree and the commit that HEAD is at, "" if
        there is none yet. If a power failure took that commit, it is the one nearest to the tree."""
        tree, head = self.stage(), self.find("HEAD^{commit}")
        if head and not (self._is_mended and not self.is_complete(head)):
            return tree, head
        if head := next(filter(self.is_complete, self._nearest(tree)), ""):
            logger.warning(
                "%(folder)s: HEAD is %(head)s now", {"folder": self.folder, "head": head}
            )
            self.update({"HEAD": head})
            (self.place / "index").unlink(missing_ok=True)
            self._index_head()
            tree = self.stage()
        return tree, head

    def _index_head(self) -> None:
        """Make the index from HEAD if there is none, so that what is published though its name begins
        with a dot stays."""
        if not (self.place / "index").exists() and self.find("HEAD^{commit}"):
            self.run(("read-tree", "HEAD"), self.own)

    def stage(self) -> str:
        """Take over the folder as it is, without dot-names and half-written files, and return the
        tree. Raises GitError if that would publish a link, or not the home page."""
        staging = Staging(self)
        is_done = not self._is_mended and staging.take_over_changes()
        if not is_done:
            self.stage_all()
        tree = self.text("write-tree")
        if (self.folder / HOME).exists() and not self.find(f"{tree}:{HOME}"):
            raise GitError(f"{self.folder / HOME} is ignored by Git: see .gitignore in that folder")
        staging.remember(is_whole=not is_done)
        return tree

    def stage_all(self) -> None:
        """Take over every file of the folder that is published."""
        kinds = ("--others", "--modified", "--deleted")
        count = self.local("ls-files", "-z", *kinds, "--", *_PUBLISHED).count(b"\0")
        more = _INTO_A_PACK if count > _MIN_FOR_PACK else {}
        self.local("add", "--all", "--", *_PUBLISHED, more=more)

    def changes(self, old: str, new: str) -> list[Change]:
        """Return the files that differ between two trees or commits; "" is the empty tree."""
        empty = "" if old and new else self.text("hash-object", "-t", "tree", os.devnull)
        out = self.local(
            "diff-tree",
            "-r",
            "-z",
            "--raw",
            "--no-abbrev",
            "--no-renames",
            old or empty,
            new or empty,
        )
        found = (match.groups() for match in _CHANGE_RE.finditer(out))
        changes = [
            Change(kind.decode(), mode.decode(), was.decode(), blob.decode(), os.fsdecode(path))
            for _, mode, was, blob, kind, path in found
        ]
        if links := [change.path for change in changes if change.mode not in _REGULAR]:
            raise GitError(
                f"Not published: {', '.join(links[:3])} in {self.folder}: a symbolic link, which "
                "would show readers a path on this machine, or a repository of its own; remove it"
            )
        return changes

    def commit(self, tree: str, parent: str, message: str) -> str:
        """Make a commit of a tree, dated now in UTC; return it. No parent: the first."""
        above = ("-p", parent) if parent else ()
        now = {"GIT_AUTHOR_DATE": _now(), "GIT_COMMITTER_DATE": _now()}
        command, feed = ("commit-tree", tree, *above, "-F", "-"), [message.encode()]
        return self.local(*command, feed=feed, more=now).decode().strip()

    def import_tree(self, base: str, files: Iterable[tuple[str, str, bytes | None]]) -> str:
        """Return the tree of a commit or tree with files put into it, each as path, blob and, if the
        blob is "", content; content None removes the file. No base: the empty tree."""
        ref = "refs/mirror-import"
        self.local("fast-import", "--quiet", "--force", "--done", feed=_stream(ref, base, files))
        tree = self.tree(ref)
        self.local("update-ref", "-d", ref)
        return tree

    def is_complete(self, commit: str) -> bool:
        """Whether all that a commit's tree holds is there."""
        command = ("rev-list", "--objects", "--missing=print", "--max-count=1", commit)
        done = self.run(command, self.own)
        return done.status == 0 and b"\n?" not in done.out

    def _nearest(self, tree: str) -> list[str]:
        """Return the newest commits, those with the fewest files other than in a tree first; among
        equals the newest."""
        every = ("cat-file", "--batch-all-objects", "--batch-check=%(objecttype) %(objectname)")
        listed = (row.split() for row in self.text(*every).splitlines())
        feed = [f"{name}\n".encode() for kind, name in listed if kind == "commit"]
        if not feed:
            return []
        command = ("log", "--no-walk=unsorted", "--stdin", "--format=%ct %H")
        shown = self.local(*command, feed=feed).decode().splitlines()
        newest = sorted((row.split() for row in shown), reverse=True)[:_MAX_CANDIDATES]
        return sorted((commit for _, commit in newest), key=lambda c: self._distance(c, tree))

    def _distance(self, commit: str, tree: str) -> float:
        """Return in how many files a commit differs from a tree; endless if that cannot be said."""
        try:
            return len(self.changes(commit, tree))
        except GitError:
            return math.inf

    def size(self, older: str = "", newer: str = "") -> int:
        """Return the bytes on disk of what a commit has and an older one has not, or of all."""
        if newer:
            without = [f"^{older}"] if older else []
            return int(self.text("rev-list", "--objects", "--disk-usage", newer, *without))
        counts = dict(re.findall(r"(\S+): (\d+)", self.text("count-objects", "-v")))
        return (int(counts["size"]) + int(counts["size-pack"])) * 1024

    def tidy(self) -> None:
        """Pack what has accumulated; if that fails nothing is lost, and the next run tries again."""
        self.run(("-c", f"gc.auto={_MAX_LOOSE}", "gc", "--auto", "--quiet"), self.own)

    # ---- references

    def find(self, name: str) -> str:
        """Return the object that a name stands for, "" if there is none."""
        done = self.run(("rev-parse", "--verify", "--quiet", name), self.own)
        return done.out.decode().strip() if done.status == 0 else ""

    def tree(self, commit: str) -> str:
        """Return the tree of a commit."""
        return self.text("rev-parse", f"{commit}^{{tree}}")

    def paths(self, commit: str) -> list[str]:
        """Return the paths of all files of a commit, none for ""."""
        if not commit:
            return []
        out = self.local("ls-tree", "-r", "-z", "--name-only", commit)
        return [os.fsdecode(path) for path in out.split(b"\0")[:-1]]

    def references(self, prefix: str) -> list[str]:
        """Return the names of the references below a prefix."""
        return self.text("for-each-ref", "--format=%(refname)", prefix).split()

    def update(self, references: dict[str, str]) -> None:
        """Set references all at once; "" deletes one."""
        if not references:
            return
        lines = (
            f"update {name}\0{target}\0\0" if target else f"delete {name}\0\0"
            for name, target in references.items()
        )
        self.local("update-ref", "-z", "--stdin", feed=[line.encode() for line in lines])

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Whether a commit is in the history of another, or the same; no if it is unknown."""
        done = self.run(("merge-base", "--is-ancestor", older, newer), self.own)
        return done.status == 0

    def count_between(self, older: str, newer: str) -> int | None:
        """Return how many commits of a history came after one of them; None if it is not in it."""
        if not self.is_ancestor(older, newer):
            return None
        return int(self.text("rev-list", "--count", f"{older}..{newer}"))


def _stream(ref: str, base: str, files: Iterable[tuple[str, str, bytes | None]]) -> Iterable[bytes]:
    """Yield a commit as git-fast-import(1) reads it; only its tree is used."""
    yield f"feature done\ncommit {ref}\ncommitter x <x> 0 +0000\ndata 0\n".encode()
    if base:
        yield f"M 040000 {base} \n".encode()
    for path, blob, content in files:
        name = _quoted(path)
        if blob:
            yield b"M 100644 " + blob.encode() + b" " + name + b"\n"
        elif content is None:
            yield b"D " + name + b"\n"
        else:
            yield b"M 100644 inline " + name + f"\ndata {len(content)}\n".encode() + content + b"\n"
    yield b"done\n"


def _quoted(path: str) -> bytes:
    plain = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return b'"' + os.fsencode(plain) + b'"'


def _now() -> str:
    return f"{int(time.time())} +0000"
