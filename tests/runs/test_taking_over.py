"""A mirror of the version before 1.0 goes on: nothing is fetched again, nothing is written again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from support import previous
from support.commands import command

from demo.server import Page
from mirror.store.database import Database

if TYPE_CHECKING:
    from conftest import Mirror, Run

SITE = {f"/gb/{file.name}": Page(file.read_bytes()) for file in previous.FOLDER.glob("site/*.htm")}
SITE |= {"/robots.txt": Page(b"User-agent: *\nDisallow:\n", "text/plain")}
OUTDATED = {  # by that version's own marks; the home page goes with any index
    "README.md",
    "indexes/nsc418.md",
    "indexes/nsc418.md.png",  # which that version did not have
    "indexes/nsc418/2021-12.md",
    "pages/nsc418/n13460102.md",
}


@pytest.fixture(scope="module")
def taken_over(new_mirror: Callable[..., Mirror]) -> tuple[Mirror, Run, set[str]]:
    """A crawl over what that version left, and the paths it wrote. Only to be read."""
    mirror = new_mirror(SITE)
    previous.copy_tree(mirror.tree)
    (mirror.folder / "state").mkdir()
    previous.make_database(f"sqlite:///{mirror.folder}/state/mirror.db")
    before = mirror.stamps()
    run = mirror.scrapy("crawl", "section", "-aid=nsc418,nsc413", **previous.SETTINGS)
    after = mirror.stamps()
    files = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    return mirror, run, {path for path in files if not (mirror.tree / path).is_dir()}


def test_no_article_is_fetched(taken_over: tuple[Mirror, Run, set[str]]) -> None:
    _, run, _ = taken_over
    assert run.returncode == 0, run.output
    assert set(run.asked) == SITE.keys()


def test_no_page_is_written_that_was_not_marked(taken_over: tuple[Mirror, Run, set[str]]) -> None:
    mirror, _, written = taken_over
    assert written <= OUTDATED
    with closing(Database(f"sqlite:///{mirror.folder}/state/mirror.db")) as database:
        assert [database.outdated(kind) for kind in ("page", "month", "section")] == [[], [], []]


def test_database_is_one_file_for_its_owner_alone(taken_over: tuple[Mirror, Run, set[str]]) -> None:
    state = taken_over[0].folder / "state"
    assert sorted(file.name for file in state.glob("mirror.db*")) == ["mirror.db", "mirror.db.lock"]
    assert {file.stat().st_mode & 0o777 for file in state.iterdir()} == {0o600}
    assert state.stat().st_mode & 0o777 == 0o700


def test_next_run_does_nothing(taken_over: tuple[Mirror, Run, set[str]]) -> None:
    mirror, _, _ = taken_over
    before = mirror.stamps()
    run = mirror.scrapy("crawl", "section", "-aid=nsc418,nsc413", **previous.SETTINGS)
    assert run.returncode == 0
    assert set(run.asked) == SITE.keys()
    assert mirror.stamps() == before


def test_damaged_database_names_the_way_out(new_mirror: Callable[..., Mirror]) -> None:
    mirror = new_mirror(SITE)
    command(mirror, "render")
    copy = mirror.folder / "copy.db"
    assert command(mirror, "backup", str(copy)).returncode == 0
    (mirror.folder / "state" / "mirror.db").write_bytes(b"SQLite format 3" + bytes(5000))
    for done in (command(mirror, "status"), command(mirror, "render")):
        assert done.returncode == 6
        assert "scrapy backup" in done.output
        assert "scrapy adopt" in done.output


def test_later_version_s_database_stops_a_run_before_its_first_request(
    new_mirror: Callable[..., Mirror],
) -> None:
    mirror = new_mirror(SITE)
    command(mirror, "render")
    database = Database(f"sqlite:///{mirror.folder}/state/mirror.db")
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE schema_version SET number = 99")
    run = mirror.section("nsc418")
    assert run.returncode == 2
    assert "MIRROR_DATABASE_URL" in run.output
    assert "update the project" in run.output
    assert run.asked == []
    assert "update the project" in command(mirror, "status").output
