"""Several workers on one crawl, over real servers: the pages, and what the site was asked."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event, Thread
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import pytest

pytest.importorskip("scrapy_redis", reason="requirements-cluster.txt is not installed")
pytest.importorskip("psycopg", reason="requirements-cluster.txt is not installed")

from redis import Redis
from scrapy import Request, Spider
from scrapy.settings import Settings
from scrapy_redis.queue import PriorityQueue
from sqlalchemy import Engine, select, update
from sqlalchemy.exc import DBAPIError
from support import servers
from support.articles import article as made_up
from support.commands import command

from demo.articles import made_up_articles
from demo.server import Page, Pages
from demo.site import demo_pages
from mirror.cluster import serializer
from mirror.cluster.addon import Cluster
from mirror.cluster.claims import Claims
from mirror.cluster.claims import claims as claims_table
from mirror.cluster.cluster_worker import ClusterWorker, Walker
from mirror.cluster.job import Job
from mirror.cluster.roster import Seen, seen_workers, workers
from mirror.cluster.scheduler import Scheduler
from mirror.errors import ArgumentError
from mirror.items import Link
from mirror.pages.ledger import Ledger, store
from mirror.pages.tree import Tree
from mirror.store.database import Database
from mirror.store.frontier import Frontier
from mirror.store.frontier_table import frontier as frontier_table
from mirror.store.retrying import retried
from mirror.store.schema import mark_outdated, write_alone

if TYPE_CHECKING:
    from conftest import Mirror

ROOT = Path(__file__).resolve().parents[2]
SECTIONS = "nsc418,nsc413"
PAUSE = 0.04  # seconds between two requests of all workers
LEASE = 30  # seconds
LINKS = [
    Link(f"n{n}", f"https://www.epochtimes.com/gb/21/1/1/n{n}.htm", "题") for n in range(101, 107)
]

pytestmark = pytest.mark.skipif(
    bool(servers.missing()), reason=f"not installed: {servers.missing()}"
)
NewMirror = Callable[..., "Mirror"]


class Stormy(NamedTuple):
    """A mirror that several workers made while everything failed round them."""

    mirror: Mirror
    database_url: str
    statuses: list[int]  # of those that were not killed
    asked: Counter[str]  # the paths of articles
    times: list[float]  # of all requests
    killed: int


@pytest.fixture(scope="module")
def redis() -> Iterator[servers.RedisServer]:
    with servers.RedisServer() as server:
        yield server


@pytest.fixture
def database(postgres: servers.PostgresServer) -> Database:
    return Database(postgres.new_database())


def worker(
    mirror: Mirror, name: str, database_url: str, redis: servers.RedisServer
) -> subprocess.Popen[bytes]:
    """Start a worker with a tree of its own."""
    settings = {
        "MIRROR_OUTPUT": mirror.folder / name,
        "MIRROR_DATABASE_URL": database_url,
        "REDIS_URL": redis.url,
        "DOWNLOAD_DELAY": PAUSE,
        "CONCURRENT_REQUESTS": 4,
    }
    line = mirror._command(("crawl", "section", f"-aid={SECTIONS}"), settings)
    environment = {**os.environ, "SCRAPY_PROJECT": "cluster"}
    # Scrapy sets this where a test before has asked for settings, and obeys it more than the other.
    environment.pop("SCRAPY_SETTINGS_MODULE", None)
    with (mirror.folder / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            line, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
        )


def timed(times: list[float], page: Page | Callable[..., Page], headers: dict[str, str]) -> Page:
    times.append(time.monotonic())
    return page if isinstance(page, Page) else page(headers)


@pytest.fixture(scope="module")
def stormy(
    new_mirror: NewMirror, postgres: servers.PostgresServer, redis: servers.RedisServer
) -> Stormy:
    """Two workers; one is killed and another comes, Redis is emptied, PostgreSQL and Redis restart,
    and somebody publishes before they are done."""
    times: list[float] = []
    pages: Pages = {
        path: partial(timed, times, page)
        for path, page in demo_pages(made_up_articles(130)).items()
    }
    mirror, url = new_mirror(pages), postgres.new_database()

    def wait_for(requests: int) -> None:
        while len(times) < requests:
            assert any(w.poll() is None for w in running), "all workers ended"
            time.sleep(0.02)

    running = [worker(mirror, name, url, redis) for name in ("w1", "w2")]
    try:
        wait_for(20)
        running[0].kill()
        running[0].wait()
        running.append(worker(mirror, "w1", url, redis))
        wait_for(35)
        redis.flush()
        wait_for(50)
        postgres.stop()
        postgres.start()
        wait_for(70)
        redis.stop()
        wait_for(85)
        redis.start()
        assert command(mirror, "fill", MIRROR_DATABASE_URL=url).returncode == 0
        statuses = [w.wait(120) for w in running[1:]]
    finally:
        for process in running:
            process.kill()
            process.wait()
    asked = Counter(path for path in mirror.asked() if re.search(r"/n\d+\.htm$", path))
    return Stormy(mirror, url, statuses, asked, list(times), killed=1)


def test_storm_costs_nothing(stormy: Stormy, new_mirror: NewMirror) -> None:
    single = new_mirror(stormy.mirror.server.pages)
    single.section(SECTIONS)
    published = command(stormy.mirror, "fill", MIRROR_DATABASE_URL=stormy.database_url)
    assert published.returncode == 0, published.output
    assert stormy.statuses == [0, 0]
    # The addresses of the source stand in no page, so the two trees can be compared.
    assert stormy.mirror.files() == single.files()
    assert stormy.asked.keys() == {path for path in single.asked() if path in stormy.asked}


def test_nothing_is_fetched_twice_but_what_a_killed_worker_had(stormy: Stormy) -> None:
    twice = [path for path, times in stormy.asked.items() if times > 1]
    flushed_each, held = 2.5, 4 + 8  # seconds; articles
    assert len(twice) <= flushed_each / PAUSE + held
    assert max(stormy.asked.values()) <= 1 + stormy.killed


def test_site_sees_one_pace(stormy: Stormy) -> None:
    first = stormy.times[0]
    seconds = Counter(int(moment - first) for moment in stormy.times)
    held_up = 3 * 2  # by a process that could do nothing for a moment: at most two of each worker
    assert max(seconds.values()) <= 1 / PAUSE + held_up + 1


def test_second_run_looks_at_the_listings_again(stormy: Stormy, redis: servers.RedisServer) -> None:
    command(stormy.mirror, "fill", MIRROR_DATABASE_URL=stormy.database_url)
    before, asked = stormy.mirror.stamps(), len(stormy.mirror.server.requests)
    assert worker(stormy.mirror, "w3", stormy.database_url, redis).wait(120) == 0
    paths = {request.path for request in stormy.mirror.server.requests[asked:]}
    assert paths == {"/robots.txt", "/gb/nsc418.htm", "/gb/nsc413.htm"}
    done = command(stormy.mirror, "fill", MIRROR_DATABASE_URL=stormy.database_url)
    assert "0 pages made, 0 indexes changed" in done.output
    assert stormy.mirror.stamps() == before


def claims(database: Database, asked: str = "a", limit: int | None = None) -> Claims:
    """A worker that has just come, with connections of its own, as another process has."""
    url = database.engine.url.render_as_string(hide_password=False)
    job = Job(asked, ("nsc418",), limit=limit)
    come = Claims(Database(url), job, LEASE, f"host:{asked}")
    come.join()
    return come


def working(database: Database) -> int:
    return sum(worker.state == "working" for worker in seen(database))


def seen(database: Database) -> list[Seen]:
    with database.engine.connect() as connection:
        return seen_workers(connection, LEASE)


def go_silent(database: Database, who: Claims, seconds: int) -> None:
    mine = update(workers).where(workers.c.id == who.worker)
    with database.engine.begin() as connection:
        connection.execute(mine.values(seen=workers.c.seen - seconds))


def die(database: Database, who: Claims) -> None:
    """What the database sees of kill -9, some seconds after; but nobody is dead just after a start
    of the database itself."""
    before = working(database)
    who.line.invalidate()
    go_silent(database, who, 10)
    while working(database) == before:
        time.sleep(0.1)


def ids(rows: list) -> list[str]:
    return [row.article for row in rows]


@pytest.fixture
def frontier(database: Database) -> Frontier:
    frontier = Frontier(database)
    frontier.record("nsc418", LINKS)
    return frontier


def test_article_is_held_by_one_worker(database: Database, frontier: Frontier) -> None:
    one, other = claims(database), claims(database)
    queued = ids(one.queue(4))
    assert other.queue(4) and not one.queue(4), "what is queued is queued once"
    assert ids(one.claim(queued)) == queued
    assert other.claim(queued) == [] and other.take(9) == []


def test_what_a_dead_worker_held_comes_back(database: Database, frontier: Frontier) -> None:
    one, other = claims(database), claims(database)
    held = ids(one.take(9))
    go_silent(database, one, 10)
    assert other.take(9) == [], "it may be busy: it is still connected"
    die(database, one)
    assert ids(other.take(9)) == held


def test_what_redis_lost_is_handed_out_again_and_fetched_once(
    database: Database, frontier: Frontier
) -> None:
    one, other = claims(database), claims(database)
    queued = ids(one.queue(9))
    one.lose_queue()
    assert ids(other.queue(9)) == queued
    assert ids(other.claim(queued)) == queued
    assert one.claim(queued) == []


def test_limit_is_for_all_workers_together(database: Database, frontier: Frontier) -> None:
    one, other = claims(database, limit=4), claims(database, limit=4)
    assert len(one.take(3)) == 3
    assert len(other.take(3)) == 1
    die(database, one)
    assert len(other.take(9)) == 3, "what was handed out before counts once"
    for link in LINKS[:4]:
        frontier.settle(link.id, "refused")
    other.walk()
    other.note_discovered()
    assert other.is_complete()
    other.finish()
    assert other.take(9) == [], "a run that has ended hands out nothing more"


def test_crawls_do_not_mix(database: Database, frontier: Frontier) -> None:
    one, other = claims(database, "a"), claims(database, "b")
    queued = ids(one.queue(9))
    assert other.claim(queued) == [] and other.queue(9) == []
    assert one.walk() and other.walk()


def test_one_worker_walks_until_it_dies(database: Database) -> None:
    one, other = claims(database), claims(database)
    assert one.walk() and not other.walk()
    one.note_begun()
    die(database, one)
    assert other.walk().begun
    one.note_discovered()
    assert not one.beat(0, 0.0).is_walker
    assert not other.beat(0, 0.0).is_discovered, "what a replaced walker says counts no more"


def test_run_is_complete_when_the_database_says_so(database: Database, frontier: Frontier) -> None:
    one = claims(database)
    assert not one.is_complete()
    one.walk()
    one.note_discovered()
    *done, last = ids(one.take(9))
    for article in done:
        frontier.settle(article, "refused")
    assert not one.is_complete()
    assert one.leave_rest() == 1, "an error came between"
    assert one.is_complete()
    one.finish()
    assert one.beat(0, 0.0).is_over
    assert ids(claims(database).take(9)) == [last], "the next run tries again"


def test_worker_that_comes_to_a_run_joins_it(database: Database, frontier: Frontier) -> None:
    one = claims(database)
    assert claims(database).run == one.run
    assert claims(database, "b").run == 1
    one.leave()
    assert claims(database).run == one.run, "the other one is still there"


def test_workers_are_listed_for_the_operator(database: Database) -> None:
    one, two = claims(database), claims(database)
    one.beat(12, 3.5)
    two.leave()
    by_state = {worker.state: worker for worker in seen(database)}
    assert (by_state["working"].answers, by_state["working"].rate) == (12, 3.5)
    assert by_state.keys() == {"working", "ended"}


def test_mark_set_while_a_page_is_made_anew_stays(database: Database) -> None:
    def mark() -> None:
        with database.engine.begin() as connection:
            mark_outdated(connection, database.engine, [("page", "n1")])

    mark()
    with database.remaking("page", ["n1"]):
        marking = Thread(target=mark)
        marking.start()
        marking.join(0.2)
    marking.join()
    assert database.outdated("page") == ["n1"]


def test_mark_that_stood_when_a_page_was_made_anew_covers_what_was_being_stored(
    database: Database,
) -> None:
    """Who makes a section's page anew waits for the article that is being stored, and shows it."""
    stored = Event()
    index = [("section", "nsc418")]

    def store_one() -> None:
        with database.engine.begin() as connection:
            write_alone(connection)
            store(connection, database, [made_up(1)])
            stored.set()
            time.sleep(0.3)

    with database.engine.begin() as connection:
        mark_outdated(connection, database.engine, index)
    storing = Thread(target=store_one)
    storing.start()
    stored.wait()
    with database.remaking("section", ["nsc418"]):
        shown = [row.id for row in database.newest("nsc418", 10)]
    storing.join()
    assert shown == [made_up(1).id]
    assert database.outdated("section") == []


def test_requests_are_the_same_bytes_each_time() -> None:
    request = {"url": "https://x.example/", "headers": {b"If-None-Match": [b'"a"']}, "body": b""}
    turned = dict(reversed(request.items()))
    assert serializer.loads(serializer.dumps(request)) == request
    assert serializer.dumps(request) == serializer.dumps(turned)


def test_other_database_is_refused_before_the_first_request(new_mirror: NewMirror) -> None:
    mirror = new_mirror({})
    done = command(mirror, "fill", REDIS_URL="redis://127.0.0.1:1/0")
    assert done.returncode == 2 and "postgresql+psycopg://" in done.output


@pytest.mark.parametrize("name", ["MIRROR_REDIS_URL", "REDIS_URL"])
def test_redis_is_asked_where_the_command_line_says(name: str) -> None:
    settings = Settings({"REDIS_URL": "redis://file:1", "MIRROR_REDIS_URL": "redis://file:1"})
    settings.set(name, "redis://line:1", "cmdline")
    Cluster().update_settings(settings)
    assert settings["REDIS_URL"] == "redis://line:1"


def test_archive_is_for_one_machine(
    postgres: servers.PostgresServer, new_mirror: NewMirror
) -> None:
    mirror = new_mirror({})
    urls = {"REDIS_URL": "redis://127.0.0.1:1/0", "MIRROR_DATABASE_URL": postgres.new_database()}
    done = mirror.scrapy("crawl", "archive", "-aid=nsc418", "-asince=2021-12-01", **urls)
    assert done.returncode == 2 and "several machines" in done.output
    assert done.asked == []


def test_worker_that_lost_an_article_with_its_lease_writes_nothing_of_it(
    database: Database, frontier: Frontier, tmp_path: Path
) -> None:
    late, next_one = claims(database), claims(database)
    mine = [row.article for row in late.take(4)]
    with database.engine.begin() as connection:
        lost = claims_table.c.article.in_(mine[:2])
        connection.execute(update(claims_table).where(lost).values(worker=next_one.worker))
    ledger = Ledger(late.database, Tree(tmp_path))
    for article in mine:
        ledger.unchanged(replace(made_up(1), id=article))
    ledger.flush()
    Frontier(late.database).fail(mine[0], "HTTP 500")
    Frontier(late.database).settle(mine[1], "refused")
    with database.engine.connect() as connection:
        rows = connection.execute(select(frontier_table.c.article, frontier_table.c.state)).all()
    states = {row.article: row.state for row in rows}
    assert [states[article] for article in mine] == ["discovered"] * 2 + ["unchanged"] * 2


def test_statement_that_can_never_succeed_is_no_absence(database: Database) -> None:
    @retried
    def ask(engine: Engine) -> None:
        with engine.connect() as connection:
            many = [f"n{number}" for number in range(70_000)]
            connection.execute(
                select(frontier_table.c.seq).where(frontier_table.c.article.in_(many))
            )

    Frontier(database)
    with pytest.raises(DBAPIError):
        ask(database.engine)


def test_listing_of_any_length_is_recorded(database: Database) -> None:
    links = [
        Link(f"n{n}", f"https://www.epochtimes.com/gb/21/1/1/n{n}.htm", "题") for n in range(3500)
    ]
    frontier = Frontier(database)
    assert frontier.record("nsc418", links) == 3500
    assert frontier.record("nsc418", [replace(link, title="题二") for link in links]) == 0
    assert frontier.record("nsc413", links[:10] * 2) == 10


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1", "EUC_CN"])
def test_database_that_cannot_store_chinese_is_refused(
    postgres: servers.PostgresServer, encoding: str
) -> None:
    url = postgres.new_database(f"ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0")
    with pytest.raises(ArgumentError, match=f"{encoding}.*UTF8"):
        Database(url)


def test_foreign_values_in_redis_are_dropped_and_the_rest_is_done(
    redis: servers.RedisServer,
) -> None:
    server, spider = Redis(port=redis.port), Spider("section")
    queue = PriorityQueue(server, spider, "mirror:test:requests", serializer=serializer)
    queue.push(Request("http://127.0.0.1/n1.htm", cb_kwargs={"article": "n1"}))
    foreign = [
        b"garbage",
        b"\x80\x04N.",
        b"[]",
        b'{"url": "http://127.0.0.1/", "headers": {}, "body": ""}',
        b'{"url": "http://127.0.0.1/", "headers": {}, "body": "", "_class": "this.that"}',
        b'{"url": "http://127.0.0.1/", "headers": {}, "body": "", "callback": "nothing"}',
    ]
    server.zadd("mirror:test:requests", dict.fromkeys(foreign, -10))
    scheduler = object.__new__(Scheduler)
    scheduler.queue, scheduler.foreign = queue, 0
    assert scheduler._pop(20) == ["n1"]
    assert scheduler.foreign == len(foreign)
    assert "this" not in sys.modules  # what a foreign value names is not even imported


def test_worker_that_comes_when_all_is_discovered_reads_no_listing() -> None:
    worker = object.__new__(ClusterWorker)
    worker.is_ending, worker.is_discovered = False, True
    crawler = cast(Any, SimpleNamespace(get_extension=lambda kind: worker))

    async def start() -> AsyncIterator[Request]:
        raise AssertionError("it is read again")
        yield

    async def begin() -> list[Request]:
        return [request async for request in Walker(crawler).process_start(start())]

    assert asyncio.run(begin()) == []
