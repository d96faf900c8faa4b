"""Times of publication, as far as the order of articles and their days tell them."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

_STEP = timedelta(seconds=1)


def publication_times(
    hints: Mapping[str, datetime], months: Iterable[tuple[str, Sequence[str]]]
) -> dict[str, datetime]:
    """Return a time for each article, such that a mirror lists the articles in the order given.

    `hints` are times or days that the pages tell, `months` lists such as ("2021-12", ids) with the
    oldest article first: one for each month of each section. Where order and hints disagree the
    order counts, and as few hints as possible are passed over.
    """
    listed: dict[str, str] = {}
    orders: dict[str, list[list[str]]] = defaultdict(list)
    for month, ids in months:
        orders[month].append(list(ids))
        listed.update((article, month) for article in ids)
    by_month: dict[str, list[str]] = defaultdict(list)
    for article, hint in hints.items():
        by_month[listed.get(article) or f"{hint:%Y-%m}"].append(article)
    times: dict[str, datetime] = {}
    for month, articles in by_month.items():
        own = [[a for a in ids if listed[a] == month] for ids in orders[month]]
        times |= _spread(_in_order({a: hints[a] for a in articles}, own), hints, month)
    return times


def _in_order(hints: Mapping[str, datetime], orders: list[list[str]]) -> list[str]:
    """Return the articles, the oldest first: as all the orders say, then by hint and id."""
    graph = TopologicalSorter(dict.fromkeys(hints, ()))
    for ids in orders:
        for before, after in pairwise(ids):
            graph.add(after, before)
    try:
        graph.prepare()
    except CycleError:  # indexes that contradict each other were not written by this project
        return sorted(hints, key=lambda article: (hints[article], article))
    ordered: list[str] = []
    ready: list[tuple[datetime, str]] = []
    while graph.is_active():
        for article in graph.get_ready():
            heapq.heappush(ready, (hints[article], article))
        _, article = heapq.heappop(ready)
        ordered.append(article)
        graph.done(article)
    return ordered


def _spread(ordered: list[str], hints: Mapping[str, datetime], month: str) -> dict[str, datetime]:
    """Give each article its hint where that fits, else the moment after the article before it.

    Articles of the same time are ordered by their ids.
    """
    within = [n for n, article in enumerate(ordered) if f"{hints[article]:%Y-%m}" == month]
    kept = {within[n] for n in _longest_rise([hints[ordered[n]] for n in within])}
    times: dict[str, datetime] = {}
    last, last_id = _start(month, hints[ordered[0]]), ""
    for n, article in enumerate(ordered):
        least = last if article > last_id else last + _STEP
        last, last_id = max(hints[article], least) if n in kept else least, article
        times[article] = last
    return times


def _start(month: str, like: datetime) -> datetime:
    year, _, number = month.partition("-")
    return datetime(int(year), int(number), 1, tzinfo=like.tzinfo)


def _longest_rise(values: Sequence[datetime]) -> list[int]:
    """Return the places of a longest subsequence that nowhere falls.

    >>> _longest_rise([3, 1, 2, 9, 2, 4])
    [1, 2, 4, 5]
    """
    ends: list[int] = []  # of the rises of each length, the place of the lowest end
    before: list[int] = []
    for place, value in enumerate(values):
        length = bisect_right(ends, value, key=values.__getitem__)
        before.append(ends[length - 1] if length else -1)
        ends[length : length + 1] = [place]
    rise, place = [], ends[-1] if ends else -1
    while place >= 0:
        rise.append(place)
        place = before[place]
    return rise[::-1]
