"""Whether articles still give what they usually do: where a site's markup changes, fields go missing.

A new article is compared with those of its section that were published about the same time, for
other years had other habits; an update with the version that is stored. Each field of each article
is then a coin with a known bias, and a run of bad luck that chance does not explain is a finding.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Collection
from datetime import datetime, time, timedelta
from math import comb
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from mirror.store.schema import articles, listings

if TYPE_CHECKING:
    from mirror.items import ArticleItem
    from mirror.store.database import Database

_WINDOW = 30  # articles that are judged together
_LONG = 300  # articles among which rare fields are looked for
_SAMPLE = 100  # stored articles that say what is usual
_ENOUGH = 20  # of them before they say anything
_NEAR = timedelta(days=90)  # how far apart in time articles can be compared
_CHANCE = 1e-5  # what is less probable than this is no accident
_CAUTION = 0.8  # times the usual share: articles of a day are more alike than chance has it
_MUCH = 0.55  # of the usual share; with more, nothing is wrong
_WHOLE = 0.98  # usual share of articles with a title and a body, of updates that keep what they had
_SURE = 0.92  # of these, whatever the day
_SHORTENED = 0.8  # of the former text; what keeps less of it was shortened
_SAME = 5  # articles in a window that may not have one title, or begin alike
_START = 600  # characters of HTML

_TAG_RE = re.compile(r"<[^<>]*>")
_GIVEN = (
    "a lead image",
    "a caption",
    "a time of day",
    "tags",
    "a reporter",
    "an editor",
    "pictures in the text",
)
_LENGTH = "text of the usual length"

Features = dict[str, int]  # what an article gives: field -> 1 or 0, _LENGTH -> characters of HTML
Outcomes = dict[str, tuple[bool, float, float]]  # field -> is it there, usual share, least share

_FOUND = (True, _WHOLE, _SURE)


def text_of(html: str) -> str:
    """Return what is left of HTML without its tags; rough, but cheap."""
    return _TAG_RE.sub("", html).strip()


def features(item: ArticleItem) -> Features:
    """Return what an article gives."""
    return {
        "a lead image": bool(item.lead_image),
        "a caption": bool(item.lead_caption),
        "a time of day": item.published.time() != time(),
        "tags": bool(item.tags),
        "a reporter": bool(item.reporter),
        "an editor": bool(item.editor),
        "pictures in the text": "<img" in item.body,
        _LENGTH: len(item.body),
    }


class Usual:
    """What the articles of a section and a time give, learnt from some of them."""

    def __init__(self, seen: list[Features]):
        self.seen = seen
        self.count = -1  # of those that the shares below were made of
        self.shares: dict[str, float] = {}
        self.short = 0  # half as long as the middle one of the bodies

    def learn(self, given: Features) -> None:
        """Learn from one more article, up to a number: what is usual does not slide away."""
        if len(self.seen) < _SAMPLE:
            self.seen.append(given)

    def outcomes(self, given: Features) -> Outcomes:
        """Return how a new article compares; nothing as long as too few are known."""
        if len(self.seen) != self.count:
            self._sum_up()
        there = {**given, _LENGTH: given[_LENGTH] >= self.short}
        return {f: (bool(there[f]), share, _CAUTION * share) for f, share in self.shares.items()}

    def _sum_up(self) -> None:
        self.count = len(self.seen)
        if self.count >= _ENOUGH:
            self.short = sorted(g[_LENGTH] for g in self.seen)[self.count // 2] // 2
            given = {f: sum(g[f] for g in self.seen) for f in _GIVEN}
            given[_LENGTH] = sum(g[_LENGTH] >= self.short for g in self.seen)
            self.shares = {f: (number + 1) / (self.count + 2) for f, number in given.items()}


def kept(item: ArticleItem, former: ArticleItem) -> Outcomes:
    """Return how an update compares with the version before it."""
    given, had = features(item), features(former)
    outcomes = {field: (bool(given[field]), _WHOLE, _SURE) for field in _GIVEN if had[field]}
    is_long = len(text_of(item.body)) >= _SHORTENED * len(text_of(former.body))
    return {**outcomes, _LENGTH: (is_long, _WHOLE, _SURE)}


class UsualCoverage:
    """What is usual, section by section and quarter by quarter, from the database and from what
    was judged to be right since."""

    def __init__(self, database: Database):
        self.database = database
        self.known: dict[tuple[str, int, int], Usual] = {}

    def usual(self, section: str, published: datetime) -> Usual:
        """Return what articles of a section give that were published about a time."""
        key = (section, published.year, (published.month - 1) // 3)
        if key not in self.known:
            self.known[key] = Usual(self._stored(section, published))
        return self.known[key]

    def _stored(self, section: str, published: datetime) -> list[Features]:
        near = listings.c.published.between(
            (published - _NEAR).isoformat(), (published + _NEAR).isoformat()
        )
        own = articles.c.section == section  # an article of several sections is compared in one
        query = select(listings.c.article).join(articles, articles.c.id == listings.c.article)
        query = query.where(listings.c.section == section, near, own)
        query = query.order_by(listings.c.published.desc()).limit(_SAMPLE)
        with self.database.engine.connect() as connection:
            ids = list(connection.scalars(query))
        stored = (item for item in self.database.stored(ids) if not item.adopted)
        return [features(item) for item in stored]


def listed(database: Database, section: str) -> int:
    """Return how many articles a section was seen to have."""
    query = select(func.count()).where(listings.c.section == section)
    with database.engine.connect() as connection:
        return connection.scalar(query) or 0


class Tally:
    """How many articles of a section, or of all, had each field, and how many should have."""

    def __init__(self, count: int = 0, **sums: dict[str, float]):
        """Begins with nothing, or with what `vars` gave of another one."""
        self.count = count
        self.asked = Counter(sums.get("asked", {}))
        self.there = Counter(sums.get("there", {}))
        self.usual = defaultdict(float, sums.get("usual", {}))  # sums of shares
        self.least = defaultdict(float, sums.get("least", {}))

    def add(self, outcomes: Outcomes) -> None:
        """Count one article."""
        self.count += 1
        for field, (is_there, usual, least) in outcomes.items():
            self.asked[field] += 1
            self.there[field] += is_there
            self.usual[field] += usual
            self.least[field] += least

    def include(self, other: Tally) -> None:
        """Count what another one has counted."""
        self.count += other.count
        self.asked.update(other.asked)
        self.there.update(other.there)
        for field in other.usual:
            self.usual[field] += other.usual[field]
            self.least[field] += other.least[field]

    def finding(self, where: str) -> str:
        """Return in words which field is missing too often; empty if none is."""
        for field, asked in self.asked.items():
            there, usual = self.there[field], self.usual[field]
            if there < _MUCH * usual and chance(there, asked, self.least[field] / asked) < _CHANCE:
                share = f"usually {usual / asked:.0%} do"
                return f"of {asked} articles in {where}, {there} have {field}, {share}"
        return ""


def chance(successes: int, tries: int, probability: float) -> float:
    """Return how probable it is to have no more successes than these (binomial distribution).

    >>> chance(0, 3, 0.5), chance(3, 3, 0.5)
    (0.125, 1.0)
    """
    p, q = probability, 1 - probability
    return sum(comb(tries, k) * p**k * q ** (tries - k) for k in range(successes + 1))


class Observer:
    """Looks at article after article, and judges them some at a time."""

    def __init__(self, history: UsualCoverage, irregular: Collection[str] = ()):
        """`irregular` are the fields that come and go at a site whatever its markup is."""
        self.history = history
        self.irregular = irregular
        self.window = Tally()
        self.past: deque[Tally] = deque(maxlen=_LONG // _WINDOW)  # judged before, the newest last
        self.sections: defaultdict[str, Tally] = defaultdict(Tally)
        self.right: list[tuple[Usual, Features]] = []  # to learn from, if the judgement is good
        self.repeated: Counter[int] = Counter()

    @property
    def is_full(self) -> bool:
        """Whether it is time for a judgement."""
        return self.window.count >= _WINDOW

    def see(self, item: ArticleItem, former: ArticleItem | None) -> list[str]:
        """Count an article, an update if there is a former version of it; return what it lacks
        that most have."""
        given, usual = features(item), self.history.usual(item.section, item.published)
        outcomes = kept(item, former) if former else usual.outcomes(given)
        outcomes = {f: o for f, o in outcomes.items() if f not in self.irregular}
        outcomes |= {"a title": _FOUND, "a body": _FOUND}
        self.right.append((usual, given))
        self._add(item.section, outcomes)
        lacking = [
            field for field, (there, share, _) in outcomes.items() if not there and share > 0.5
        ]
        return [*lacking, *self._repeats(item.title, text_of(item.body[:_START]))]

    def see_again(self, item: ArticleItem) -> None:
        """Count an article that is as it was."""
        given = features(item)
        self._add(item.section, {field: _FOUND for field in _GIVEN if given[field]})

    def miss(self, section: str, field: str) -> None:
        """Count a page on which a title or a body was not found."""
        self._add(section, {f"a {field}": (False, _WHOLE, _SURE)})

    def finding(self) -> str:
        """Return in words what is wrong with the articles seen; empty if nothing is."""
        found = (self.finding_in(section) for section in self.sections)
        return next(filter(None, found), "") or self._long_finding()

    def _long_finding(self) -> str:
        """A rare field is missed only among many. They are counted back from the latest, so that
        those before a change do not hide it."""
        seen = Tally()
        for tally in (self.window, *reversed(self.past)):
            seen.include(tally)
            if found := seen.finding("all sections"):
                return found
        return ""

    def finding_in(self, section: str) -> str:
        """Return in words what is wrong with those of a section, or with the latest of all."""
        if self.repeated and max(self.repeated.values()) >= _SAME:
            return f"{max(self.repeated.values())} articles have the same title, or begin alike"
        here = self.sections[section].finding(section)
        return here or self.window.finding("all sections")

    def accept(self) -> None:
        """Learn from what was seen, and begin anew."""
        for usual, given in self.right:
            usual.learn(given)
        self.past.append(self.window)
        self.right, self.window, self.repeated = [], Tally(), Counter()
        for section in [s for s, tally in self.sections.items() if tally.count >= _WINDOW]:
            del self.sections[section]

    def _add(self, section: str, outcomes: Outcomes) -> None:
        self.window.add(outcomes)
        self.sections[section].add(outcomes)

    def _repeats(self, *texts: str) -> list[str]:
        """Return those of an article's title and text that another one had, too."""
        keys = [hash(text) for text in texts if text]
        self.repeated.update(keys)
        return ["words of its own" for key in keys if self.repeated[key] > 1]
