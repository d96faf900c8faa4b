"""What articles usually give: an article's share of fields is compared with that of its section.

A new article is compared with those of its section that were published about the same time, for
other years had other habits. Each field of each article is then a coin with a known bias, and a run
of bad luck that chance does not explain is a finding.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from mirror.quality.features import GIVEN, LENGTH, Features, Outcome, Outcomes, features
from mirror.store.schema import articles, listings

if TYPE_CHECKING:
    from mirror.items import ArticleItem
    from mirror.store.database import Database

_SAMPLE_SIZE = 100  # articles that say what is usual
_MIN_SAMPLE_SIZE = 20  # with fewer nothing is said
_MAX_APART = timedelta(days=90)  # between articles that can be compared
_CAUTION = 0.8  # times the usual share: articles of a day are more alike than chance has it

Key = tuple[str, int, int]  # section, year, quarter


class Usual:
    """What the articles of a section and a time give, learnt from some of them."""

    def __init__(self, seen: list[Features]):
        self.seen = seen
        self.count = -1  # of those that the shares below were made of
        self.shares: dict[str, float] = {}
        self.short = 0  # half as long as the middle one of the bodies

    def learn(self, given: Features) -> None:
        """Learn from one more article, up to a number: what is usual does not slide away."""
        if len(self.seen) < _SAMPLE_SIZE:
            self.seen.append(given)

    def outcomes(self, given: Features) -> Outcomes:
        """Return how a new article compares; nothing as long as too few are known."""
        if len(self.seen) != self.count:
            self._sum_up()
        there = {**given, LENGTH: given[LENGTH] >= self.short}
        return {
            f: Outcome(bool(there[f]), share, _CAUTION * share) for f, share in self.shares.items()
        }

    def _sum_up(self) -> None:
        self.count = len(self.seen)
        if self.count >= _MIN_SAMPLE_SIZE:
            self.short = sorted(g[LENGTH] for g in self.seen)[self.count // 2] // 2
            given = {f: sum(g[f] for g in self.seen) for f in GIVEN}
            given[LENGTH] = sum(g[LENGTH] >= self.short for g in self.seen)
            self.shares = {f: (number + 1) / (self.count + 2) for f, number in given.items()}


class UsualCoverage:
    """What is usual, section by section and quarter by quarter.

    It is learnt from the articles stored, those that earlier runs kept back, and what was judged to be
    right since. Those kept back are what the stored ones lack: without them a run that was killed would
    leave a picture that is too good.
    """

    def __init__(self, database: Database, kept_back: Iterable[ArticleItem] = ()):
        self.database = database
        self.kept_back = list(kept_back)
        self.known: dict[Key, Usual] = {}

    def usual(self, item: ArticleItem) -> Usual:
        """Return what articles of an article's section and time give."""
        key = key_of(item)
        if key not in self.known:
            self.known[key] = Usual(self._sample(item.section, item.published))
        return self.known[key]

    def learn(self, key: Key, given: Features) -> None:
        """Learn what one more article gives, if anybody asked what is usual of its kind."""
        if key in self.known:
            self.known[key].learn(given)

    def _sample(self, section: str, published: datetime) -> list[Features]:
        since, until = published - _MAX_APART, published + _MAX_APART
        own = articles.c.section == section  # an article of several sections is compared in one
        near = listings.c.published.between(since.isoformat(), until.isoformat())
        query = select(listings.c.article).join(articles, articles.c.id == listings.c.article)
        query = query.where(listings.c.section == section, near, own)
        query = query.order_by(listings.c.published.desc()).limit(_SAMPLE_SIZE)
        ids = self.database.reading.scalars(query)
        sample = {item.id: item for item in self.database.stored(ids) if not item.adopted}
        for item in self.kept_back:
            if item.section == section and since <= item.published <= until:
                sample[item.id] = item
        newest = sorted(sample.values(), key=lambda item: item.published, reverse=True)
        return [features(item) for item in newest[:_SAMPLE_SIZE]]


def key_of(item: ArticleItem) -> Key:
    """Return which articles an article is compared with."""
    return item.section, item.published.year, (item.published.month - 1) // 3


def listed(database: Database, section: str) -> int:
    """Return how many articles a section was seen to have."""
    query = select(func.count()).where(listings.c.section == section)
    return database.reading.scalar(query) or 0
