"""The git program, on the repository whose work tree is the published folder.

Two ways to run it: `local` knows nothing of the operator's configuration, hooks or identity, so that
none of it gets into a commit; `remote` takes credentials from where the operator's Git has them.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import NamedTuple

from mirror.errors import ArgumentError, GitError
from mirror.tree import HOME, TEMPORARY

_OLDEST = (2, 32)  # the first to know GIT_CONFIG_GLOBAL
_STALE = 600  # seconds after which a lock file was left behind by a process that was killed
_LOOSE = 2000  # objects; each commit adds some large ones, the lists of long folders
_GRACE = 2  # seconds between asking a process to end and killing it
_ALWAYS = (  # over any configuration
    "core.hooksPath=/dev/null", "core.fsmonitor=false", "core.fileMode=false",
    "core.autocrlf=false", "core.safecrlf=false", "core.excludesFile=/dev/null",
    "core.attributesFile=/dev/null", "i18n.commitEncoding=UTF-8", "core.logAllRefUpdates=false",
    "core.fsync=committed", "core.fsyncMethod=batch", "gc.autoDetach=false",
    "push.gpgSign=false", "push.followTags=false", "push.recurseSubmodules=no",
)  # fmt: skip
_PLACES = (  # of another repository, if this is run from a hook of it
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_PREFIX",
    "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_SHALLOW_FILE",
)  # fmt: skip
_PUBLISHED = (".", ":(exclude,glob)**/.*", ":(exclude,glob)**/.*/**", f":(exclude)*{TEMPORARY}")
_MANY = 1000  # files that are better stored in one pack than one by one
_INTO_A_PACK = {  # Git does so with files that it takes for large
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "core.bigFileThreshold",
    "GIT_CONFIG_VALUE_0": "1",
}
_CHANGE_RE = re.compile(rb":(\d+) (\d+) (\w+) (\w+) ([A-Z])\0([^\0]+)\0")
_REGULAR = ("100644", "100755", "000000")


class Done(NamedTuple):
    """What came of a git command; `status` is None if it was ended for taking too long."""

    status: int | None
    out: bytes
    err: str


class Change(NamedTuple):
    """A file that differs between two trees: A(dded), M(odified) or D(eleted)."""

    kind: str
    mode: str
    was: str  # the blob in the older tree
    blob: str
    path: str


def check_git() -> None:
    """Raise ArgumentError unless there is a git program that is new enough."""
    allowed = f"needs the git program, {'.'.join(map(str, _OLDEST))} or later"
    try:
        done = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        raise ArgumentError("git", "not found", allowed) from None
    version = tuple(map(int, re.findall(r"\d+", done.stdout)[:2]))
    if version < _OLDEST:
        raise ArgumentError("git", done.stdout.strip(), allowed)


class Repository:
    """The repository in a folder; never one that the folder lies in."""

    def __init__(self, folder: Path, name: str, email: str):
        """`name` and `email` sign commits, as author and committer."""
        self.folder = folder.resolve()
        self.git = self.folder / ".git"
        place = {"GIT_DIR": str(self.git), "LC_ALL": "C", "TZ": "UTC"}
        who = {
            f"GIT_{role}_{what}": value
            for role in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", name), ("EMAIL", email))
        }
        none = {
            "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_ATTR_NOSYSTEM": "1",
            "GIT_WORK_TREE": str(self.folder),
        }  # fmt: skip
        bare = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        self.own = bare | place | who | none
        theirs = {name: value for name, value in os.environ.items() if name not in _PLACES}
        self.theirs = theirs | place | {"GIT_TERMINAL_PROMPT": "0", "SSH_ASKPASS_REQUIRE": "never"}

    def prepare(self, branch: str) -> None:
        """Make the repository if there is none, with this branch; clear what a killed git left."""
        if not self.git.exists():
            self.local("init", "--quiet", "--template=", f"--initial-branch={branch}")
        for lock in [*self.git.glob("*.lock"), *self.git.glob("refs/**/*.lock")]:
            if time.time() - lock.stat().st_mtime > _STALE:
                lock.unlink(missing_ok=True)

    # ---- commits

    def stage(self) -> str:
        """Take over the folder as it is, without dot-names and half-written files, and return the
        tree. Raises GitError if that would publish a link, or not the home page."""
        kinds = ("--others", "--modified", "--deleted")
        count = self.local("ls-files", "-z", *kinds, "--", *_PUBLISHED).count(b"\0")
        self.local("add", "--all", "--", *_PUBLISHED, more=_INTO_A_PACK if count > _MANY else {})
        if (self.folder / HOME).exists() and not self.local("ls-files", "--", HOME):
            raise GitError(f"{self.folder / HOME} is ignored by Git: see .gitignore in that folder")
        return self.text("write-tree")

    def changes(self, old: str, new: str) -> list[Change]:
        """Return the files that differ between two trees or commits; "" is the empty tree."""
        empty = "" if old and new else self.text("hash-object", "-t", "tree", os.devnull)
        out = self.local(
            "diff-tree", "-r", "-z", "--raw", "--no-abbrev", "--no-renames", old or empty, new or empty
        )  # fmt: skip
        found = (match.groups() for match in _CHANGE_RE.finditer(out))
        changes = [
            Change(kind.decode(), mode.decode(), was.decode(), blob.decode(), os.fsdecode(path))
            for _, mode, was, blob, kind, path in found
        ]
        if links := [change.path for change in changes if change.mode not in _REGULAR]:
            raise GitError(
                f"Not published: {', '.join(links[:3])} in {self.folder}: a link or a repository of "
                "its own, which would show where it leads; remove it"
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

    def size(self, older: str = "", newer: str = "") -> int:
        """Return the bytes on disk of what a commit has and an older one has not, or of all."""
        if newer:
            without = [f"^{older}"] if older else []
            return int(self.text("rev-list", "--objects", "--disk-usage", newer, *without))
        counts = dict(re.findall(r"(\S+): (\d+)", self.text("count-objects", "-v")))
        return (int(counts["size"]) + int(counts["size-pack"])) * 1024

    def tidy(self) -> None:
        """Pack what has accumulated; if that fails nothing is lost, and the next run tries again."""
        self._run(("-c", f"gc.auto={_LOOSE}", "gc", "--auto", "--quiet"), self.own)

    # ---- references

    def find(self, name: str) -> str:
        """Return the object that a name stands for, "" if there is none."""
        done = self._run(("rev-parse", "--verify", "--quiet", name), self.own)
        return done.out.decode().strip() if done.status == 0 else ""

    def tree(self, commit: str) -> str:
        """Return the tree of a commit."""
        return self.text("rev-parse", f"{commit}^{{tree}}")

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
        done = self._run(("merge-base", "--is-ancestor", older, newer), self.own)
        return done.status == 0

    # ---- running

    def text(self, *command: str) -> str:
        """Run a local command and return what it writes, as text."""
        return self.local(*command).decode().strip()

    def local(
        self, *command: str, feed: Iterable[bytes] = (), more: dict[str, str] | None = None
    ) -> bytes:
        """Run a command that stays on this machine; return what it writes. Raises GitError."""
        done = self._run(command, self.own | (more or {}), feed)
        if done.status:
            raise GitError(f"git {command[0]} in {self.folder}: {done.err or done.status}")
        return done.out

    def remote(self, *command: str, timeout: float) -> Done:
        """Run a command that talks to a remote, with the operator's credentials and without asking
        anything; ends it, with all that it started, after `timeout` seconds."""
        return self._run(command, self.theirs | self._ssh(), timeout=timeout)

    def _ssh(self) -> dict[str, str]:
        """Return what makes ssh fail where it would ask, and keeps the operator's own command."""
        theirs = self.theirs.get("GIT_SSH_COMMAND")
        if not theirs and "GIT_SSH" not in self.theirs:
            done = self._run(("config", "--get", "core.sshCommand"), self.theirs)
            theirs = done.out.decode().strip() or "ssh"
        return {"GIT_SSH_COMMAND": f"{theirs} -o BatchMode=yes"} if theirs else {}

    def _run(
        self, command: tuple[str, ...], environment: dict[str, str], feed: Iterable[bytes] = (),
        timeout: float | None = None,
    ) -> Done:  # fmt: skip
        settings = [part for setting in _ALWAYS for part in ("-c", setting)]
        where = self.folder if "GIT_WORK_TREE" in environment else None
        # Files, not pipes: what a process leaves running could hold a pipe open for ever.
        with TemporaryFile() as out, TemporaryFile() as err:
            process = subprocess.Popen(
                ["git", *settings, *command], env=environment, cwd=where, stdin=subprocess.PIPE,
                stdout=out, stderr=err, start_new_session=True,
            )  # fmt: skip
            try:
                _feed(process, feed)
                status = process.wait(timeout)
            except subprocess.TimeoutExpired:
                status = None
            finally:
                if process.returncode is None:
                    _end(process)
            out.seek(0), err.seek(0)
            return Done(status, out.read(), err.read().decode("utf-8", "replace").strip())


def _feed(process: subprocess.Popen[bytes], feed: Iterable[bytes]) -> None:
    with suppress(BrokenPipeError):  # it ended early; its status and message say why
        for part in feed:
            process.stdin.write(part)
    with suppress(BrokenPipeError):
        process.stdin.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE if number == signal.SIGTERM else None)


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
