"""The git program, on the repository whose work tree is the published folder.

Two ways to run it: `local` knows nothing of the operator's configuration, hooks or identity, so that
none of it gets into a commit; `remote` takes credentials from where the operator's Git has them.
"""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from threading import Timer, current_thread, main_thread
from types import FrameType
from typing import BinaryIO, NamedTuple

from mirror.errors import ArgumentError, GitError

_OLDEST_VERSION = (2, 32)  # the first to know GIT_CONFIG_GLOBAL
_GRACE_SECONDS = 2  # between asking a process to end and killing it
_ALWAYS = (  # over any configuration
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.fileMode=false",
    "core.autocrlf=false",
    "core.safecrlf=false",
    "core.excludesFile=/dev/null",
    "core.attributesFile=/dev/null",
    "i18n.commitEncoding=UTF-8",
    "core.logAllRefUpdates=false",
    "core.fsync=all",  # the index and references, too: XFS leaves them empty after a power failure
    "core.fsyncMethod=batch",
    "index.skipHash=false",  # it tells a torn index from a whole one
    "gc.autoDetach=false",
    "push.gpgSign=false",
    "push.followTags=false",
    "push.recurseSubmodules=no",
)
# Of another repository, if this is run from a hook of it; and traces, which show secrets.
_UNWANTED_RE = re.compile(
    "GIT_(DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|NAMESPACE|PREFIX|OBJECT_DIRECTORY|SHALLOW_FILE"
    "|ALTERNATE_OBJECT_DIRECTORIES|TRACE.*|CURL_VERBOSE)$"
)


class Done(NamedTuple):
    """What came of a git command; `status` is None if it was ended for taking too long."""

    status: int | None
    out: bytes
    err: str


def check_git() -> None:
    """Raise ArgumentError unless there is a git program that is new enough."""
    allowed = f"needs the git program, {'.'.join(map(str, _OLDEST_VERSION))} or later"
    try:
        done = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        raise ArgumentError("git", "not found", allowed) from None
    version = tuple(map(int, re.findall(r"\d+", done.stdout)[:2]))
    if version < _OLDEST_VERSION:
        raise ArgumentError("git", done.stdout.strip(), allowed)


class Git:
    """Runs git on the repository in a folder; never on one that the folder lies in."""

    def __init__(self, folder: Path, name: str, email: str, ssh: str = ""):
        """`name` and `email` sign commits, as author and committer; `ssh` is the command by which remotes
        are reached, "": the operator's own."""
        self.ssh = ssh
        self.folder = folder.resolve()
        self.place = self.folder / ".git"
        place = {"GIT_DIR": str(self.place), "LC_ALL": "C", "TZ": "UTC"}
        who = {
            f"GIT_{role}_{what}": value
            for role in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", name), ("EMAIL", email))
        }
        none = {
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_WORK_TREE": str(self.folder),
        }
        bare = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        self.own = bare | place | who | none
        theirs = {name: value for name, value in os.environ.items() if not _UNWANTED_RE.match(name)}
        self.theirs = theirs | place | {"GIT_TERMINAL_PROMPT": "0", "SSH_ASKPASS_REQUIRE": "never"}
        self._running: set[subprocess.Popen[bytes]] = set()
        self._stopped: set[subprocess.Popen[bytes]] = set()
        self._is_stopped = False

    @contextmanager
    def ended_by_signals(self) -> Iterator[None]:
        """Have SIGINT and SIGTERM end what git is doing, with all that it started, and then go to
        whoever waits for them. What is run after the first raises GitError."""
        if current_thread() is not main_thread():
            yield
            return
        caught: list[int] = []

        def end(number: int, _frame: FrameType | None) -> None:
            self.stop(signal.SIGKILL if caught else signal.SIGTERM)
            caught.append(number)

        before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            if caught:
                self.stop(signal.SIGKILL)
                signal.raise_signal(caught[0])

    def stop(self, number: signal.Signals) -> None:
        """End what is running, in order or at once, and run nothing more."""
        self._is_stopped = True
        self._stopped |= self._running
        for process in list(self._stopped):  # of what has ended, too: its children may run on
            _signal_all(process, number)
            if number != signal.SIGKILL:
                killer = Timer(_GRACE_SECONDS, _signal_all, (process, signal.SIGKILL))
                killer.daemon = True
                killer.start()

    def text(self, *command: str) -> str:
        """Run a local command and return what it writes, as text."""
        return self.local(*command).decode().strip()

    def local(
        self, *command: str, feed: Iterable[bytes] = (), more: dict[str, str] | None = None
    ) -> bytes:
        """Run a command that stays on this machine; return what it writes. Raises GitError."""
        done = self.run(command, self.own | (more or {}), feed)
        if done.status:
            raise GitError(f"git {command[0]} in {self.folder}: {done.err or done.status}")
        return done.out

    def remote(self, *command: str, timeout: float) -> Done:
        """Run a command that talks to a remote, with the operator's credentials and without asking
        anything; ends it, with all that it started, after `timeout` seconds."""
        return self.run(command, self.theirs | self._ssh(), timeout=timeout)

    def _ssh(self) -> dict[str, str]:
        """Return what makes ssh fail where it would ask, and keeps the operator's own command."""
        theirs = self.theirs.get("GIT_SSH_COMMAND") or self.ssh
        if not theirs and "GIT_SSH" not in self.theirs:
            done = self.run(("config", "--get", "core.sshCommand"), self.theirs)
            theirs = done.out.decode().strip() or "ssh"
        return {"GIT_SSH_COMMAND": f"{theirs} -o BatchMode=yes"} if theirs else {}

    def run(
        self,
        command: tuple[str, ...],
        environment: dict[str, str],
        feed: Iterable[bytes] = (),
        timeout: float | None = None,
    ) -> Done:
        """Run a command, with `feed` as its input, and end it after `timeout` seconds if given.
        Raises GitError if it was stopped by a signal."""
        settings = [part for setting in _ALWAYS for part in ("-c", setting)]
        where = self.folder if "GIT_WORK_TREE" in environment else None
        if self._is_stopped:
            raise GitError("stopped")
        # No pipes: what a process leaves running could hold one open for ever.
        with _scratch() as out, _scratch() as err:
            process = subprocess.Popen(
                ["git", *settings, *command],
                env=environment,
                cwd=where,
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
            self._running.add(process)
            try:
                _feed(process, feed)
                status: int | None = process.wait(timeout)
            except subprocess.TimeoutExpired:
                status = None
            finally:
                if process.returncode is None:
                    _end(process)
                self._running.discard(process)
            if self._is_stopped:
                raise GitError("stopped")
            out.seek(0), err.seek(0)
            return Done(status, out.read(), err.read().decode("utf-8", "replace").strip())


def _scratch() -> BinaryIO:
    """Return a file without a name, in memory where the system has that: /tmp may be read-only."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("git"), "w+b")
    return TemporaryFile()


def _feed(process: subprocess.Popen[bytes], feed: Iterable[bytes]) -> None:
    pipe = process.stdin or io.BytesIO()
    with suppress(BrokenPipeError):  # it ended early; its status and message say why
        for part in feed:
            pipe.write(part)
    with suppress(BrokenPipeError):
        pipe.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        _signal_all(process, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE_SECONDS if number == signal.SIGTERM else None)


def _signal_all(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Send a signal to a process and all that it started; after its end, too, these may run on."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)
