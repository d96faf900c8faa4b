from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy.exc import OperationalError

from mirror.errors import ArgumentError, in_words
from mirror.items import Link
from mirror.store.database import Database
from mirror.store.files import back_up
from mirror.store.frontier import Frontier


@pytest.fixture
def url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/mirror.db"
    database = Database(url)
    Frontier(database).record("nsc418", links(0))
    database.close()
    return url


def links(number: int) -> list[Link]:
    ids = (f"n{number}00{i}" for i in range(5))
    return [Link(i, f"https://www.epochtimes.com/gb/21/1/1/{i}.htm", "题") for i in ids]


def rows(file: Path) -> int:
    with closing(sqlite3.connect(file)) as copy:
        return copy.execute("SELECT count(*) FROM frontier").fetchone()[0]


def test_copy_made_while_others_write_is_whole(url: str, tmp_path: Path) -> None:
    frontier, over = Frontier(Database(url)), Event()

    def write() -> None:
        number = 1
        while not over.is_set():
            frontier.record("nsc418", links(number))
            number += 1

    writer = Thread(target=write)
    writer.start()
    sizes = []
    for number in range(5):
        back_up(url, tmp_path / f"copy{number}.db")
        sizes.append(rows(tmp_path / f"copy{number}.db"))
    over.set()
    writer.join()
    assert sizes == sorted(sizes)
    assert all(size % 5 == 0 for size in sizes)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_copy_is_made_where_nothing_can_be_written_beside_the_database(
    url: str, tmp_path: Path
) -> None:
    (tmp_path / "copies").mkdir()
    tmp_path.chmod(0o500)  # as on a disk that has become read-only
    back_up(url, tmp_path / "copies/mirror.db")
    tmp_path.chmod(0o700)
    assert rows(tmp_path / "copies/mirror.db") == 5


def test_copy_is_one_file_that_its_owner_alone_reads(url: str, tmp_path: Path) -> None:
    (tmp_path / "copies").mkdir()
    target = tmp_path / "copies" / "mirror.db"
    for _ in range(2):
        assert back_up(url, target) == target.stat().st_size
    assert [file.name for file in target.parent.iterdir()] == ["mirror.db"]
    assert target.stat().st_mode & 0o777 == 0o600
    assert rows(target) == 5


@pytest.mark.parametrize("name", ["mirror.db", "letter.txt", "none/copy.db", "."])
def test_copy_replaces_nothing_else(url: str, tmp_path: Path, name: str) -> None:
    (tmp_path / "letter.txt").write_text("Dear reader")
    with pytest.raises(ArgumentError):
        back_up(url, tmp_path / name)
    assert (tmp_path / "letter.txt").read_text() == "Dear reader"
    assert rows(tmp_path / "mirror.db") == 5
    assert not list(tmp_path.glob("*.half"))


def test_postgresql_is_copied_by_its_own_program() -> None:
    with pytest.raises(ArgumentError, match="pg_dump"):
        back_up("postgresql+psycopg://me:secret@127.0.0.1/mirror", Path("copy.db"))


def test_damaged_database_is_not_copied_and_the_way_out_is_named(url: str, tmp_path: Path) -> None:
    file = tmp_path / "mirror.db"
    content = bytearray(file.read_bytes())
    content[5000:20000] = bytes(15000)
    file.with_name("damaged.db").write_bytes(content)
    with pytest.raises(sqlite3.Error) as caught:
        back_up(f"sqlite:///{tmp_path}/damaged.db", tmp_path / "copy.db")
    assert "scrapy adopt" in in_words(caught.value)
    assert not (tmp_path / "copy.db").exists()


def test_advice_is_for_damage_alone() -> None:
    full = sqlite3.OperationalError("database or disk is full")
    assert in_words(full) == "database or disk is full"
    wrapped = OperationalError("INSERT INTO articles", {"title": "secret"}, full)
    assert in_words(wrapped) == "the database says: database or disk is full"
