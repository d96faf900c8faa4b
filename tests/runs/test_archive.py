"""Back-fills: whole runs by days and from files, stopped and taken up again, and their plans."""

from __future__ import annotations

import gzip
import signal
import sqlite3
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event
from support.commands import command
from support.mirrors import Mirror, Run

from demo.articles import made_up_articles
from demo.server import Page, Pages
from demo.site import demo_pages
from mirror.archive.batches import Batches
from mirror.archive.ranges import Ranges, Span
from mirror.items import Link
from mirror.store.database import Database
from mirror.store.frontier import Frontier

NewMirror = Callable[..., Mirror]
NOW = 2 * 10**9  # after all that is due
HOME = "https://www.epochtimes.com"
SECTION = "nsc418"
SINCE, UNTIL = date(2021, 11, 20), date(2021, 11, 22)
ARTICLES = [replace(a, sections=(SECTION,)) for a in made_up_articles(900)]
OLD, NEW = ARTICLES[33:], ARTICLES[:33]  # these come while the others are read
DAYS = (f"-asince={SINCE}", f"-auntil={UNTIL}")


def within(since: date, until: date) -> set[str]:
    return {a.id for a in ARTICLES if since <= a.published.date() <= until}


def is_listing(path: str) -> bool:
    return SECTION in path


def archive(mirror: Mirror, *args: str) -> Run:
    return mirror.scrapy("crawl", "archive", *args)


def cut_off(mirror: Mirror, how: signal.Signals, *arguments: str) -> None:
    """Start a run and end it when it has asked for ten articles."""
    mirror.server.requests.clear()
    run = mirror.start(*arguments, "-sDOWNLOAD_DELAY=0.02")
    while sum("/n1" in path for path in mirror.asked()) < 10 and run.poll() is None:
        time.sleep(0.02)
    run.send_signal(how)
    run.wait(60)


# ---- by days


@pytest.fixture(scope="module")
def filled(new_mirror: NewMirror) -> tuple[Mirror, list[Run]]:
    """A mirror of three days in the midst: stopped, killed, and gone on with while articles come."""
    mirror = new_mirror(demo_pages(OLD))
    arguments = ("crawl", "archive", f"-aid={SECTION}", *DAYS)
    cut_off(mirror, signal.SIGINT, *arguments)
    mirror.server.pages.update(demo_pages(ARTICLES))
    cut_off(mirror, signal.SIGKILL, *arguments)
    assert 0 < len(mirror.articles()) < len(within(SINCE, UNTIL))
    return mirror, [archive(mirror, *arguments[2:]) for _ in range(2)]


def test_days_are_filled_whatever_stopped_the_run(filled: tuple[Mirror, list[Run]]) -> None:
    mirror, runs = filled
    assert mirror.articles() == within(SINCE, UNTIL)
    assert [run.returncode for run in runs] == [0, 0]


def test_complete_days_are_not_looked_for_again(filled: tuple[Mirror, list[Run]]) -> None:
    _, (_, again) = filled
    assert [path for path in again.asked if path != "/robots.txt"] == []


def test_other_days_are_looked_for_where_they_are_missing(
    filled: tuple[Mirror, list[Run]], new_mirror: NewMirror
) -> None:
    mirror = new_mirror(demo_pages(ARTICLES), filled[0])
    more = UNTIL + timedelta(days=1)
    run = archive(mirror, f"-aid={SECTION}", f"-asince={SINCE}", f"-auntil={more}")
    assert mirror.articles() == within(SINCE, more)
    assert sum("/n1" in path for path in run.asked) == len(within(more, more))


def test_plan_counts_what_is_left_and_writes_nothing(
    filled: tuple[Mirror, list[Run]], new_mirror: NewMirror
) -> None:
    mirror = new_mirror(demo_pages(ARTICLES), filled[0])
    before, known = mirror.stamps(), rows(mirror, "frontier")
    since = SINCE - timedelta(days=4)
    run = archive(mirror, f"-aid={SECTION}", f"-asince={since}", f"-auntil={UNTIL}", "-adry_run=1")
    count = len(within(since, SINCE - timedelta(days=1)))
    assert run.returncode == 0
    assert f"to fetch: {count} articles" in run.output
    assert not any("/n1" in path for path in run.asked)
    assert (mirror.stamps(), rows(mirror, "frontier")) == (before, known)
    assert "dry_run" not in str(rows(mirror, "runs"))  # it does not count as a run


def rows(mirror: Mirror, table: str) -> list[tuple]:
    with sqlite3.connect(mirror.folder / "state" / "mirror.db") as connection:
        return connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()


def test_listing_without_dates_is_decided_by_the_articles(new_mirror: NewMirror) -> None:
    mirror = new_mirror(undated(demo_pages(OLD)))
    run = archive(mirror, f"-aid={SECTION}", *DAYS)
    assert mirror.articles() == within(SINCE, UNTIL)
    assert run.stats["mirror/skipped"] < 100


def test_half_a_listing_page_is_not_believed(new_mirror: NewMirror) -> None:
    pages = demo_pages(ARTICLES)
    whole = pages[f"/gb/{SECTION}.htm"]
    cut = (whole({}) if callable(whole) else whole).body
    pages[f"/gb/{SECTION}.htm"] = Page(cut[: len(cut) * 2 // 3])
    mirror = new_mirror(pages)
    run = archive(mirror, f"-aid={SECTION}", *DAYS)
    assert run.returncode == 3
    assert f"/gb/{SECTION}.htm: cut off" in run.output
    assert mirror.articles() == set()


def undated(pages: Pages) -> Pages:
    """The same pages, with no date in the listings."""

    def hide(page: Callable[[dict[str, str]], Page]) -> Callable[[dict[str, str]], Page]:
        def hidden(headers: dict[str, str]) -> Page:
            shown = page(headers)
            return replace(shown, body=shown.body.replace(b'class="date"', b'class="no"'))

        return hidden

    return {path: hide(page) if is_listing(path) else page for path, page in pages.items()}


# ---- from files


def test_addresses_of_a_file_are_fetched_those_alone(new_mirror: NewMirror) -> None:
    mirror = new_mirror({})
    chosen = ARTICLES[10:14]
    mirror.server.pages.update({a.path: demo_pages(ARTICLES)[a.path] for a in chosen})
    lines = [
        f"{HOME}{chosen[0].path}?utm_source=x",
        f"//m.epochtimes.com{chosen[1].path}/amp",
        chosen[2].path,
        "nothing",
        chosen[2].path,
    ]
    file = mirror.folder / "addresses.gz"
    file.write_bytes(gzip.compress("\n".join(lines).encode()))
    run = archive(mirror, f"-aurls={file}")
    assert mirror.articles() == {article.id for article in chosen[:3]}
    assert run.returncode == 0
    assert "WARNING: 1 that are no article's address, the first: line 4: 'nothing'" in run.output
    assert run.stats["mirror/addresses"] == 4


def test_sitemap_is_asked_for_at_the_source(new_mirror: NewMirror) -> None:
    pages = demo_pages(ARTICLES[:40])
    index, inner = "/sitemap.xml", "/sitemap-1.xml.gz"
    locations = "".join(f"<url><loc>{HOME}{a.path}</loc></url>" for a in ARTICLES[:5])
    pages[index] = xml(f"<sitemapindex><sitemap><loc>{HOME}{inner}</loc></sitemap></sitemapindex>")
    pages[inner] = Page(gzip.compress(f"<urlset>{locations}</urlset>".encode()), "application/gzip")
    mirror = new_mirror(pages)
    run = archive(mirror, f"-aurls={HOME}{index}", "-alimit=3")
    assert len(mirror.articles()) == 3
    assert mirror.articles() <= {article.id for article in ARTICLES[:5]}
    assert [path for path in run.asked if "sitemap" in path] == [index, inner]


def xml(text: str) -> Page:
    return Page(text.encode(), "application/xml")


# ---- arguments


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("-aid=nsc418",), "since="),
        (("-aid=nsc418", "-asince=2018-02-30"), "since=2018-02-30"),
        (("-aid=nsc418", "-asince=2018-01-02", "-auntil=2018-01-01"), "until=2018-01-01"),
        (("-aid=../x", "-asince=2018-01-02"), "id=../x"),
        (("-aurls=/no/such/file",), "urls=/no/such/file"),
        (("-aurls=https://example.com/sitemap.xml",), "urls=https://example.com"),
        (("-aid=nsc418", "-asince=2018-01-02", "-adry_run=no"), "dry_run=no"),
    ],
)
def test_wrong_arguments_stop_the_run(
    new_mirror: NewMirror, args: tuple[str, ...], said: str
) -> None:
    done = command(new_mirror({}), "crawl", "archive", *args)
    assert done.returncode == 2
    assert said in done.output


# ---- the frontier


@pytest.fixture
def database(tmp_path) -> Database:
    return Database(f"sqlite:///{tmp_path}/mirror.db")


def links(*numbers: int, day: date | None = None) -> list[Link]:
    return [Link(f"n{n}", f"{HOME}/gb/18/1/1/n{n}.htm", f"题{n}", day) for n in numbers]


def taken(rows) -> list[str]:
    return [row.article for row in rows]


def test_other_crawls_leave_a_batch_alone_until_their_listing_shows_it(database: Database) -> None:
    frontier, batches = Frontier(database), Batches(database)
    frontier.record("nsc1", links(111111, 111112, day=SINCE), batch="nsc1")
    batches.accept("file", links(222222, 222223))
    assert frontier.take(9, NOW, ["nsc1", ""]) == []
    frontier.record("nsc1", links(111112, 222223))
    assert taken(frontier.take(9, NOW, ["nsc1"])) == ["n111112", "n222223"]
    assert taken(batches.take(9, NOW, "file", 0)) == ["n222222"]


def test_what_a_process_took_is_taken_once_whoever_lists_it(database: Database) -> None:
    frontier, batches = Frontier(database), Batches(database)
    frontier.record("nsc1", links(111111, day=SINCE), batch="nsc1")
    assert taken(batches.take_days(9, NOW, "nsc1", Span(SINCE, UNTIL), 1)) == ["n111111"]
    frontier.record("nsc2", links(111111, day=SINCE), batch="nsc2")
    batches.accept("file", links(111111))
    assert batches.take_days(9, NOW, "nsc2", Span(SINCE, UNTIL), 2) == []
    assert batches.take(9, NOW, "file", 2) == []


def test_batch_is_taken_by_days_and_what_has_none_at_the_end(database: Database) -> None:
    frontier, batches = Frontier(database), Batches(database)
    frontier.record("nsc1", links(111111), batch="nsc1")
    frontier.record("nsc1", links(111112, day=SINCE), batch="nsc1")
    frontier.record("nsc1", links(111113, day=UNTIL), batch="nsc1")
    frontier.record("nsc1", links(111114, day=UNTIL + timedelta(days=1)), batch="nsc1")
    rows = batches.take_days(9, NOW, "nsc1", Span(SINCE, UNTIL), 0)
    assert set(taken(rows)) == {"n111111", "n111112", "n111113"}


def test_address_given_again_is_not_fetched_twice_but_what_was_skipped_is(
    database: Database,
) -> None:
    frontier, batches = Frontier(database), Batches(database)
    batches.accept("file", links(111111, 111112, 111113))
    frontier.settle("n111111", "gone")
    frontier.settle("n111112", "skipped", day="2018-01-01")
    assert batches.accept("other", links(111111, 111112, 111113, 111114)) == (1, 2, 1)
    found = taken(batches.take(9, NOW, "other", 0))
    assert found == ["n111112", "n111113", "n111114"]


def test_days_are_complete_once_however_they_overlap(database: Database) -> None:
    ranges = Ranges(database)
    for first, last in ((10, 12), (20, 25), (13, 14), (1, 2), (24, 30)):
        ranges.complete("nsc1", Span(date(2018, 1, first), date(2018, 1, last)))
    days = [(span.since.day, span.until.day) for span in ranges.done("nsc1")]
    assert days == [(1, 2), (10, 14), (20, 30)]
    assert ranges.done("nsc2") == []


def test_frontier_of_an_earlier_version_is_brought_up_to_date(tmp_path) -> None:
    file = tmp_path / "mirror.db"
    with sqlite3.connect(file) as connection:
        connection.execute(
            "CREATE TABLE frontier (seq INTEGER PRIMARY KEY, article TEXT NOT NULL UNIQUE, "
            "url TEXT NOT NULL, section TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL, "
            "attempts INTEGER NOT NULL, due INTEGER, taken INTEGER, day TEXT, etag TEXT, modified TEXT)"
        )
        connection.execute("CREATE INDEX due ON frontier (due, seq)")
        connection.execute(
            "INSERT INTO frontier VALUES (1,'n111111','u','nsc1','discovered','',0,0,NULL,NULL,'','')"
        )
    frontier = Frontier(Database(f"sqlite:///{file}"))
    assert taken(frontier.take(9, NOW, ["nsc1"])) == ["n111111"]


@pytest.mark.parametrize("how", ["section", "days", "file"])
def test_what_is_due_is_found_by_an_index(database: Database, how: str) -> None:
    frontier, batches = Frontier(database), Batches(database)
    asked: list[tuple[str, tuple]] = []
    event.listen(
        database.engine,
        "before_cursor_execute",
        lambda _c, _u, statement, values, *_: asked.append((statement, values)),
    )
    batches.accept("file", links(*range(100_000, 101_000)))
    asked.clear()
    if how == "section":
        frontier.take(9, NOW, ["nsc1"])
    elif how == "days":
        batches.take_days(9, NOW, "nsc1", Span(SINCE, UNTIL), 0)
    else:
        batches.take(9, NOW, "file", 0)
    with database.engine.connect() as connection:
        for statement, values in tuple(asked):
            plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all())
            assert "waiting" in plan
            assert "SCAN" not in plan
            assert "TEMP B-TREE" not in plan
