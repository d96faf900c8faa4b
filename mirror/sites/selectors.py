"""CSS selectors of a site's layouts, each with the days on which pages were served that have it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

_CACHED_ORDERS = 8192  # of some fields' selectors, on some days


class Served(NamedTuple):
    """A selector, and the first and the last day on which it is known to hold ("": not known)."""

    css: str
    since: str = ""
    until: str = ""

    def holds(self, day: str) -> bool:
        """Whether pages of a day such as 2020-10-09 may have what is selected."""
        return self.since <= day and (not self.until or day <= self.until)


Selectors = tuple[Served, ...]  # of a field; those that are tried first come first


def served(since: str, until: str, *css: str) -> Selectors:
    """Return selectors of one layout."""
    return tuple(Served(selector, since, until) for selector in css)


@lru_cache(_CACHED_ORDERS)
def in_order(selectors: Selectors, day: date | None) -> tuple[str, ...]:
    """Return selectors in the order in which to try them on a page of a day: those of its time first,
    and then the others, for no date is certain.

    >>> older, newer = Served("h1.a", "2014-01-01", "2016-12-31"), Served("h1", "2017-01-01")
    >>> in_order((newer, older), date(2015, 6, 1)), in_order((newer, older), None)
    (('h1.a', 'h1'), ('h1', 'h1.a'))
    """
    if day is not None:
        selectors = tuple(sorted(selectors, key=lambda one: not one.holds(day.isoformat())))
    return tuple(one.css for one in selectors)


def all_served(fields: Iterable[Selectors]) -> list[Served]:
    """Return the selectors of some fields."""
    return [one for selectors in fields for one in selectors]
