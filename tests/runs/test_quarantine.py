"""An update that would lose what an article had waits for a second look."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from support.commands import command

from demo.articles import made_up_articles
from demo.site import demo_pages
from mirror.quality.quarantine import losses

if TYPE_CHECKING:
    from conftest import Mirror, Run
from support.articles import article

NewMirror = Callable[..., "Mirror"]
ARTICLES = made_up_articles(40)[:8]
FIRST = next(a for a in ARTICLES if a.lead_image and len(a.body_html) > 300)
PAGE = f"pages/nsc418/{FIRST.id}.md"


@pytest.mark.parametrize(
    ("change", "lost"),
    [
        ({"body": "<p>短</p>"}, "most of its text"),
        ({"title": ""}, "its title"),
        ({"lead_image": ""}, "all its pictures"),
        ({"title": "改过的题目"}, ""),
        ({"lead_image": "https://i.example/b.jpg"}, ""),
        ({"lead_image": "", "body": "<p>一段文字。</p>" * 20 + "<img src=x>"}, ""),
        ({"body": "<p>一段文字。</p>" * 12}, ""),
    ],
)
def test_losses(change: dict, lost: str) -> None:
    former = article(1, lead_image="https://i.example/a.jpg", body="<p>一段文字。</p>" * 20)
    former = replace(former, title="一个相当长的题目")
    found = losses(former, replace(former, **change))
    assert [what.startswith(lost) for what in found] == [True] * bool(lost)


@pytest.fixture(scope="module")
def held(new_mirror: NewMirror) -> tuple[Mirror, Run, dict[str, bytes]]:
    """A mirror after a run in which one article had lost nearly all of its text."""
    mirror = new_mirror(demo_pages(ARTICLES))
    assert mirror.section("nsc418").returncode == 0
    before = mirror.files()
    short = replace(FIRST, body_html="<p>只剩下这一句。</p>")
    mirror.server.pages.update(demo_pages([short if a is FIRST else a for a in ARTICLES]))
    return mirror, mirror.section("nsc418", refresh="all"), before


def test_update_that_loses_most_is_held_and_reported(
    held: tuple[Mirror, Run, dict[str, bytes]],
) -> None:
    mirror, run, before = held
    assert run.returncode == 0
    assert run.stats["mirror/held"] == 1
    assert mirror.files() == before
    (warning,) = (line for line in run.output.splitlines() if "Held" in line)
    assert re.search(f"{FIRST.url}.*most of its text.*scrapy accept {FIRST.id}", warning)


def test_held_update_is_published_when_a_later_day_shows_it_again(
    held: tuple[Mirror, Run, dict[str, bytes]], new_mirror: NewMirror
) -> None:
    mirror = new_mirror(held[0].server.pages, held[0])
    with sqlite3.connect(mirror.folder / "state" / "mirror.db") as database:
        (due,) = database.execute(
            "select due from frontier where article = ?", [FIRST.id]
        ).fetchone()
        assert due % 86400 == 0  # midnight, UTC
        database.execute("update held set day = date(day, '-1 day')")
        database.execute("update frontier set due = 0 where article = ?", [FIRST.id])
    run = mirror.section("nsc418")
    assert run.stats["mirror/published"] == 1
    assert "只剩下这一句。" in mirror.texts()[PAGE]
    assert "held" not in command(mirror, "accept").output


def test_held_update_is_published_when_it_is_accepted(
    held: tuple[Mirror, Run, dict[str, bytes]], new_mirror: NewMirror
) -> None:
    mirror = new_mirror(held[0].server.pages, held[0])
    assert command(mirror, "accept").output.startswith(f"held {FIRST.id} since ")
    wrong = command(mirror, "accept", "n1234567")
    assert wrong.returncode == 2
    assert f"n1234567: is not held back; held back are {FIRST.id}" in wrong.output
    both = command(mirror, "accept", "--all", FIRST.id)
    assert (both.returncode, "cannot be given with ids" in both.output) == (2, True)
    done = command(mirror, "accept", FIRST.id)
    assert done.returncode == 0
    assert done.output.startswith(f"accepted {FIRST.id} since ")
    assert "只剩下这一句。" in mirror.texts()[PAGE]
    assert command(mirror, "accept", "--all").output == ""
    assert command(mirror, "verify").output == "0 differences, 0 mended\n"


def test_what_a_held_update_would_change_is_shown_and_nothing_published(
    held: tuple[Mirror, Run, dict[str, bytes]], new_mirror: NewMirror
) -> None:
    mirror = new_mirror(held[0].server.pages, held[0])
    before = mirror.files()
    shown = command(mirror, "accept", "--diff").output
    assert f"--- {PAGE}" in shown
    assert any(line.startswith("+") and "只剩下这一句。" in line for line in shown.splitlines())
    assert f"Held back: {FIRST.id}, most of its text" in command(mirror, "status").output
    assert mirror.files() == before


def ask_again(mirror: Mirror) -> None:
    with sqlite3.connect(mirror.folder / "state" / "mirror.db") as database:
        query = "update frontier set due = 0, etag = null, modified = null where article = ?"
        database.execute(query, [FIRST.id])


def test_another_update_than_the_rejected_one_is_held_and_reported_again(
    held: tuple[Mirror, Run, dict[str, bytes]], new_mirror: NewMirror
) -> None:
    shorter = replace(FIRST, body_html="<p>又只剩下另一句。</p>")
    mirror = new_mirror(demo_pages([shorter if a is FIRST else a for a in ARTICLES]), held[0])
    before = mirror.files()
    assert command(mirror, "accept", "--reject", FIRST.id).returncode == 0
    ask_again(mirror)
    run = mirror.section("nsc418")
    assert (run.stats["mirror/held"], "Held http" in run.output) == (1, True)
    assert command(mirror, "accept").output.startswith(f"held {FIRST.id} since ")
    assert "另一句" in command(mirror, "accept", "--diff").output
    assert mirror.files() == before


def test_rejected_update_is_not_published_on_a_later_day_either(
    held: tuple[Mirror, Run, dict[str, bytes]], new_mirror: NewMirror
) -> None:
    mirror = new_mirror(held[0].server.pages, held[0])
    before = mirror.files()
    assert command(mirror, "accept", "--reject").returncode == 2
    assert command(mirror, "accept", "--reject", "--all", FIRST.id).returncode == 2
    assert command(mirror, "accept", "--reject", FIRST.id).output.startswith("rejected")
    for suspicion in (1, 0):
        ask_again(mirror)
        run = mirror.scrapy("crawl", "section", "-aid=nsc418", MIRROR_SUSPICION=suspicion)
        assert "mirror/held" not in run.stats
        assert (run.stats["mirror/unchanged"], "Held" in run.output) == (1, False)
    assert mirror.files() == before
    assert command(mirror, "accept").output.startswith(f"rejected {FIRST.id} most of its text")
    assert command(mirror, "accept", "--all").output == ""
    assert "Held back" not in command(mirror, "status").output
    assert "day: rejected" in command(mirror, "show", FIRST.id).output
    assert command(mirror, "accept", FIRST.id).returncode == 0
    assert "只剩下这一句。" in mirror.texts()[PAGE]
