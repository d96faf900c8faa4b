"""Where each source stands: its sections together, and how its last crawl ended."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, inspect, select

from mirror.exits import Exit
from mirror.reporting.history import runs
from mirror.reporting.inspecting import Section
from mirror.sites import get_site, site_names
from mirror.spiders.base import DEFAULT_SITE


@dataclass(slots=True)
class Source:
    """What is known of a source."""

    site: str
    states: dict[str, int] = field(default_factory=dict)  # articles by state
    pages: int = 0  # in this tree
    newest: str | None = None  # ISO 8601, in the site's time zone
    started: str | None = None  # its last crawl; ISO 8601, UTC
    status: str | None = None  # how that ended, None as long as it has not


def sources(connection: Connection, sections: Iterable[Section]) -> list[Source]:
    """Return what is known of each source that was crawled or has articles, in the order of names."""
    found = {name: Source(name) for name in site_names()}
    for section in sections:
        source = found.get(_site_of(section.id))
        if source:
            source.states = dict(Counter(source.states) + Counter(section.states))
            source.pages += section.pages
            source.newest = max(filter(None, (source.newest, section.newest)), default=None)
    for name, started, status in _last_runs(connection):
        if name in found and found[name].started is None:
            found[name].started = started
            found[name].status = None if status is None else Exit(status).name
    return [source for source in found.values() if source.states or source.started]


def _site_of(section: str) -> str:
    """Return the name of the site that has a section; that of "other" is the one that calls it so."""
    sites = map(get_site, site_names())
    return next((s.name for s in sites if s.is_section(section) or s.unsectioned == section), "")


def _last_runs(connection: Connection) -> Iterator[tuple[str, str, int | None]]:
    """Yield site, start and exit status of the crawls that are remembered, the newest first."""
    if not inspect(connection).has_table(runs.name):
        return
    query = select(runs.c.arguments, runs.c.started, runs.c.status).order_by(runs.c.id.desc())
    for arguments, started, status in connection.execute(query):
        yield json.loads(arguments).get("site", DEFAULT_SITE), started, status
