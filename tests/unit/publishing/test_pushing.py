"""What a home says of a push, and clones that lack a part of their history."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from mirror.config.homes import Home
from mirror.errors import GitError
from mirror.publishing.pushing import Push, push_all
from mirror.publishing.repository import Repository

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

TOO_LARGE = (
    "error: Trace: 5f1f0a\n"
    "error: See https://gh.io/lfs for more information.\n"
    "error: File pages/video.md is 120.00 MB; this exceeds GitHub's file size limit of 100.00 MB\n"
    "error: GH001: Large files detected. You may want to try Git Large File Storage."
)
SECRET = (
    "error: GH013: Repository rule violations found for refs/heads/main.\n\n"
    "- GITHUB PUSH PROTECTION\n  —————————————————————————\n"
    "    Resolve the following violations before pushing again\n\n"
    "    - Push cannot contain secrets\n\n"
    "     (?) Learn how to resolve a blocked push\n"
    "     https://docs.github.com/code-security/secret-scanning/working-with-push-protection\n\n"
    "      —— GitHub Personal Access Token ——————————————\n"
    "       locations:\n"
    "         - commit: 8728dbe67be55b6dc28d2bd0d5c1bfd30f3d7a1b\n"
    "           path: pages/nsc418/n1.md:12\n\n"
    "       (?) To push, remove secret from commit(s) or follow this URL to allow the secret.\n"
    "       https://github.com/example/news/security/secret-scanning/unblock-secret/2abc"
)


def git(folder: Path, *args: str) -> str:
    who = ("-c", "user.name=x", "-c", "user.email=x@y.example")
    command = ["git", "-C", str(folder), *who, *args]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def bare(folder: Path) -> Path:
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(folder)], check=True)
    return folder


def home(remote: Path, name: str = "GitHub") -> Home:
    return Home(name, "https://github.com/example/news/blob/main", f"file://{remote}", "main")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository with a commit."""
    (tmp_path / "out").mkdir()
    repository = Repository(tmp_path / "out", "mirror", "mirror@mirror.invalid")
    repository.prepare("main")
    commit(repository, "first")
    return repository


def commit(repository: Repository, text: str) -> str:
    (repository.folder / "n1.md").write_text(text)
    tree, head = repository.snapshot()
    repository.update({"HEAD": repository.commit(tree, head, text)})
    return repository.find("HEAD")


def push(repository: Repository, *homes: Home) -> list[tuple[bool, str]]:
    head = repository.find("HEAD")
    pushes = [Push(home, f"refs/homes/{home.name}", head) for home in homes]
    return [(done.is_taken, done.message) for done in push_all(repository, pushes, 20)]


def refusing(remote: Path, said: str) -> Path:
    (remote / "said").write_text(said)
    hook = remote / "hooks" / "pre-receive"
    hook.write_text(f"#!/bin/sh\ncat {remote}/said >&2\nexit 1\n")
    hook.chmod(0o755)
    return remote


@pytest.mark.parametrize("many", [1, 60])
@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (
            TOO_LARGE,
            ["GH001: Large files", "File pages/video.md is 120.00 MB", "https://gh.io/lfs"],
        ),
        (SECRET, ["GH013: Repository rule", "path: pages/nsc418/n1.md:12", "unblock-secret/2abc"]),
    ],
)
def test_what_a_home_does_not_take_is_said_in_its_own_words(
    repository: Repository, tmp_path: Path, said: str, kept: list[str], many: int
) -> None:
    """However much else it says before."""
    before = "Some advice of the host which nobody needs, at length\n".replace("\n", " {}\n")
    talk = "".join(before.format(number) for number in range(many))
    ((is_taken, message),) = push(repository, home(refusing(bare(tmp_path / "a.git"), talk + said)))
    assert not is_taken
    assert [part for part in kept if part not in message] == []
    assert "\n" not in message
    assert "———" not in message


def test_shallow_clone_gets_the_history_that_another_home_lacks(
    repository: Repository, tmp_path: Path
) -> None:
    first, second = bare(tmp_path / "first.git"), bare(tmp_path / "second.git")
    push(repository, home(second))
    for text in ("second", "third"):
        commit(repository, text)
        push(repository, home(first))
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{first}", "clone")
    clone = Repository(tmp_path / "clone", "mirror", "mirror@mirror.invalid")
    head = commit(clone, "fourth")
    empty = bare(tmp_path / "empty.git")
    done = push(clone, home(first), home(second, "second"), home(empty, "empty"))
    assert [is_taken for is_taken, _ in done] == [True, True, True]
    assert [git(remote, "rev-parse", "main") for remote in (first, second, empty)] == [head] * 3
    assert git(empty, "log", "--format=%s", "main").splitlines() == [
        "fourth",
        "third",
        "second",
        "first",
    ]


def test_shallow_clone_whose_history_cannot_be_had_says_what_to_do(
    repository: Repository, tmp_path: Path
) -> None:
    first = bare(tmp_path / "first.git")
    commit(repository, "second")
    push(repository, home(first))
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{first}", "clone")
    clone = Repository(tmp_path / "clone", "mirror", "mirror@mirror.invalid")
    ((is_taken, message),) = push(clone, home(bare(tmp_path / "empty.git")))
    assert not is_taken
    assert "fetch-depth: 0" in message


def test_homes_over_ssh_are_reached_by_the_command_that_is_given_unless_the_environment_has_one(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fake(name: str) -> str:
        ssh, log = tmp_path / name, tmp_path / f"{name}.log"
        ssh.write_text(f'#!/bin/sh\necho "$@" >> {log}\nexit 1\n')
        ssh.chmod(0o755)
        return str(ssh)

    ours, theirs = fake("ours"), fake("theirs")
    there = Home("there", "https://a.example", "git@a.invalid:x.git", "main")
    monkeypatch.delenv("GIT_SSH_COMMAND", raising=False)
    push(Repository(repository.folder, "mirror", "mirror@mirror.invalid", ours), there)
    asked = Path(f"{ours}.log").read_text()
    assert "git@a.invalid" in asked
    monkeypatch.setenv("GIT_SSH_COMMAND", theirs)
    push(Repository(repository.folder, "mirror", "mirror@mirror.invalid", ours), there)
    assert Path(f"{ours}.log").read_text() == asked
    assert "git@a.invalid" in Path(f"{theirs}.log").read_text()


def test_signal_ends_a_push_that_hangs_and_what_it_started(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ssh, pid = tmp_path / "ssh", tmp_path / "pid"
    ssh.write_text(
        f"#!/bin/sh\ntrap '' TERM\nsleep 300 &\necho $! > {pid}.new; mv {pid}.new {pid}\nwait\n"
    )
    ssh.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(ssh))
    repository = Repository(repository.folder, "mirror", "mirror@mirror.invalid")

    def interrupt() -> None:
        while not pid.exists():
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    hangs = Home("hangs", "https://a.example", "ssh://git@a.invalid/x.git", "main")
    with pytest.raises(KeyboardInterrupt), repository.ended_by_signals():
        ((is_taken, message),) = push(repository, hangs)
        assert not is_taken
        assert "stopped" in message
    with pytest.raises(GitError, match="stopped"):
        repository.find("HEAD")
    while is_running(pid.read_text().strip()):  # it does not end by itself in time
        time.sleep(0.01)


def is_running(pid: str) -> bool:
    shown = subprocess.run(["ps", "-o", "stat=", "-p", pid], capture_output=True, text=True)
    return bool(shown.stdout.strip()) and not shown.stdout.startswith("Z")
