"""--dry-run says what a command would do, and changes nothing: no byte of tree, database or Git."""

from __future__ import annotations

import json
from pathlib import Path

from support.commands import command
from support.mirrors import PUBLIC_URL, Mirror

NEW_URL = "https://b.example/news"
HOME = {"name": "disk", "public_url": PUBLIC_URL, "branch": "main"}


def is_of_a_reader(file: Path) -> bool:
    """Whether SQLite makes a file for who only reads: the shared memory, and an empty log."""
    return file.suffix == ".db-shm" or (file.suffix == ".db-wal" and not file.stat().st_size)


def everything(folder: Path) -> dict[Path, bytes]:
    files = (file for file in folder.rglob("*") if not is_of_a_reader(file))
    return {file: file.read_bytes() if file.is_file() else b"" for file in files}


def rehearsed(mirror: Mirror, *call: str, **settings: object) -> str:
    before = everything(mirror.folder)
    done = command(mirror, *call, "--dry-run", **settings)
    assert done.returncode == 0, done.output
    assert everything(mirror.folder) == before
    return done.output


def test_publish(mirror: Mirror) -> None:
    homes = json.dumps([{**HOME, "remote": str(mirror.folder / "home.git")}])
    assert command(mirror, "publish", MIRROR_HOMES=homes).returncode == 11  # nothing is there
    assert "nothing new to commit" in rehearsed(mirror, "publish", MIRROR_HOMES=homes)
    page = next(mirror.tree.glob("pages/nsc418/*.md"))
    page.unlink()
    (mirror.tree / "LICENSE").write_text("ours")
    said = rehearsed(mirror, "publish", "--allow-removals=1", MIRROR_HOMES=homes)
    assert f"removed: {page.relative_to(mirror.tree)}" in said
    assert "new: LICENSE" in said
    assert "2 files would be committed" in said
    assert "disk: what it lacks would be pushed to main of" in said


def test_sync(mirror: Mirror) -> None:
    assert rehearsed(mirror, "sync").startswith("0 pages would be made, 0 purged")
    page = next(mirror.tree.glob("pages/nsc418/*.md"))
    page.unlink()
    (mirror.tree / "indexes/nsc418.md").unlink()
    said = rehearsed(mirror, "sync")
    assert f"would be made: {page.relative_to(mirror.tree)}" in said
    assert "1 pages would be made" in said
    assert "1 indexes made anew" in said
    pages = len(mirror.articles()) + 1
    assert f"{pages} articles would be rendered" in rehearsed(mirror, "sync", "--all")
    done = command(mirror, "sync")
    assert done.output.startswith("1 pages made, 0 purged, 0 restored, 0 relinked, 1 indexes")


def test_rebase(mirror: Mirror) -> None:
    said = rehearsed(mirror, "rebase", f"--public-url={NEW_URL}")
    pages = len(mirror.articles())
    assert f"{pages} pages, their QR codes and all indexes would move from {PUBLIC_URL}" in said
    same = command(mirror, "rebase", f"--public-url={PUBLIC_URL}", "--dry-run")
    assert same.returncode == 2


def test_rollover(mirror: Mirror) -> None:
    new = mirror.folder / "new"
    said = rehearsed(mirror, "rollover", f"--public-url={NEW_URL}", f"--output={new}")
    assert f"{len(mirror.articles())} pages of nsc418 would stay at {PUBLIC_URL}" in said
    assert f"would go to {new}" in said
    assert not new.exists()


def test_adopt(mirror: Mirror) -> None:
    pages = len(mirror.articles())
    assert f"0 articles adopted, {pages} known" in rehearsed(mirror, "adopt")
    for file in (mirror.folder / "state").iterdir():
        file.unlink()
    assert f"{pages} articles adopted, 0 known" in rehearsed(mirror, "adopt")
    assert list((mirror.folder / "state").iterdir()) == []
