"""The published files: whole or not there, and touched only when they change."""

from __future__ import annotations

import resource
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from mirror.config.page_paths import page_path, public_address
from mirror.pages.tree import TEMPORARY, Tree

PAGE = "pages/nsc418/n13465188.md"


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path / "out")


def files(tree: Tree) -> dict[str, bytes]:
    found = (file for file in tree.folder.rglob("*") if file.is_file())
    return {file.relative_to(tree.folder).as_posix(): file.read_bytes() for file in found}


@contextmanager
def full_disk(room: int) -> Iterator[None]:
    """Let no file grow beyond so many bytes."""
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, old[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, handler)


def test_file_is_written_with_its_folders_and_nothing_else(tree: Tree) -> None:
    assert tree.write(PAGE, b"### one\n") is True
    assert tree.write("README.md", b"home\n") is True
    assert files(tree) == {PAGE: b"### one\n", "README.md": b"home\n"}


def test_new_content_replaces_the_old(tree: Tree) -> None:
    tree.write(PAGE, b"### one, and longer\n")
    assert tree.write(PAGE, b"### two\n") is True
    assert files(tree) == {PAGE: b"### two\n"}


def test_unchanged_content_is_not_written(tree: Tree) -> None:
    tree.write(PAGE, b"### one\n")
    file = tree.folder / PAGE
    before = [(path.stat().st_mtime_ns, path.stat().st_ino) for path in (file, file.parent)]
    assert tree.write(PAGE, b"### one\n") is False
    assert [(path.stat().st_mtime_ns, path.stat().st_ino) for path in (file, file.parent)] == before


def test_reader_never_sees_a_half_written_file(tree: Tree) -> None:
    contents = [letter * 400_000 for letter in (b"a", b"b")]
    tree.write(PAGE, contents[0])
    stop = threading.Event()

    def write() -> None:
        turn = 0
        while not stop.is_set():
            turn += 1
            tree.write(PAGE, contents[turn % 2])

    writer = threading.Thread(target=write)
    writer.start()
    try:
        seen = [(tree.folder / PAGE).read_bytes() for _ in range(300)]
    finally:
        stop.set()
        writer.join()
    assert all(content in contents for content in seen)


def test_full_disk_leaves_the_old_file(tree: Tree) -> None:
    tree.write(PAGE, b"### one\n")
    with full_disk(1000), pytest.raises(OSError, match="File too large"):
        tree.write(PAGE, b"x" * 5000)
    assert files(tree) == {PAGE: b"### one\n"}


def test_full_disk_leaves_no_new_file(tree: Tree) -> None:
    with full_disk(1000), pytest.raises(OSError, match="File too large"):
        tree.write(PAGE, b"x" * 5000)
    assert files(tree) == {}


def test_folder_in_the_way_is_an_error_and_stays(tree: Tree) -> None:
    tree.write(f"{PAGE}/below.md", b"below\n")
    with pytest.raises(OSError, match="Is a directory"):
        tree.write(PAGE, b"### one\n")
    assert files(tree) == {f"{PAGE}/below.md": b"below\n"}


def test_missing_file_reads_as_none(tree: Tree) -> None:
    assert tree.read(PAGE) is None
    tree.write(PAGE, b"### one\n")
    assert tree.read(PAGE) == b"### one\n"


def test_sweep_removes_what_was_half_written_and_nothing_else(tree: Tree) -> None:
    kept = {PAGE: b"### one\n", f"{PAGE}.png": b"png", "notes.tmp": b"mine", "README.md": b"home\n"}
    for path, content in kept.items():
        tree.write(path, content)
    for path in (f"{PAGE}{TEMPORARY}", f"README.md.png{TEMPORARY}"):
        (tree.folder / path).write_bytes(b"hal")
    assert tree.sweep() == 2
    assert files(tree) == kept
    assert tree.sweep() == 0


def test_sweep_of_a_folder_that_is_not_there_finds_nothing(tree: Tree) -> None:
    assert tree.sweep() == 0


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("pages/{section}/{id}.md", "pages/nsc418/n13465188.md"),
        ("{year}/{month}/{day}/{id}.md", "2021/02/03/n13465188.md"),
        ("{id}.md", "n13465188.md"),
    ],
)
def test_page_path_follows_the_pattern(pattern: str, path: str) -> None:
    assert page_path(pattern, "nsc418", "n13465188", datetime(2021, 2, 3)) == path


def test_public_address_can_be_typed() -> None:
    assert public_address("https://example.org/main", PAGE) == f"https://example.org/main/{PAGE}"
    assert (
        public_address("https://example.org", "国 1.md") == "https://example.org/%E5%9B%BD%201.md"
    )


# ---- symbolic links


def test_nothing_is_written_read_or_removed_through_a_link_out_of_the_tree(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "n1.md").write_text("theirs")
    (tmp_path / "out" / "pages").mkdir(parents=True)
    (tmp_path / "out" / "pages" / "nsc418").symlink_to(elsewhere)
    tree = Tree(tmp_path / "out")
    for act in (
        lambda: tree.write("pages/nsc418/n1.md", b"ours"),
        lambda: tree.write("pages/nsc418/deeper/n1.md", b"ours"),
        lambda: tree.read("pages/nsc418/n1.md"),
        lambda: tree.remove("pages/nsc418/n1.md"),
    ):
        with pytest.raises(PermissionError, match=r"nsc418.* leads out of .*elsewhere.*remove"):
            act()
    assert [file.name for file in elsewhere.iterdir()] == ["n1.md"]
    assert (elsewhere / "n1.md").read_text() == "theirs"


def test_link_in_the_place_of_a_file_is_replaced_and_what_it_leads_to_stays(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.write_text("theirs")
    tree = Tree(tmp_path / "out")
    tree.folder.mkdir()
    (tree.folder / "n1.md").symlink_to(theirs)
    assert tree.read("n1.md") is None
    assert tree.write("n1.md", b"theirs")
    assert not (tree.folder / "n1.md").is_symlink()
    (tree.folder / f"n2.md{TEMPORARY}").symlink_to(theirs)
    with pytest.raises(OSError):
        tree.write("n2.md", b"ours")
    assert theirs.read_text() == "theirs"
    assert tree.write("n2.md", b"ours")


def test_tree_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "real")
    assert Tree(tmp_path / "out").write("pages/nsc418/n1.md", b"ours")
    assert (tmp_path / "real" / "pages" / "nsc418" / "n1.md").read_bytes() == b"ours"
