"""A large folder is taken over as it is, though not all of its files are looked at."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from mirror.errors import GitError
from mirror.publishing import staging
from mirror.publishing.repository import Repository

OLD = 1_600_000_000  # seconds since 1970, for folders that nothing was done to of late


@pytest.fixture(params=[0, 100], ids=["compared by Git", "listed here"])
def repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Repository:
    monkeypatch.setattr(staging, "_MIN_FILES", 0)
    monkeypatch.setattr(staging, "_MAX_LISTED_FILES", request.param)
    for path in ("README.md", "a/1.md", "a/2.md", "b/1.md", "b/c/1.md", "b/[x]/1.md"):
        write(tmp_path, path, path)
    (tmp_path / ".gitignore").write_text("*.log\n")
    repository = Repository(tmp_path, "mirror", "mirror@mirror.invalid")
    repository.prepare("main")
    age(tmp_path)
    take_over(repository)
    return repository


def write(folder: Path, path: str, text: str) -> None:
    """Write a file as the mirror does: under another name, then renamed."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name("new.mirror-tmp")
    new.write_text(text)
    new.replace(file)


def age(folder: Path) -> None:
    for inner in [folder, *folder.rglob("*")]:
        if inner.is_dir() and ".git" not in inner.parts:
            os.utime(inner, (OLD, OLD))


def take_over(repository: Repository) -> dict[str, str]:
    """Commit the folder; return what changed, by path."""
    tree, head = repository.snapshot()
    found = {change.path: change.kind for change in repository.changes(head, tree)}
    repository.update({"HEAD": repository.commit(tree, head, "x")})
    return found


def test_what_is_added_replaced_or_removed_is_taken_over(repository: Repository) -> None:
    top = repository.folder
    write(top, "a/1.md", "another text")
    write(top, "a/3.md", "new")
    write(top, "b/[x]/1.md", "another text")
    write(top, "d/e/1.md", "new")
    (top / "a/2.md").unlink()
    shutil.rmtree(top / "b/c")
    expected = {"a/1.md": "M", "a/2.md": "D", "a/3.md": "A", "b/[x]/1.md": "M", "b/c/1.md": "D"}
    assert take_over(repository) == expected | {"d/e/1.md": "A"}
    assert take_over(repository) == {}
    write(top, "d/e/1.md", "changed at once")
    assert take_over(repository) == {"d/e/1.md": "M"}


def test_folder_and_file_of_one_name_take_each_others_place(repository: Repository) -> None:
    top = repository.folder
    (top / "a/1.md").unlink()
    write(top, "a/1.md/1.md", "new")
    shutil.rmtree(top / "b")
    write(top, "b", "new")
    gone = {"a/1.md": "D", "b/1.md": "D", "b/c/1.md": "D", "b/[x]/1.md": "D"}
    assert take_over(repository) == gone | {"a/1.md/1.md": "A", "b": "A"}


def test_what_is_not_published_is_left_out(repository: Repository) -> None:
    for path in ("a/.secret", "a/.d/1.md", "a/1.log", "a/2.md.mirror-tmp"):
        (repository.folder / path).parent.mkdir(exist_ok=True)
        (repository.folder / path).write_text("x")
    os.mkfifo(repository.folder / "a/pipe")
    assert take_over(repository) == {}


def test_file_written_in_its_place_is_taken_over_where_anything_changed_or_in_a_day(
    repository: Repository,
) -> None:
    top = repository.folder
    for path in ("a/1.md", "b/1.md"):
        (top / path).write_text("written in its place")
    write(top, "a/3.md", "new")
    assert take_over(repository) == {"a/1.md": "M", "a/3.md": "A"}
    record = repository.place / "mirror-folders.json"
    known = json.loads(record.read_text())
    record.write_text(json.dumps({**known, "whole": known["whole"] - 24 * 3600}))
    assert take_over(repository) == {"b/1.md": "M"}


@pytest.mark.parametrize("spoil", ["index", "ignore", "record"])
def test_all_is_looked_at_again_where_the_last_look_tells_nothing(
    repository: Repository, spoil: str
) -> None:
    top = repository.folder
    (top / "b/1.md").write_text("written in its place")
    if spoil == "index":
        repository.local("rm", "--quiet", "--cached", "a/1.md")
    elif spoil == "ignore":
        (top / ".gitignore").write_text("")
    else:
        (repository.place / "mirror-folders.json").write_text('{"whole"')
    assert take_over(repository) == {"b/1.md": "M"}


def test_link_is_refused(repository: Repository) -> None:
    (repository.folder / "a/3.md").symlink_to("/etc/hostname")
    with pytest.raises(GitError, match="a symbolic link"):
        take_over(repository)
