"""What a site sees of a crawl while it refuses, fails or forbids; all by the times it saw it."""

from __future__ import annotations

import itertools
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from support.hostile import (
    Answer,
    HostileServer,
    Seen,
    drip,
    hang_up,
    in_turn,
    paces,
    page,
    reset,
    site,
)
from support.mirrors import Mirror, Run

from demo.articles import made_up_articles
from demo.site import demo_pages
from mirror.items import Link
from mirror.store.database import open_database
from mirror.store.frontier import Frontier

ARTICLES = made_up_articles(40)[:8]
ALL = {article.id for article in ARTICLES}
LISTING = "/gb/nsc418.htm"
HUGE_ROBOTS = b"""User-agent: *
Disallow: %s
Crawl-delay: 0.6
# %s
Disallow: /gb/nsc
""" % (ARTICLES[0].path.encode(), b"x" * 512_000)

Together = Callable[..., list[Any]]


class Outcome(NamedTuple):
    """A run, and what there was of it."""

    run: Run
    seen: list[Seen]
    articles: set[str]
    states: dict[str, tuple[str, int]]


def pages() -> dict[str, Answer]:
    return site(demo_pages(ARTICLES))


def states(mirror: Mirror) -> dict[str, tuple[str, int]]:
    """Of each address its state, and how often it failed."""
    with sqlite3.connect(mirror.folder / "state" / "mirror.db") as database:
        rows = database.execute("SELECT article, state, attempts FROM frontier").fetchall()
    return {article: (state, attempts) for article, state, attempts in rows}


def crawl(folder: Path, answers: dict[str, Answer], **settings: object) -> Outcome:
    with HostileServer({**pages(), **answers}) as server:
        mirror = Mirror(folder, server)
        run = mirror.scrapy("crawl", "section", "-aid=nsc418", **settings)
        return Outcome(run, list(server.requests), mirror.articles(), states(mirror))


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory, together: Together) -> dict[str, Outcome]:
    """Runs against sites of ill will, two at a time."""
    first, second, third, fourth = (article.path for article in ARTICLES[:4])
    refused = in_turn(page(b"slow", 429, Retry_After="2"), pages()[second])
    cases: dict[str, tuple[dict[str, Answer], dict[str, object]]] = {
        "polite": (
            {"/robots.txt": page(HUGE_ROBOTS), second: refused},
            {"MIRROR_PROFILE": "polite"},
        ),
        "down": (
            {article.path: page(b"down", 503) for article in ARTICLES},
            {"MIRROR_PAUSE": 0.1, "CONCURRENT_REQUESTS": 2},
        ),
        "robots": ({"/robots.txt": page(b"oops", 500)}, {"MIRROR_PAUSE": 0.1}),
        "rude": (
            {
                first: in_turn(reset, reset, pages()[first]),
                second: in_turn(hang_up, hang_up, pages()[second]),
                third: drip,
                fourth: page(b"", 302, Location="http://127.0.0.2:9/gb/21/12/8/n13460123.htm"),
            },
            {"MIRROR_PAUSE": 0.1, "DOWNLOAD_TIMEOUT": 1, "MIRROR_USER_AGENT": "session"},
        ),
        "unsigned": (
            {},
            {
                "FAKEUSERAGENT_PROVIDERS": "scrapy_fake_useragent.providers.FixedUserAgentProvider",
                "USER_AGENT": "Scrapy/2.19.0 (+https://scrapy.org)",
            },
        ),
    }

    def one(name: str) -> Outcome:
        answers, settings = cases[name]
        return crawl(tmp_path_factory.mktemp(name), answers, **settings)

    done = together(*(lambda name=name: one(name) for name in cases))
    return dict(zip(cases, done, strict=True))


# ---- robots.txt


def test_robots_txt_is_asked_for_first_and_obeyed_up_to_its_limit(
    outcomes: dict[str, Outcome],
) -> None:
    polite = outcomes["polite"]
    assert polite.run.asked[0] == "/robots.txt"
    assert ARTICLES[0].path not in polite.run.asked
    assert LISTING in polite.run.asked, "forbidden beyond the first 500 KiB only"
    assert polite.articles == ALL - {ARTICLES[0].id}


def test_crawl_delay_is_kept(outcomes: dict[str, Outcome]) -> None:
    assert min(paces(outcomes["polite"].seen[1:])) > 0.58


def test_robots_txt_that_fails_ends_the_run(outcomes: dict[str, Outcome]) -> None:
    run = outcomes["robots"].run
    assert (run.returncode, set(run.asked)) == (3, {"/robots.txt"})
    assert "robots.txt cannot be had (HTTP 500)" in run.output
    assert "the site's robots.txt could not be had; run it again" in run.output


# ---- pauses


def test_nothing_is_asked_for_as_long_as_the_site_says(outcomes: dict[str, Outcome]) -> None:
    seen = outcomes["polite"].seen
    (at, *_) = (n for n, request in enumerate(seen) if request.path == ARTICLES[1].path)
    assert paces(seen)[at] >= 2
    assert outcomes["polite"].run.stats["mirror/pauses"] == 1
    assert ARTICLES[1].id in outcomes["polite"].articles


def test_retry_comes_from_another_browser(outcomes: dict[str, Outcome]) -> None:
    for name, article in (("polite", ARTICLES[1]), ("rude", ARTICLES[2])):
        seen = [r for r in outcomes[name].seen if r.path == article.path]
        agents = [request.headers["user-agent"] for request in seen]
        assert len(agents) > 1
        assert all(before != after for before, after in itertools.pairwise(agents))


def test_session_has_one_browser_until_a_retry(outcomes: dict[str, Outcome]) -> None:
    seen = outcomes["rude"].seen
    good = [r for r in seen if r.path in {"/robots.txt", LISTING} | {a.path for a in ARTICLES[4:]}]
    assert len({request.headers["user-agent"] for request in good}) == 1
    assert len({r.headers["user-agent"] for r in outcomes["polite"].seen}) > 1


def test_site_that_is_down_ends_the_run_and_articles_stay_due(
    outcomes: dict[str, Outcome],
) -> None:
    down = outcomes["down"]
    assert down.run.returncode == 3
    assert "refuses or fails again and again" in down.run.output
    gaps = [gap for gap in paces(down.seen) if gap > 0.05]
    assert gaps[-1] > 1.5
    assert len(down.seen) < 20
    assert down.run.stats["mirror/halted"] == 1
    assert down.run.stats["mirror/halted/unreachable"] == 1
    blamed = [article for article, state in down.states.items() if state != ("discovered", 0)]
    assert len(blamed) <= 2, "they were the ones to be tried three times"
    assert set(down.states) == ALL


def test_other_articles_come_whatever_happens_to_some(outcomes: dict[str, Outcome]) -> None:
    rude = outcomes["rude"]
    assert rude.articles == ALL - {ARTICLES[2].id, ARTICLES[3].id}
    assert rude.run.returncode == 3
    assert rude.run.stats["mirror/failed"] == 2
    assert rude.states[ARTICLES[2].id] == ("failed", 1)


def test_drip_does_not_hold_a_connection_beyond_the_limit(outcomes: dict[str, Outcome]) -> None:
    tries = [r.time for r in outcomes["rude"].seen if r.path == ARTICLES[2].path]
    assert len(tries) == 3
    assert all(after - before < 2.5 for before, after in itertools.pairwise(tries))


def test_redirect_to_another_host_is_not_followed(outcomes: dict[str, Outcome]) -> None:
    assert "led away from the site, to http://127.0.0.2:9/" in outcomes["rude"].run.output


def test_run_that_would_not_look_like_a_browser_sends_nothing(outcomes: dict[str, Outcome]) -> None:
    assert outcomes["unsigned"].run.returncode == 2
    assert outcomes["unsigned"].seen == []
    assert "Scrapy/2.19.0" in outcomes["unsigned"].run.output


def test_run_can_be_stopped_in_a_pause(tmp_path: Path) -> None:
    refused = ARTICLES[1].path
    with HostileServer({**pages(), refused: page(b"", 429, Retry_After="300")}) as server:
        mirror = Mirror(tmp_path, server)
        running = mirror.start("crawl", "section", "-aid=nsc418")
        while not any(seen.path == refused for seen in server.requests):
            time.sleep(0.05)
        time.sleep(0.3)
        running.send_signal(signal.SIGINT)
        try:
            running.wait(10)
        finally:
            running.kill()
        assert states(mirror)[ARTICLES[1].id] == ("discovered", 0), "due in the next run"


# ---- the days after


def test_article_that_fails_is_tried_again_over_days_then_no_more(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/x.db")
    frontier = Frontier(database)
    frontier.add(Link("n1", "https://www.epochtimes.com/gb/21/1/1/n1.htm", "题"))
    tries = []
    for hour in range(0, 96, 2):
        database.clock.begin(hour * 3600)
        if frontier.take(1, hour * 3600, [], ["n1"]):
            tries.append(hour)
            frontier.fail("n1", "HTTP 500")
    assert tries == [0, 2, 10, 36]
