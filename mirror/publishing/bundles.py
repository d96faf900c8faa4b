"""Git bundles: a repository, or what is new in it, as one file that a clone can be made of."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from mirror.errors import GitError
from mirror.publishing.repository import Repository

_ONE_THREAD = ("-c", "pack.threads=1")  # more find other deltas each time
_LITTLE_MEMORY = ("-c", "core.packedGitWindowSize=16m", "-c", "core.packedGitLimit=64m")  # of packs
_NOT_LINKED = ("-c", "core.symlinks=false")


def newest_commit(repository: Repository) -> str:
    """Return the commit that readers get, "" if there is none, or its history is not whole: a bundle
    of a shallow clone verifies, and no clone can be made of it."""
    if not repository.place.exists() or repository.is_shallow():
        return ""
    return repository.find("HEAD^{commit}")


def bundled_commit(repository: Repository, bundle: Path) -> str:
    """Return the commit at the head of a bundle, "" if there is no such file."""
    if bundle.is_file():
        with suppress(GitError):
            for line in repository.text("bundle", "list-heads", str(bundle.resolve())).splitlines():
                commit, _, name = line.partition(" ")
                if name == "HEAD":
                    return commit
    return ""


def is_behind(repository: Repository, old: str, new: str) -> bool:
    """Whether a commit is an ancestor of another one, and not the same."""
    with suppress(GitError):
        return old != new and repository.text("merge-base", old, new) == old
    return False


def write_bundle(repository: Repository, file: Path, since: str = "") -> None:
    """Write the whole history of HEAD into a file, or what came after a commit. Raises GitError."""
    part = file.absolute().with_name(f"{file.name}-{os.getpid()}")  # Git may outlive a run before
    branch = repository.text("rev-parse", "--symbolic-full-name", "HEAD")
    names = dict.fromkeys(("HEAD", branch))
    without = [f"^{since}"] if since else []
    create = (*_ONE_THREAD, *_LITTLE_MEMORY, "bundle", "create", "--quiet", str(part))
    repository.local(*create, *names, *without)
    part.replace(file)


def unbundle(repository: Repository, bundle: Path) -> None:
    """Make a folder the work tree of what a bundle holds. Raises GitError."""
    repository.folder.mkdir(parents=True, exist_ok=True)
    branch = "main"
    for line in repository.text("bundle", "list-heads", str(bundle.resolve())).splitlines():
        if " refs/heads/" in line:
            branch = line.partition(" refs/heads/")[2]
    repository.prepare(branch)
    repository.local("fetch", "--quiet", "--no-tags", str(bundle.resolve()), "HEAD")
    repository.local(*_NOT_LINKED, "reset", "--quiet", "--hard", "FETCH_HEAD")
