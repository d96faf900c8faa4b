"""How a crawl ends: exit status, stats file, log, display, the table of runs."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from support.mirrors import ROOT

from demo.articles import made_up_articles
from demo.server import Page, Pages
from demo.site import demo_pages
from mirror.reporting.inspecting import last_run, reading
from mirror.reporting.outcomes import Outcome

if TYPE_CHECKING:
    from conftest import Mirror

ARTICLES = made_up_articles(12)
NOT_FOUND, NO_ARTICLE = (
    Page(b"not here", status=404),
    Page(f"<p>{'无字的节目。' * 20}</html>".encode()),
)
HIDE_CURSOR, SHOW_CURSOR = "\x1b[?25l", "\x1b[?25h"
SECTION = ("crawl", "section", "-aid=nsc418")


class Ended(NamedTuple):
    """A run's status, what it left in its stats file, what it said, and its mirror."""

    status: int
    stats: dict[str, Any]
    output: str
    mirror: Mirror


def pages(**instead: Page) -> Pages:
    """The site, with other answers for some of its articles: the first, the second ..."""
    changed = {ARTICLES[int(number[1:])].path: page for number, page in instead.items()}
    return {**demo_pages(ARTICLES), **changed}


def run(mirror: Mirror, *args: str, **settings: object) -> Ended:
    file = mirror.folder / "stats.json"
    done = mirror.scrapy(*(args or SECTION), MIRROR_STATS_FILE=file, **settings)
    return Ended(done.returncode, json.loads(file.read_text("utf-8")), done.output, mirror)


def slowly(page: Any, sent: Event, headers: dict[str, str]) -> Page:
    """Answer after a while, or as soon as a signal was sent."""
    sent.wait(0.5)
    return page if isinstance(page, Page) else page(headers)


def stopped(mirror: Mirror, by: signal.Signals = signal.SIGINT) -> Ended:
    """Send a signal to a run in the middle of its articles."""
    sent = Event()
    mirror.server.pages |= {path: partial(slowly, page, sent) for path, page in pages().items()}
    file, log = mirror.folder / "stats.json", mirror.folder / "log"
    settings = {"MIRROR_STATS_FILE": file, "LOG_FILE": log}
    settings |= {"CONCURRENT_REQUESTS": 1, "LOGSTATS_INTERVAL": 0.1}
    process = mirror.start(*SECTION, *(f"-s{name}={value}" for name, value in settings.items()))
    while len(mirror.asked()) < 6 and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(by)
    sent.set()
    status = process.wait(30)
    return Ended(status, json.loads(file.read_text("utf-8")), log.read_text("utf-8"), mirror)


def live(mirror: Mirror) -> Ended:
    """Run on a terminal of 60 columns."""
    file = mirror.folder / "stats.json"
    ours, theirs = pty.openpty()
    command = mirror._command(SECTION, {"MIRROR_STATS_FILE": file})
    environment = {**os.environ, "COLUMNS": "60", "TERM": "xterm"}
    process = subprocess.Popen(command, cwd=ROOT, stderr=theirs, stdout=theirs, env=environment)
    os.close(theirs)
    seen = bytearray()
    with suppress(OSError):  # the terminal is gone when the process is
        while chunk := os.read(ours, 65536):
            seen += chunk
    os.close(ours)
    status = process.wait(30)
    return Ended(status, json.loads(file.read_text("utf-8")), seen.decode(), mirror)


@pytest.fixture(scope="module")
def ended(
    new_mirror: Callable[..., Mirror], together: Callable[..., list[Any]]
) -> dict[str, Ended]:
    """Runs that end in different ways."""
    refused, failed = new_mirror(pages(n1=NO_ARTICLE)), new_mirror(pages(n0=Page(b"", status=500)))
    wrong = new_mirror({})
    runs = {
        "refused": partial(run, refused),
        "failed": partial(run, failed, RETRY_ENABLED=False),
        "stopped": partial(stopped, new_mirror({})),
        "hung up": partial(stopped, new_mirror({}), signal.SIGHUP),
        "wrong": partial(run, wrong, "crawl", "section", "-aid=x", LOG_FILE=wrong.folder / "log"),
        "live": partial(live, new_mirror(pages(n2=NO_ARTICLE))),
    }
    return dict(zip(runs, together(*runs.values()), strict=True))


@pytest.mark.parametrize(
    ("what", "status", "name"),
    [
        ("refused", 10, "REFUSED"),
        ("failed", 3, "INCOMPLETE"),
        ("stopped", 3, "INCOMPLETE"),
        ("hung up", 3, "INCOMPLETE"),
        ("wrong", 2, "USAGE"),
        ("live", 10, "REFUSED"),
    ],
)
def test_status_is_in_the_stats_file_too(
    ended: dict[str, Ended], what: str, status: int, name: str
) -> None:
    stats = ended[what].stats
    assert (ended[what].status, stats["status"], stats["name"]) == (status, status, name)
    assert stats["spider"] == "section"
    assert stats["arguments"]["id"] in ("nsc418", "x")


def test_figures_are_those_of_the_run(ended: dict[str, Ended]) -> None:
    figures = ended["refused"].stats["figures"]
    assert (figures["new"], figures["refused"], figures["failed"]) == (len(ARTICLES) - 1, 1, 0)
    assert figures["listing_pages"] == 1
    assert figures["bytes"] > 10_000
    assert figures["articles"] == len(ARTICLES)
    assert ended["failed"].stats["figures"]["failed"] == 1


@pytest.mark.parametrize("what", ["refused", "failed", "stopped"])
def test_last_line_of_the_log_says_status_and_figures(ended: dict[str, Ended], what: str) -> None:
    _, stats, output, _ = ended[what]
    last = output.splitlines()[-1]
    assert f"status {stats['status']} {stats['name']}: 1 listing page; " in last
    assert f"{stats['figures']['new']} new" in last


def test_log_file_of_a_run_that_did_not_begin_says_why(ended: dict[str, Ended]) -> None:
    *_, line = (ended["wrong"].mirror.folder / "log").read_text("utf-8").splitlines()
    assert "Ended with status 2 USAGE: id=x: must be section ids" in line
    assert ended["wrong"].stats["message"] in ended["wrong"].output


def test_stopped_run_tells_its_figures_while_it_runs(ended: dict[str, Ended]) -> None:
    told = [
        line for line in ended["stopped"].output.splitlines() if "mirror.reporting.progress" in line
    ]
    assert len(told) >= 2
    assert re.search(r"\d+ articles \(\d+ new, .* a second; .* to do", told[-1])


def test_summary_is_a_table_of_plain_text(ended: dict[str, Ended]) -> None:
    output = ended["refused"].output
    assert re.search(rf"^\| articles new +\| +{len(ARTICLES) - 1} \|$", output, re.MULTILINE)
    assert "\x1b" not in output


def test_run_is_in_the_database(ended: dict[str, Ended]) -> None:
    for what in ("refused", "stopped"):
        mirror, stats = ended[what].mirror, ended[what].stats
        with reading(f"sqlite:///{mirror.folder}/state/mirror.db") as connection:
            row = last_run(connection)
        assert (row["spider"], row["arguments"]) == ("section", {"id": "nsc418"})
        for field in ("status", "started", "figures"):
            assert row[field] == stats[field]


# ---- on a terminal


def test_terminal_shows_display_warnings_and_summary_and_no_other_log(
    ended: dict[str, Ended],
) -> None:
    seen = ended["live"].output
    words = " ".join(re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", seen).split())  # without colours
    assert "finishing pages and indexes" in words
    assert re.search(r"\] WARNING: Refused https://www\.epochtimes\.com/", words)
    assert "] INFO:" not in words
    assert f"articles new {len(ARTICLES) - 1} articles updated" in words
    assert "Ended with status 10 REFUSED" in words
    assert seen.rfind(SHOW_CURSOR) > seen.rfind(HIDE_CURSOR) > -1


def test_passwords_in_addresses_are_not_told() -> None:
    outcome = Outcome(
        "archive",
        {"urls": "https://me:secret@example.org/list"},
        "2021-12-01T00:00:00+00:00",
        message="MIRROR_DATABASE_URL=postgresql://me:secret@db/mirror: must be reachable",
    )
    told = json.dumps(outcome.as_json())
    assert "example.org/list" in told
    assert "@db/mirror" in told
    assert "secret" not in told
