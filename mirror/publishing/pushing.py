"""Bringing commits to remotes: all at once, each within its time, none by force."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from mirror.config.homes import local_folder
from mirror.errors import GitError, without_secrets

if TYPE_CHECKING:
    from mirror.config.homes import Home
    from mirror.publishing.git import Done
    from mirror.publishing.repository import Repository

MAX_PUSH_BYTES = 1_500_000_000  # GitHub refuses more than 2 GB
_ANSWER_SECONDS = 60  # for a remote to say what it has
_MAX_CHARACTERS = 2000  # of what a remote says
# Lines of a host that say what it does not take, and what to do: the last to be cut off.
_REASON_RE = re.compile(r"\bGH\d{3}\b|https?://|\bFile \S|\bpath: |\bcommit: |\berror: |!")
_RULE_RE = re.compile(r"[—─━═]{2,}|[-_=]{4,}")
_NOISE_RE = re.compile(
    r"(Enumerating|Counting|Compressing|Writing|Resolving|Delta compression|Total )|[\W_]*$"
)
_REJECTED_RE = re.compile(r"^!\t[^\t]*\t(.*)$", re.MULTILINE)  # of git push --porcelain
_BEHIND = ("(fetch first)", "(non-fast-forward)", "(needs force)")


class Push(NamedTuple):
    """What a home is to have: a commit, and the reference that holds it here."""

    home: Home
    reference: str
    commit: str


class Pushed(NamedTuple):
    """What came of a push; the message is for the operator."""

    name: str
    is_taken: bool
    message: str


def push_all(
    repository: Repository, pushes: list[Push], timeout: int, most: int = MAX_PUSH_BYTES
) -> list[Pushed]:
    """Push side by side, each part of up to `most` bytes within `timeout` seconds."""
    if not pushes:
        return []
    with ThreadPoolExecutor(len(pushes)) as pool:
        homes = [push.home for push in pushes]
        return list(pool.map(lambda push: _push(repository, push, homes, timeout, most), pushes))


def _push(repository: Repository, push: Push, homes: list[Home], timeout: int, most: int) -> Pushed:
    name, remote, branch = push.home.name, push.home.remote, f"refs/heads/{push.home.branch}"
    try:
        there = _there(repository, remote, branch, min(timeout, _ANSWER_SECONDS))
        if there == push.commit:
            return Pushed(name, True, "has it all")
        if repository.is_shallow() and not repository.is_ancestor(there, push.commit):
            _complete_history(repository, homes, timeout)
        if there and not repository.is_ancestor(there, push.commit):
            return Pushed(name, False, _moved_on(repository, push))
        repository.sync()
        for part in _parts(repository, there, push.commit, most):
            command = ("push", "--porcelain", "--no-verify", "--", remote, f"{part}:{branch}")
            done = repository.remote(*command, timeout=timeout)
            if any(word in done.out.decode("utf-8", "replace") for word in _BEHIND):
                return Pushed(name, False, _moved_on(repository, push))
            _check(done, timeout)
        return Pushed(name, True, f"took {push.commit[:10]}")
    except GitError as error:
        return Pushed(
            name, False, f"{error}; the next run tries again, with all that is missing there"
        )


def known_there(repository: Repository, home: Home, timeout: int) -> str:
    """Return the commit that a home is at, "" if it is not in this repository or cannot be had."""
    with suppress(GitError):
        there = _there(
            repository, home.remote, f"refs/heads/{home.branch}", min(timeout, _ANSWER_SECONDS)
        )
        return repository.find(f"{there}^{{commit}}") if there else ""
    return ""


def _there(repository: Repository, remote: str, branch: str, timeout: int) -> str:
    """Return the commit that a remote's branch is at, "" if there is no such branch."""
    done = repository.remote("ls-remote", "--", remote, branch, timeout=timeout)
    _check(done, timeout)
    rows = (line.split("\t") for line in done.out.decode("utf-8", "replace").splitlines())
    return next((commit for commit, name in rows if name == branch), "")


def _check(done: Done, timeout: int) -> None:
    """Raise GitError, with what the remote says, unless a command succeeded."""
    if done.status is None:
        raise GitError(f"no answer within {timeout} seconds")
    if done.status:
        rejected = _REJECTED_RE.findall(done.out.decode("utf-8", "replace"))
        said = _in_one_line([*rejected, *done.err.splitlines()])
        raise GitError(f"refused or not reached: {said or f'status {done.status}'}")


def _in_one_line(lines: list[str]) -> str:
    """Return what a remote says without rules, progress, secrets and control characters; if it is
    long, what says the reason comes first.

    >>> _in_one_line(["remote: error: File a.md is 120.00 MB", "remote: ———", "error: failed"])
    'error: File a.md is 120.00 MB error: failed'
    """
    plain = (_RULE_RE.sub("", line.removeprefix("remote:")).strip() for line in lines)
    told = [without_secrets(line) for line in plain if not _NOISE_RE.match(line)]
    if sum(map(len, told)) > _MAX_CHARACTERS:
        told.sort(key=lambda line: not _REASON_RE.search(line))
    shown = " ".join(dict.fromkeys(told))[:_MAX_CHARACTERS]
    return "".join(c if c.isprintable() else " " for c in shown)


def _complete_history(repository: Repository, homes: list[Home], timeout: int) -> None:
    """Fetch the history that a shallow clone lacks, from a home that has it: it cannot be pushed
    to any other without. Raises GitError."""
    with repository.completing:
        for home in homes:
            if not repository.is_shallow():
                return
            command = ("fetch", "--unshallow", "--no-tags", "--", home.remote, home.branch)
            repository.remote(*command, timeout=timeout)
    if repository.is_shallow():
        raise GitError(
            "this clone is shallow, and no home gave the rest of its history: run git fetch "
            "--unshallow in it, or set fetch-depth: 0 for actions/checkout"
        )


def _moved_on(repository: Repository, push: Push) -> str:
    home, folder = push.home, str(repository.folder)
    refspec = f"+{home.branch}:{push.reference}"
    fetch = shlex.join(["git", "-C", folder, "fetch", home.remote, refspec])
    is_ssh = not home.remote.startswith("https:") and not local_folder(home.remote)
    if repository.ssh and is_ssh:
        fetch = f"GIT_SSH_COMMAND={shlex.quote(repository.ssh)} {fetch}"
    return (
        f"{home.branch} there holds commits that are not this mirror's, nothing was pushed. To keep "
        f"them in its history and go on from them: {fetch}, then scrapy publish (files of theirs go). "
        "Else name another branch or an empty repository in MIRROR_HOMES"
    )


def _parts(repository: Repository, there: str, commit: str, most: int) -> Iterator[str]:
    """Yield the commits to push one after the other, so that no push is larger than `most` bytes
    unless a single commit is."""
    if repository.size() > most:
        missing = repository.text(
            "rev-list", "--reverse", "--first-parent", commit, *([f"^{there}"] if there else [])
        ).split()
        while repository.size(there, commit) > most and len(missing) > 1:
            count = _fitting(repository, there, missing, most)
            there, missing = missing[count - 1], missing[count:]
            if missing:
                yield there
    yield commit


def _fitting(repository: Repository, there: str, missing: list[str], most: int) -> int:
    """Return how many of the missing commits fit in one push, at least one."""
    low, high = 1, len(missing)
    while low < high:
        middle = (low + high + 1) // 2
        if repository.size(there, missing[middle - 1]) > most:
            high = middle - 1
        else:
            low = middle
    return low
