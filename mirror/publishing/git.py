"""The git program, on the repository whose work tree is the published folder.

Two ways to run it: `local` knows nothing of the operator's configuration, hooks or identity, so that
none of it gets into a commit; `remote` takes credentials from where the operator's Git has them.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import NamedTuple

from mirror.errors import ArgumentError, GitError

_OLDEST = (2, 32)  # the first to know GIT_CONFIG_GLOBAL
_GRACE = 2  # seconds between asking a process to end and killing it
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
    "core.fsync=committed",
    "core.fsyncMethod=batch",
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
    allowed = f"needs the git program, {'.'.join(map(str, _OLDEST))} or later"
    try:
        done = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        raise ArgumentError("git", "not found", allowed) from None
    version = tuple(map(int, re.findall(r"\d+", done.stdout)[:2]))
    if version < _OLDEST:
        raise ArgumentError("git", done.stdout.strip(), allowed)


class Git:
    """Runs git on the repository in a folder; never on one that the folder lies in."""

    def __init__(self, folder: Path, name: str, email: str):
        """`name` and `email` sign commits, as author and committer."""
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
        theirs = self.theirs.get("GIT_SSH_COMMAND")
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
        """Run a command, with `feed` as its input, and end it after `timeout` seconds if given."""
        settings = [part for setting in _ALWAYS for part in ("-c", setting)]
        where = self.folder if "GIT_WORK_TREE" in environment else None
        # Files, not pipes: what a process leaves running could hold a pipe open for ever.
        with TemporaryFile() as out, TemporaryFile() as err:
            process = subprocess.Popen(
                ["git", *settings, *command],
                env=environment,
                cwd=where,
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
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
