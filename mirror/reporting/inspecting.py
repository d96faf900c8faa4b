"""What a mirror knows, read beside whatever runs: nothing here writes or locks."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, Select, create_engine, func, inspect, select, text
from sqlalchemy.engine import make_url

from mirror.quality.quarantine import REJECTED, held
from mirror.reporting.history import runs
from mirror.store.frontier_table import frontier
from mirror.store.gaps import gaps
from mirror.store.migrations import check_current
from mirror.store.read_only import read_only
from mirror.store.schema import adopted, articles, elsewhere, links, listings, outdated

_GAPS = ("", "bounded", "apart", "open", "skipped")  # kinds, the most urgent last
_UNKNOWN = "unknown"  # the section of what was never fetched and stands in no listing
_ADDRESS_RE = re.compile(r"^Refused \S+: |https?://\S+")
_DUE = {
    "discovered": "new",
    "failed": "to be tried again",
    "refused": "to be tried again",
}  # by state
_AGAIN = "to be looked at again"  # any other
_TOLD = (
    "site",
    "url",
    "section",
    "title",
    "published",
    "updated",
    "removed",
    "lead_image",
    "lead_alt",
    "lead_caption",
    "reporter",
    "editor",
    "fingerprint",
)


@dataclass(slots=True)
class Section:
    """What is known of a section."""

    id: str
    states: dict[str, int] = field(
        default_factory=dict
    )  # articles by state, see mirror.store.frontier_table
    pages: int = 0  # in this tree
    listed: int = 0  # articles that its listing shows, those whose page is elsewhere among them
    oldest: str | None = None  # ISO 8601, in the site's time zone
    newest: str | None = None
    walk: str = ""  # what is not read of its listing: the most urgent kind of its gaps


@dataclass(slots=True)
class Reason:
    """Why articles were refused or failed."""

    state: str
    reason: str  # addresses taken out
    articles: list[str]  # ids


@contextmanager
def reading(database_url: str) -> Iterator[Connection]:
    """Open a database to read it alone. Raises ArgumentError if there is none, or one of another
    version."""
    engine = create_engine(read_only(database_url), execution_options={"postgresql_readonly": True})
    try:
        with engine.connect() as connection:
            check_current(connection)
            yield connection
    finally:
        engine.dispose()


# ---- the whole


def sections(connection: Connection) -> list[Section]:
    """Return what is known of each section, sorted by id."""
    found: dict[str, Section] = {}

    def of(id: str | None) -> Section:
        return found.setdefault(id or _UNKNOWN, Section(id or _UNKNOWN))

    for query in _states():
        for id, state, count in connection.execute(query):
            states = of(id).states
            states[state] = states.get(state, 0) + count
    for id, count, oldest, newest in connection.execute(_times()):
        section = of(id)
        section.pages, section.oldest, section.newest = count, oldest, newest
    listed = select(listings.c.section, func.count()).group_by(listings.c.section)
    for id, count in connection.execute(listed):
        of(id).listed = count
    is_walked = inspect(connection).has_table(gaps.name)  # not yet after scrapy adopt
    for id, kind in connection.execute(select(gaps.c.section, gaps.c.kind)) if is_walked else ():
        of(id).walk = max(of(id).walk, kind, key=_GAPS.index)
    return [found[id] for id in sorted(found)]


def _states() -> Iterator[Select]:
    """Select (section, state, number of articles), each article once: in the section of its page."""
    where = frontier.c.section
    yield (
        select(where, frontier.c.state, func.count())
        .where(where != "")
        .group_by(where, frontier.c.state)
    )
    yield (
        select(articles.c.section, frontier.c.state, func.count())
        .select_from(frontier.outerjoin(articles, articles.c.id == frontier.c.article))
        .where(where == "")
        .group_by(articles.c.section, frontier.c.state)
    )


def _times() -> Select:
    here = func.count().filter(elsewhere.c.article.is_(None))
    time = articles.c.published
    return (
        select(articles.c.section, here, func.min(time), func.max(time))
        .select_from(articles.outerjoin(elsewhere, elsewhere.c.article == articles.c.id))
        .group_by(articles.c.section)
    )


def due(connection: Connection) -> dict[str, Any]:
    """Return how many addresses are due by what for, and as `next` when the next one will be (ISO
    8601, UTC)."""
    moment = int(time.time())
    counts = dict.fromkeys((*_DUE.values(), _AGAIN), 0)
    query = select(frontier.c.state, func.count()).where(frontier.c.due <= moment)
    for state, count in connection.execute(query.group_by(frontier.c.state)):
        counts[_DUE.get(state, _AGAIN)] += count
    later = connection.scalar(select(func.min(frontier.c.due)).where(frontier.c.due > moment))
    return {**counts, "next": _utc(later)}


def reasons(connection: Connection) -> list[Reason]:
    """Return why articles failed or were refused, the most frequent reason first."""
    found: dict[tuple[str, str], list[str]] = {}
    query = select(frontier.c.state, frontier.c.reason, frontier.c.article)
    query = query.where(frontier.c.state.in_(("failed", "refused"))).order_by(frontier.c.seq)
    for state, reason, article in connection.execute(query):
        found.setdefault((state, _ADDRESS_RE.sub("", reason).strip()), []).append(article)
    by_number = sorted(found.items(), key=lambda group: (-len(group[1]), group[0]))
    return [Reason(*why, ids) for why, ids in by_number]


def last_run(connection: Connection) -> dict[str, Any] | None:
    """Return the newest row of the runs; None if there is none, or no such table yet."""
    if not inspect(connection).has_table(runs.name):
        return None
    row = connection.execute(select(runs).order_by(runs.c.id.desc()).limit(1)).first()
    if row is None:
        return None
    decoded = {"arguments": json.loads(row.arguments), "figures": json.loads(row.figures)}
    return {**row._mapping, **decoded}


def last_runs(connection: Connection, count: int) -> list[dict[str, Any]]:
    """Return the newest runs, newest first: spider, arguments, start, end and status of each."""
    if not inspect(connection).has_table(runs.name):
        return []
    shown = select(runs.c.spider, runs.c.arguments, runs.c.started, runs.c.ended, runs.c.status)
    rows = connection.execute(shown.order_by(runs.c.id.desc()).limit(count))
    return [{**row._mapping, "arguments": json.loads(row.arguments)} for row in rows]


def held_back(connection: Connection) -> list[dict[str, str]]:
    """Return the updates that wait for a later day or the operator: article, day and reason of each."""
    return [row for row in _held(connection) if row["day"] != REJECTED]


def _held(connection: Connection) -> list[dict[str, str]]:
    """Return all updates that were held back, those that were rejected, too."""
    if not inspect(connection).has_table(held.name):
        return []
    query = select(held.c.article, held.c.day, held.c.reason).order_by(held.c.article)
    return [dict(row._mapping) for row in connection.execute(query)]


def _decision(update: dict[str, str]) -> dict[str, str]:
    """Return what is known of an update that was held back, in words if it was rejected."""
    return update | {"day": "rejected"} if update["day"] == REJECTED else update


def size(connection: Connection, database_url: str) -> int:
    """Return the bytes that a database takes on its disk."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite":
        return connection.scalar(text("SELECT pg_database_size(current_database())"))
    files = (Path(f"{url.database}{ending}") for ending in ("", "-wal"))
    return sum(file.stat().st_size for file in files if file.exists())


def by_day(connection: Connection) -> dict[str, dict[str, int]]:
    """Return section -> day (ISO 8601) -> number of articles that it shows, published that day."""
    day = func.substr(articles.c.published, 1, 10)
    query = select(listings.c.section, day, func.count()).join(
        articles, articles.c.id == listings.c.article
    )
    found: dict[str, dict[str, int]] = {}
    for section, when, count in connection.execute(query.group_by(listings.c.section, day)):
        found.setdefault(section, {})[when] = count
    return dict(sorted(found.items()))


# ---- one article


def article(connection: Connection, id: str) -> dict[str, Any] | None:
    """Return all that is known of an article; None if nothing is."""
    address = connection.execute(select(frontier).where(frontier.c.article == id)).first()
    stored = connection.execute(_stored().where(articles.c.id == id)).first()
    if address is None and stored is None:
        return None
    listed = select(listings.c.section, listings.c.title).where(listings.c.article == id)
    targets = select(links.c.target).where(links.c.source == id).order_by(links.c.target)
    sources = select(links.c.source).where(links.c.target == id).order_by(links.c.source)
    return {
        "id": id,
        "address": _address(address) if address else None,
        "article": _article(stored) if stored else None,
        "page": _page(stored) if stored else None,
        "listed": {row.section: row.title for row in connection.execute(listed)},
        "links_to": list(connection.scalars(targets)),
        "linked_from": list(connection.scalars(sources)),
        "held": next((_decision(row) for row in _held(connection) if row["article"] == id), None),
    }


def _stored() -> Select:
    """Select articles, with `home` (null: this tree), `adopted` and `outdated` (null: no)."""
    marked = (outdated.c.kind == "page") & (outdated.c.key == articles.c.id)
    return select(
        articles,
        elsewhere.c.home,
        adopted.c.article.label("adopted"),
        outdated.c.key.label("outdated"),
    ).select_from(
        articles.outerjoin(elsewhere, elsewhere.c.article == articles.c.id)
        .outerjoin(adopted, adopted.c.article == articles.c.id)
        .outerjoin(outdated, marked)
    )


def _address(row: Row) -> dict[str, Any]:
    """Return an address of the frontier, with its `due` in ISO 8601, UTC."""
    known = {k: v for k, v in row._mapping.items() if k not in ("seq", "article") and v is not None}
    return known | ({"due": _utc(row.due)} if row.due is not None else {})


def _article(row: Row) -> dict[str, Any]:
    known = {name: getattr(row, name) for name in _TOLD if getattr(row, name)}
    return {**known, "tags": json.loads(row.tags), "body": f"{len(row.body):,} characters"}


def _page(row: Row) -> dict[str, Any]:
    """Return where an article's page is: `home` is "" in this tree, None if it was purged."""
    homes = {None: "", "": None}
    return {
        "path": row.path,
        "home": homes.get(row.home, row.home),
        "adopted": row.adopted is not None,
        "outdated": row.outdated is not None,
    }


def _utc(seconds: int | None) -> str | None:
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="seconds")
