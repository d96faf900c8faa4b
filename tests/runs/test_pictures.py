"""Lead pictures that are kept small, by whole runs of `scrapy crawl pictures`."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from PIL import Image
from support.commands import command
from support.mirrors import Mirror

from demo.articles import made_up_articles
from demo.server import Page
from demo.site import demo_pages

ARTICLES = made_up_articles(9)
PICTURES = [a.lead_image for a in ARTICLES if a.lead_image and "nsc418" in a.sections]


@pytest.fixture(scope="module")
def crawled(new_mirror: Callable[..., Mirror]) -> Mirror:
    mirror = new_mirror(demo_pages(ARTICLES))
    assert mirror.section("nsc418").returncode == 0
    return mirror


@pytest.fixture
def mirror(crawled: Mirror, new_mirror: Callable[..., Mirror]) -> Mirror:
    return new_mirror(demo_pages(ARTICLES), crawled)


def fetch(mirror: Mirror, *args: str, **settings: object):
    return mirror.scrapy("crawl", "pictures", *args, **{"MIRROR_PICTURES": "20k/1M", **settings})


def kept(mirror: Mirror) -> list[str]:
    return sorted(file.name for file in (mirror.folder / "state/pictures").rglob("*.*"))


def known(mirror: Mirror, *columns: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(mirror.folder / "state/mirror.db")) as database:
        return database.execute(
            f"SELECT {', '.join(columns)} FROM pictures ORDER BY url"
        ).fetchall()


def path(url: str) -> str:
    return url.removeprefix("https://i.epochtimes.com")


def test_pictures_are_kept_once_and_small(mirror: Mirror) -> None:
    before = mirror.stamps()
    run = fetch(mirror)
    assert run.returncode == 0, run.output
    assert run.stats["mirror/pictures_kept"] == len(set(PICTURES)) == len(kept(mirror))
    assert sorted(run.asked) == sorted(["/robots.txt", *(path(url) for url in set(PICTURES))])
    for file in (mirror.folder / "state/pictures").rglob("*.webp"):
        with Image.open(file) as picture:
            assert picture.format == "WEBP"
            assert picture.width <= 480
        assert file.stat().st_size <= 20_000
    assert mirror.stamps() == before
    assert fetch(mirror).asked == []


def test_run_goes_on_where_one_stopped(mirror: Mirror) -> None:
    newest = max((a for a in ARTICLES if a.lead_image in PICTURES), key=lambda a: a.published)
    first = fetch(mirror, "-alimit=1")
    assert first.asked == ["/robots.txt", path(newest.lead_image or "")]
    rest = fetch(mirror)
    assert rest.stats["mirror/pictures_kept"] == len(set(PICTURES)) - 1
    assert not set(first.asked[1:]) & set(rest.asked)


def test_picture_that_is_none_harms_no_other(mirror: Mirror) -> None:
    broken, missing = PICTURES[:2]
    mirror.server.pages[path(broken)] = Page(b"<html>", "image/jpeg")
    mirror.server.pages[path(missing)] = Page(b"", status=404)
    run = fetch(mirror)
    assert run.returncode == 0, run.output
    assert run.stats["mirror/pictures_refused"] == run.stats["mirror/pictures_failed"] == 1
    assert run.stats["mirror/pictures_kept"] == len(set(PICTURES)) - 2
    assert f"Picture refused {broken}: no picture that can be read" in run.output
    assert f"Picture failed {missing}: HTTP 404" in run.output
    assert fetch(mirror).asked == []


def test_section_takes_no_more_than_its_share(mirror: Mirror) -> None:
    run = fetch(mirror, MIRROR_PICTURES="2k/5k")
    sizes = [file.stat().st_size for file in (mirror.folder / "state/pictures").rglob("*.webp")]
    assert 3000 < sum(sizes) <= 5000
    assert len(run.asked) == 1 + len(sizes) < len(set(PICTURES))


def test_picture_elsewhere_is_never_asked_for(mirror: Mirror) -> None:
    with closing(sqlite3.connect(mirror.folder / "state/mirror.db")) as database, database:
        database.execute("UPDATE articles SET lead_image = 'https://pictures.example/a.jpg'")
    run = fetch(mirror)
    assert run.asked == []
    assert known(mirror, "state", "reason") == [("refused", "not at a host of the site")]


def test_picture_of_a_withdrawn_article_goes_with_it(mirror: Mirror) -> None:
    fetch(mirror)
    article = next(a for a in ARTICLES if a.lead_image in PICTURES)
    ((name,),) = (row[1:] for row in known(mirror, "article", "name") if row[0] == article.id)
    assert f"{name}.webp" in kept(mirror)
    assert command(mirror, "purge", article.id).returncode == 0
    assert f"{name}.webp" not in kept(mirror)
    assert fetch(mirror).asked == []


@pytest.mark.parametrize("value", ["", "20k", "20k/10k", "100/1M", "1M/100M", "x/y", "20k/1T"])
def test_wrong_sizes_stop_a_run_before_its_first_request(mirror: Mirror, value: str) -> None:
    run = fetch(mirror, MIRROR_PICTURES=value)
    assert run.returncode == 2
    assert "MIRROR_PICTURES" in run.output
    assert "20k/100M" in run.output
    assert run.asked == []
