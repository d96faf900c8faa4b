"""Pictures are stored whole, once, and taken away when nobody has them."""

from __future__ import annotations

from pathlib import Path

from mirror.pictures.shelf import Shelf


def test_same_picture_is_stored_once(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    name = shelf.put(b"picture")
    assert shelf.put(b"picture") == name
    assert [file.read_bytes() for file in tmp_path.rglob("*.*")] == [b"picture"]
    assert shelf.file(name).read_bytes() == b"picture"


def test_what_nobody_has_is_swept_away(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    kept, lost = shelf.put(b"kept"), shelf.put(b"lost")
    (shelf.file(kept).parent / "x.part").write_bytes(b"hal")
    (tmp_path / "ab").mkdir(exist_ok=True)
    (tmp_path / "ab" / "notes.txt").write_bytes(b"the operator's")
    assert shelf.sweep({kept}) == 2
    assert shelf.file(kept).exists()
    assert not shelf.file(lost).exists()
    assert sorted(file.name for file in tmp_path.rglob("*.*")) == sorted(
        [f"{kept}.webp", "notes.txt"]
    )
