"""The line below a page is renewed as a page made again has it; in doubt it is left to that."""

from __future__ import annotations

from pathlib import Path

import pytest

from mirror.content.script import markdown_in
from mirror.pages.below import Below
from mirror.pages.rendering import Renderer
from mirror.store.database import Database
from mirror.store.frontier import Frontier
from mirror.store.neighbours import Beside, Placed, neighbours
from mirror.store.schema import articles, listings
from mirror.store.shown_homes import note_homes

IDS = ("n1000001", "n1000002", "n1000003")
NOBODY: Beside = (None, None)
HOMES = {"https://here.example/README.md": "此处", "https://a.example/b_c_d/README.md": "别*处"}


def placed(id: str) -> Placed:
    return Placed(id, f"pages/nsc418/{id}.md", "nsc418", f"2021-01-0{id[-1]}T08:00:00+08:00")


def stored(database: Database, ids: tuple[str, ...]) -> None:
    """Store articles as far as their neighbours ask for them."""
    for place in map(placed, ids):
        texts = {c.name: "" for c in articles.columns if not c.nullable} | place._asdict()
        row = {"section": "nsc418", "article": place.id, "title": "", "published": place.published}
        with database.engine.begin() as connection:
            connection.execute(articles.insert(), texts | {"removed": False})
            connection.execute(listings.insert(), row)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path}/mirror.db")
    Frontier(database)  # makes its table
    note_homes(database, HOMES)
    return database


@pytest.fixture(params=["", "hant"])
def below(database: Database, request: pytest.FixtureRequest) -> Below:
    if request.param:
        pytest.importorskip("zhconv_rs")
    return Below(database, Renderer("default", "https://here.example", script=request.param))


def beside(database: Database, id: str) -> Beside:
    return neighbours(database, placed(id))


def line(below: Below, id: str) -> str:
    return below.line(placed(id), beside(below.database, id))


def written(below: Below, line: str) -> str:
    """A page with a line, in the script of its home."""
    return markdown_in(below.renderer.script, f"甲\n\n{line}\n\n------\n")


@pytest.mark.parametrize("before", [(), IDS[:1], IDS[2:], IDS[::2]], ids=str)
def test_renewed_page_is_as_made_again(
    database: Database, below: Below, before: tuple[str, ...]
) -> None:
    stored(database, before)
    old = written(below, line(below, IDS[1]))
    stored(database, tuple(id for id in IDS if id not in before))
    new = written(below, line(below, IDS[1]))
    assert (new != old) == (before != IDS[::2])
    assert below.renewed(placed(IDS[1]), old, beside(database, IDS[1])) == new
    assert "(n1000001.md)" in new
    assert "(n1000003.md)" in new


def test_other_homes_are_named(below: Below) -> None:
    found = line(below, IDS[0])
    assert "[别\\*处](https://a.example/b_c_d/README.md)" in found
    assert "此处" not in found


@pytest.mark.parametrize("count", [0, 2])
def test_page_without_the_line_or_with_two_is_not_renewed(below: Below, count: int) -> None:
    found = line(below, IDS[0])
    assert below.renewed(placed(IDS[0]), "\n".join(["甲", *[found] * count]), NOBODY) is None


def test_theme_that_says_nothing_there_has_no_such_line(database: Database, tmp_path: Path) -> None:
    theme = tmp_path / "theme"
    theme.mkdir()
    (theme / "below.md.j2").write_text("")
    below = Below(database, Renderer(str(theme), "https://here.example"))
    assert line(below, IDS[0]) == ""
    assert below.renewed(placed(IDS[0]), "甲\n\n乙\n", NOBODY) is None
