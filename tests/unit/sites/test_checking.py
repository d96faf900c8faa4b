"""A third site, in one file and its saved pages as docs/add-a-site.md has it, and what is said when
something of it is wrong or missing."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from parsel import Selector
from support.commands import command

import mirror.sites
from mirror.errors import SiteError
from mirror.sites import read_site
from mirror.sites.base import Address, Site
from mirror.sites.checking import check_site
from mirror.sites.publication import Reading
from mirror.sites.selectors import Served
from mirror.sites.times import CHINA

THIRD = Path(__file__).parent / "third"
MORNING = [[Reading(datetime(2026, 10, 8, 7, 29, tzinfo=CHINA))]]


@pytest.fixture
def quay(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Site]]:
    monkeypatch.setattr(mirror.sites, "__path__", [*mirror.sites.__path__, str(THIRD)])
    yield read_site("quay")
    sys.modules.pop("mirror.sites.quay")


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    shutil.copytree(THIRD / "pages" / "quay", tmp_path / "quay")
    return tmp_path / "quay"


def found(site: type[Site], pages: Path) -> str:
    return "\n".join(check_site(site, pages).lines())


def test_site_of_one_file_is_complete(quay: type[Site], pages: Path) -> None:
    report = check_site(quay, pages)
    lines = list(report.lines())
    assert report.is_complete, lines
    assert lines[0] == "Saved pages: 1 article, 1 error, 2 listing"
    assert "  title                      1 of 1" in lines
    assert "  time of the last change    0 of 1   not on 2026-qu40312" in lines


def never(*_: object) -> None:
    return None


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"url": "https://quay.example/"}, "Wrong: url is 'https://quay.example/'"),
        ({"hosts": ("quay.example",)}, "Wrong: hosts lacks the host of url, www.quay.example"),
        ({"sections": {}}, "Missing: sections is empty"),
        ({"is_section": lambda *_: True}, "Wrong: is_section('../x') is true"),
        ({"is_section": lambda *_: False}, "Wrong: section qu-port is in sections, but"),
        ({"page_url": lambda self, s, n: self.url}, "and page 2 another address"),
        (
            {"printed": lambda *_: MORNING},
            "is 2026-10-08 07:29:00, but the page prints 2026-10-08 15:29:00",
        ),
        ({"titles": (Served("h2.title"),)}, "Wrong: 2026-qu40312: not as its .json has it"),
        (
            {"bodies": (*[Served("section.copy")], Served("#text"))},
            "bodies: no saved page has #text",
        ),
        ({"bodies": (Served("section.copy", "2027-01-01"),)}, "of another time than 2026-10-09"),
        ({"bodies": (Served(".ad"),)}, "Wrong: 2026-qu40312: not as its .json has it: "),
        ({"endings": ("<!-- end -->",)}, "ends with none of <!-- end -->; so it seems cut off"),
        ({"own_address": lambda *_: "/story?id=7"}, "own_address() is that of qu7"),
        ({"part": lambda self, html: html[:300]}, "part() leaves out what article() needs"),
        ({"listed_links": ("b a",)}, "Wrong: listing-p1: names no article"),
        (
            {"next_links": "b a"},
            "Missing: saved pages: no listing page that leads on to a next one",
        ),
        ({"next_links": "td a"}, "next_page() is https://www.quay.example/story?id=40312, which"),
        ({"pagers": "b a"}, "last_page() is 1, though a page 2 follows"),
        (
            {"page_url": lambda self, s, n: f"{self.url}/list/{s[3:]}/p{2 * n - 1}.html"},
            "page_url() gives https://www.quay.example/list/port/p3.html",
        ),
        (
            {"feed_url": lambda *_: "https://f.example"},
            "no feed, though feed_url() gives https://f.",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else ",".join(value),
)
def test_what_is_wrong_or_missing_is_said(
    quay: type[Site], pages: Path, changes: dict[str, Any], told: str
) -> None:
    report = check_site(type("Changed", (quay,), changes), pages)
    lines = list(report.lines())
    assert any(told in line for line in lines), lines
    assert report.is_complete == all(line.startswith(("Note", "Saved", " ")) for line in lines)


def test_addresses_that_mean_too_much_or_too_little_are_named(
    quay: type[Site], pages: Path
) -> None:
    def anywhere(self: Site, url: str) -> Address | None:
        number = url.strip().partition("#")[0].rpartition("id=")[2]
        return Address(f"QU-{number}", f"https://www.quay.example/story?id={number}")

    told = found(type("Loose", (quay,), {"address": anywhere}), pages)
    assert "the id QU-40312 must be letters a-z and then digits" in told
    assert "is taken for an article's on any other host, too" in told
    plain: Callable[[Site, str], Address | None] = quay.address
    strict = type(
        "Strict", (quay,), {"address": lambda s, u: plain(s, u) if u[:5] == "https" else None}
    )
    assert "address '/story?id=40312' is not taken for an article's" in found(strict, pages)


def test_what_nobody_has_reviewed_is_missing(quay: type[Site], pages: Path) -> None:
    (pages / "listing-p1.json").unlink()
    report = check_site(quay, pages)
    assert not report.is_complete
    assert "Missing: listing-p1: nobody has said what it gives" in "\n".join(report.lines())


def test_page_that_cannot_be_read_does_not_hide_the_others(quay: type[Site], pages: Path) -> None:
    (pages / "2026-bare.html").write_text("<p>no address", "utf-8")
    told = found(quay, pages)
    assert "Wrong: 2026-bare: ArgumentError: page=" in told
    assert "body                       1 of 1" in told


def test_methods_of_a_site_under_construction_are_named_with_what_they_are_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror.sites, "__path__", [str(tmp_path)])
    (tmp_path / "begun.py").write_text(
        "from mirror.sites.news import NewsSite\n\nclass Begun(NewsSite):\n    name = 'begun'\n"
        "\nSITE = Begun\n"
    )
    told = found(read_site("begun"), tmp_path)
    assert "Missing: is_section(): Whether this could be a section's id." in told
    assert "Missing: hosts: of articles; " in told
    assert "Missing: bodies: of what holds its text" in told
    assert "Missing: name" not in told
    sys.modules.pop("mirror.sites.begun")


@pytest.mark.parametrize(
    ("text", "told"),
    [("x = 1\n", "has no SITE at its end"), ("class X(:\n", r"broken\.py: SyntaxError")],
)
def test_file_without_a_site_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, told: str
) -> None:
    monkeypatch.setattr(mirror.sites, "__path__", [str(tmp_path)])
    (tmp_path / "broken.py").write_text(text)
    with pytest.raises(SiteError, match=told):
        read_site("broken")
    sys.modules.pop("mirror.sites.broken", None)


@pytest.mark.parametrize(
    ("name", "status", "told"),
    [
        ("ntd", 0, "Nothing is wrong or missing."),
        ("epochtimes", 0, "Nothing is wrong or missing."),
        ("nosuch", 2, "there is no file nosuch.py in mirror/sites/"),
    ],
)
def test_command_ends_with_a_status(new_mirror: Any, name: str, status: int, told: str) -> None:
    done = command(new_mirror({}), "check-site", name)
    assert (done.returncode, told in done.output) == (status, True)


def test_layout_is_checked_on_the_days_on_which_it_was_served(
    quay: type[Site], pages: Path
) -> None:
    file = pages / "2026-qu40312.html"
    served = "on 2026-10-09, served since 2026-10-01 until 2027-03-31; made up"
    file.write_text(file.read_text("utf-8").replace("on 2026-10-09; made up", served), "utf-8")
    assert "of another time" not in found(quay, pages)
    short = type(
        "Short", (quay,), {"bodies": (Served("section.copy", "2026-10-01", "2026-12-31"),)}
    )
    told = "bodies: section.copy is said to be of another time than 2027-03-31"
    assert f"Note: 2026-qu40312: {told}" in found(short, pages)


@pytest.mark.parametrize(("day", "text"), [(date(2019, 5, 1), "旧"), (date(2027, 5, 1), "新")])
def test_old_article_is_read_by_the_layout_of_its_time(
    quay: type[Site], day: date, text: str
) -> None:
    layouts = (Served(".new", since="2026-10-01"), Served(".old", until="2026-09-30"))
    site = type("Dated", (quay,), {"bodies": layouts, "address_day": lambda *_: day})()
    page = Selector("<h2 class=headline>题</h2><p class=old>旧<p class=new>新", type="html")
    item = site.article(page, "https://www.quay.example/story?id=1")
    assert item.body == text
