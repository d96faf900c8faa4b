"""A repository after a power failure: files that are empty, full of zeros, or half."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from mirror.errors import GitError
from mirror.publishing.repository import Repository

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

PAGES = 5
SPOILT: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "zeros": lambda content: bytes(len(content)),
    "half": lambda content: content[: len(content) // 2],
    "half of zeros": lambda content: content[: len(content) // 2].ljust(len(content), b"\0"),
}


def git(folder: Path, *args: str) -> str:
    command = ["git", "-C", str(folder), *args]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def publish(folder: Path, message: str) -> None:
    """Commit a folder as publishing does."""
    repository = Repository(folder, "mirror", "mirror@mirror.invalid")
    repository.prepare("main")
    try:
        tree, head = repository.snapshot()
        is_news = bool(repository.changes(head, tree))
    except GitError:
        assert repository.mend_objects()
        tree, head = repository.snapshot()
        is_news = bool(repository.changes(head, tree))
    if is_news:
        repository.update({"HEAD": repository.commit(tree, head, message)})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two commits; one page is new since."""
    folder = tmp_path_factory.mktemp("made") / "out"
    folder.mkdir()
    for message in ("first", "second"):
        (folder / ".kept").write_text("of the operator")
        for number in range(PAGES):
            (folder / f"n{number}.md").write_text(f"{message} {number}")
        if message == "first":
            publish(folder, message)
            git(folder, "add", "-f", ".kept")
    publish(folder, "second")
    git(folder, "update-ref", "refs/homes/GitHub", "HEAD")
    (folder / "new.md").write_text("new")
    return folder


@pytest.fixture
def published(made: Path, tmp_path: Path) -> Path:
    """A copy of it, to be spoilt."""
    return shutil.copytree(made, tmp_path / "out", symlinks=True)


def check(folder: Path, subjects: list[str]) -> None:
    assert git(folder, "log", "--format=%s").splitlines() == subjects
    assert len(git(folder, "ls-tree", "-r", "--name-only", "HEAD").splitlines()) == PAGES + 2
    git(folder, "fsck", "--strict")
    assert git(folder, "status", "--short") == ""


@pytest.mark.parametrize("how", SPOILT)
@pytest.mark.parametrize(
    "file", ["index", "HEAD", "refs/heads/main", "refs/homes/GitHub", "config"]
)
def test_file_that_was_not_on_the_disk_is_made_again(published: Path, file: str, how: str) -> None:
    spoilt = published / ".git" / file
    spoilt.write_bytes(SPOILT[how](spoilt.read_bytes()))
    publish(published, "third")
    check(published, ["third", "second", "first"])


@pytest.mark.parametrize("how", SPOILT)
def test_packed_references_that_are_torn_are_found_again(published: Path, how: str) -> None:
    git(published, "pack-refs", "--all")
    packed = published / ".git" / "packed-refs"
    packed.write_bytes(SPOILT[how](packed.read_bytes()))
    publish(published, "third")
    check(published, ["third", "second", "first"])


@pytest.mark.parametrize("how", SPOILT)
def test_content_that_was_not_on_the_disk_is_stored_again(published: Path, how: str) -> None:
    """The newest objects are at risk: page, folder and commit of a publication that was not pushed."""
    publish(published, "third")
    for name in git(published, "rev-list", "--objects", "HEAD", "^HEAD~").splitlines():
        file = published / ".git" / "objects" / name[:2] / name.split()[0][2:]
        file.chmod(0o644)
        file.write_bytes(SPOILT[how](file.read_bytes()))
    (published / "HEAD.md").write_text("news")
    (published / "HEAD.md").unlink()
    with (published / ".git" / "index").open("ab") as index:  # as after any power failure
        index.write(b"\0")
    publish(published, "third again")
    check(published, ["third again", "second", "first"])


@pytest.mark.parametrize("name", ["*.idx", "*.rev"])
def test_index_of_a_pack_is_made_again(published: Path, name: str) -> None:
    git(published, "-c", "pack.writeReverseIndex=true", "repack", "-adq")
    (spoilt,) = (published / ".git" / "objects" / "pack").glob(name)
    spoilt.chmod(0o644)
    spoilt.write_bytes(b"")
    (published / ".git" / "index").write_bytes(b"")
    publish(published, "third")
    check(published, ["third", "second", "first"])


def test_repository_that_is_well_is_left_alone(
    published: Path, caplog: pytest.LogCaptureFixture
) -> None:
    publish(published, "third")
    before = set((published / ".git").rglob("*"))
    publish(published, "none")
    assert set((published / ".git").rglob("*")) == before
    check(published, ["third", "second", "first"])
    assert not caplog.text


def test_what_was_mended_is_said(published: Path, caplog: pytest.LogCaptureFixture) -> None:
    (published / ".git" / "index").write_bytes(b"")
    publish(published, "third")
    assert f"{published}: made .git/index again, which was broken" in caplog.text
