"""Several sources in one run, one tree and one index."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.commands import command

from demo.articles import made_up_articles
from demo.second import TOLD_AGAIN, second_articles, second_pages
from demo.server import DemoServer, Page, Pages
from demo.site import demo_pages

if TYPE_CHECKING:
    from support.mirrors import Mirror, Run

NewMirror = Callable[..., "Mirror"]
ARTICLES = made_up_articles(40)
SECOND = second_articles(ARTICLES)
LISTED = {article.id for article in ARTICLES if "nsc418" in article.sections}
BOTH = ("-asite=epochtimes,ntd", "-aid=nsc418,china")
UNREACHABLE = "http://127.0.0.1:1"


def pages(second: Pages) -> Pages:
    return demo_pages(ARTICLES) | second


def published(mirror: Mirror) -> set[str]:
    return {page.stem for page in mirror.tree.glob("pages/*/*.md")}


def crawl(mirror: Mirror, *args: str, **settings: object) -> Run:
    return mirror.scrapy("crawl", "section", *(args or BOTH), **settings)


@pytest.fixture(scope="module")
def mirror(new_mirror: NewMirror) -> Mirror:
    """A mirror of both sources, crawled once."""
    made: Mirror = new_mirror(pages(second_pages(SECOND)))
    run = crawl(made, MIRROR_STATS_FILE=made.folder / "stats.json")
    assert run.returncode == 0, run.output
    return made


def test_both_sources_are_in_one_tree_and_one_index(mirror: Mirror) -> None:
    assert published(mirror) == LISTED | {article.id for article in SECOND}
    home = (mirror.tree / "README.md").read_text("utf-8")
    assert "indexes/nsc418.md" in home
    assert "indexes/ntd-china.md" in home
    listed = (mirror.tree / "indexes/ntd-china.md").read_text("utf-8")
    assert all(f"{article.id}.md" in listed for article in SECOND)


def test_each_source_is_told_of_by_itself(mirror: Mirror) -> None:
    ended = json.loads((mirror.folder / "stats.json").read_text("utf-8"))
    told = {one["arguments"]["site"]: one["figures"]["new"] for one in ended["sources"]}
    assert told == {"epochtimes": len(LISTED), "ntd": len(SECOND)}
    assert ended["figures"]["new"] == len(LISTED) + len(SECOND)


def test_status_has_a_row_for_each_source(mirror: Mirror) -> None:
    known = json.loads(command(mirror, "status", "--json").output)["sources"]
    assert {one["site"]: (one["pages"], one["status"]) for one in known} == {
        "epochtimes": (len(LISTED), "COMPLETE"),
        "ntd": (len(SECOND), "COMPLETE"),
    }
    told = command(mirror, "status").output
    assert re.search(rf" ntd +{len(SECOND)} +2021-12-08 \d\d:\d\d +20.* COMPLETE", told), told


def test_second_run_of_both_writes_nothing(mirror: Mirror) -> None:
    before = mirror.stamps()
    assert crawl(mirror).returncode == 0
    assert mirror.stamps() == before


def test_source_that_cannot_be_reached_does_not_hold_up_the_other(new_mirror: NewMirror) -> None:
    mirror = new_mirror(pages({}))
    where = f"epochtimes={mirror.server.url},ntd={UNREACHABLE}"
    run = crawl(mirror, MIRROR_SOURCE_URL=where)
    assert run.returncode == 3
    assert published(mirror) == LISTED
    assert "indexes/nsc418.md" in (mirror.tree / "README.md").read_text("utf-8")
    assert f"{UNREACHABLE}/robots.txt cannot be had" in run.output


def closes(_headers: dict[str, str]) -> Page:
    raise ConnectionError


FAILING = {
    "closes every connection": lambda _page: closes,
    "cuts off its pages": lambda page: Page(page.body[: len(page.body) // 2]),
}


def test_source_that_fails_in_whatever_way_leaves_the_other_whole(
    mirror: Mirror, new_mirror: NewMirror, together: Callable[..., list[Any]]
) -> None:
    whole = {path: page for path, page in mirror.texts().items() if "/nsc418/n" in path}
    told_once = set(whole) - {path for number in range(TOLD_AGAIN) for path in pair(number)}

    def run(fail: Callable[[Page], Any]) -> tuple[int, dict[str, str], set[str]]:
        made = {p: page({}) for p, page in second_pages(SECOND).items() if callable(page)}
        one = new_mirror(pages({}))
        with DemoServer({path: fail(page) for path, page in made.items()}) as second:
            where = f"epochtimes={one.server.url},ntd={second.url}"
            status = crawl(one, MIRROR_SOURCE_URL=where).returncode
        return status, one.texts(), published(one)

    for status, texts, ids in together(*(partial(run, fail) for fail in FAILING.values())):
        assert (status, ids) == (3, LISTED)
        assert {path: texts[path] for path in told_once} == {p: whole[p] for p in told_once}


def test_hollow_source_publishes_nothing_and_the_other_everything(new_mirror: NewMirror) -> None:
    changed = {
        path: Page(page({}).body.replace(b"article_content", b"x").replace(b"post_content", b"x"))
        for path, page in second_pages(SECOND).items()
        if not isinstance(page, Page)
    }
    changed = {p: Page(page.body.replace(b"articleBody", b"x")) for p, page in changed.items()}
    mirror = new_mirror(pages(dict(changed)))
    run = crawl(mirror)
    assert run.returncode == 9
    assert published(mirror) == LISTED
    assert "in ntd-china, 0 have a body" in run.output
    assert not Path(mirror.tree / "indexes/ntd-china.md").exists()


# ---- the same story, told by both


def pair(number: int = 0) -> tuple[str, str]:
    """The paths of the two pages of a story."""
    again = [article for article in ARTICLES if "figure" not in article.body_html][:TOLD_AGAIN]
    return f"pages/nsc418/{again[number].id}.md", f"pages/ntd-china/{SECOND[number].id}.md"


def test_pages_of_the_same_story_lead_to_one_another(mirror: Mirror) -> None:
    texts = mirror.texts()
    told = {path for path, page in texts.items() if "\n另见：" in page}
    assert told == {path for number in range(TOLD_AGAIN) for path in pair(number)}
    for one, other in (pair(0), pair(0)[::-1]):
        assert f"](../{other.removeprefix('pages/')})（2021-12-08，" in texts[one]


def test_lost_database_finds_the_same_stories_again(mirror: Mirror, new_mirror: NewMirror) -> None:
    copy = new_mirror({}, mirror)
    before = copy.texts()
    for file in (copy.folder / "state").iterdir():
        file.unlink()
    done = command(copy, "adopt")
    assert f"{len(published(mirror))} articles adopted" in done.output
    assert command(copy, "sync", "--all").returncode == 0
    assert copy.texts() == before
    assert "55 pages" in command(copy, "status").output


def test_story_that_is_taken_out_is_led_to_no_more(mirror: Mirror, new_mirror: NewMirror) -> None:
    copy = new_mirror({}, mirror)
    one, other = pair(0)
    assert command(copy, "purge", Path(other).stem).returncode == 0
    assert "另见" not in copy.texts()[one]
    assert "0 differences" in command(copy, "verify").output


def test_classic_pages_are_as_they_were(mirror: Mirror, new_mirror: NewMirror) -> None:
    copy = new_mirror({}, mirror)
    assert command(copy, "sync", "--all", MIRROR_THEME="classic").returncode == 0
    assert not any("另见" in page for page in copy.texts().values())
