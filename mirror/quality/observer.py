"""Looks at article after article, and judges them some at a time."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

from mirror.quality.coverage import Key, UsualCoverage, key_of
from mirror.quality.features import (
    FOUND,
    GIVEN,
    MISSED,
    PAGE,
    Features,
    Outcomes,
    features,
    kept,
    text_of,
)
from mirror.quality.tallies import Tally

if TYPE_CHECKING:
    from mirror.items import ArticleItem

_WINDOW_SIZE = 30  # articles that are judged together
_MAX_REMEMBERED = 300  # articles among which rare fields are looked for
_MAX_ALIKE = 4  # articles in a window that may have one title, or begin alike
_BEGINNING_CHARACTERS = 600  # of HTML

ALL = "all sections"


class Finding(NamedTuple):
    """What is wrong with some articles: which field, in which section, and that in words."""

    section: str  # ALL for all of them
    field: str  # "" if they are too much alike
    words: str


class Sightings:
    """What was seen of articles that nobody has judged yet."""

    def __init__(self) -> None:
        self.total = Tally()
        self.sections: defaultdict[str, Tally] = defaultdict(Tally)
        self.articles: set[str] = set()  # ids of those that were new or changed
        self.texts: defaultdict[int, set[str]] = defaultdict(set)  # of which articles, by checksum
        self.given: list[tuple[Key, Features]] = []  # what to learn from if all is well

    def __bool__(self) -> bool:
        return self.total.count > 0

    def add(self, section: str, outcomes: Outcomes) -> None:
        """Count an article."""
        self.total.add(outcomes)
        self.sections[section].add(outcomes)

    def include(self, other: Sightings) -> None:
        """Count what another one has counted."""
        self.total.include(other.total)
        for section, tally in other.sections.items():
            self.sections[section].include(tally)
        self.articles |= other.articles
        for text, articles in other.texts.items():
            self.texts[text] |= articles

    def as_json(self) -> dict[str, Any]:
        """Return all of it as JSON can hold it."""
        return {
            "sections": {section: vars(tally) for section, tally in self.sections.items()},
            "articles": sorted(self.articles),
            "texts": [[text, sorted(articles)] for text, articles in self.texts.items()],
            "given": self.given,
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Sightings:
        """Return what `as_json` gave."""
        made = cls()
        for section, counts in values["sections"].items():
            made.sections[section] = Tally.of(counts)
            made.total.include(made.sections[section])
        made.articles = set(values["articles"])
        made.texts.update((text, set(articles)) for text, articles in values["texts"])
        made.given = [((section, year, q), given) for (section, year, q), given in values["given"]]
        return made


class Observer:
    """Counts what is seen in a window, in each section since it had enough, and in windows before.

    Others may look at articles of the same crawl; what is seen goes to them, and theirs comes here.
    """

    def __init__(self, history: UsualCoverage, irregular: Collection[str] = ()):
        """`irregular` are the fields that come and go at a site whatever its markup is."""
        self.history = history
        self.irregular = irregular
        self.past: deque[Tally] = deque(maxlen=_MAX_REMEMBERED // _WINDOW_SIZE)  # the newest last
        self.carried: dict[str, Tally] = {}  # of sections that had too few to be done with
        self.window = Sightings()
        self.pending = Sightings()  # those of the window that others do not know of yet
        self.cleared: set[str] = set()  # fields that are missing for good reason

    @property
    def is_full(self) -> bool:
        """Whether it is time for a judgement."""
        return self.window.total.count >= _WINDOW_SIZE

    def see(self, item: ArticleItem, former: ArticleItem | None) -> list[str]:
        """Count an article, an update if there is a former version of it; return what it lacks
        that most have. One that was counted in a run before this, and not stored, is not counted
        again."""
        given, usual = features(item), self.history.usual(item)
        outcomes = kept(item, former) if former else usual.outcomes(given)
        outcomes = {f: o for f, o in outcomes.items() if f not in self.irregular}
        outcomes |= {"a title": FOUND, "a body": FOUND}
        if former:
            outcomes[PAGE] = FOUND
        if self._is_new(item.id):
            self._add(item.section, outcomes)
            self.pending.given.append((key_of(item), given))
        lacking = [f for f, (there, share, _) in outcomes.items() if not there and share > 0.5]
        return lacking + self._repeats(item)

    def see_again(self, item: ArticleItem, is_whole: bool) -> None:
        """Count an article that is as it was; `is_whole` if its page was seen, not only said to be so."""
        given = features(item) if is_whole else {}
        fields = [PAGE, *(field for field in GIVEN if given.get(field))]
        self._add(item.section, dict.fromkeys(fields, FOUND))

    def miss(self, article: str, section: str, field: str) -> None:
        """Count a page on which a field was not found without which there is no article, or a page that
        was not there though it was before."""
        if self._is_new(article) or f"a {field}" == PAGE:
            self._add(section, {f"a {field}": MISSED})

    def hear(self, others: Sightings) -> None:
        """Count what others have seen."""
        self.window.include(others)
        self.window.given += others.given

    def finding(self) -> Finding | None:
        """Return what is wrong with the articles seen, None if nothing is."""
        sections = self.carried.keys() | self.window.sections.keys()
        found = (self.finding_in(section) for section in sorted(sections))
        return next(filter(None, found), None) or self._long_finding()

    def finding_in(self, section: str) -> Finding | None:
        """Return what is wrong with those of a section, or with the latest of all."""
        alike = max(map(len, self.window.texts.values()), default=0)
        if alike > _MAX_ALIKE:
            return Finding(ALL, "", f"{alike} articles have the same title, or begin alike")
        here = Tally()
        here.include(self.carried.get(section, Tally()))
        here.include(self.window.sections.get(section, Tally()))
        return self._finding(here, section) or self._finding(self.window.total, ALL)

    def _long_finding(self) -> Finding | None:
        """A rare field is missed only among many. They are counted back from the latest, so that
        those before a change do not hide it."""
        seen = Tally()
        for tally in (self.window.total, *reversed(self.past)):
            seen.include(tally)
            if found := self._finding(seen, ALL):
                return found
        return None

    def publish(self) -> None:
        """Note that others know of all that was seen here."""
        self.window.given += self.pending.given
        self.pending = Sightings()

    def accept(self) -> None:
        """Learn from what all have seen, and begin again with what others do not know of yet."""
        for key, given in self.window.given:
            self.history.learn(key, given)
        judged, own = self.window, self.pending
        for section, tally in judged.sections.items():
            here = self.carried.setdefault(section, Tally())
            here.include(tally)
            here.exclude(own.sections.get(section, Tally()))
            if here.count >= _WINDOW_SIZE:
                del self.carried[section]
        judged.total.exclude(own.total)
        self.past.append(judged.total)
        self.window = Sightings()
        self.window.include(own)

    def restore(
        self, carried: dict[str, Tally], past: Iterable[Tally], window: Iterable[Sightings]
    ) -> None:
        """Begin where others stand, with what they do not know of yet."""
        self.carried, self.window = carried, Sightings()
        self.past.clear()
        self.past.extend(past)
        for sightings in window:
            self.hear(sightings)
        self.window.include(self.pending)

    def _is_new(self, article: str) -> bool:
        is_new = article not in self.window.articles
        self.window.articles.add(article)
        self.pending.articles.add(article)
        return is_new

    def _add(self, section: str, outcomes: Outcomes) -> None:
        self.window.add(section, outcomes)
        self.pending.add(section, outcomes)

    def _repeats(self, item: ArticleItem) -> list[str]:
        """Return those of an article's title and text that another one had, too."""
        texts = filter(None, (item.title, text_of(item.body[:_BEGINNING_CHARACTERS])))
        sums = [crc32(text.encode()) for text in texts]
        for text in sums:
            self.window.texts[text].add(item.id)
            self.pending.texts[text].add(item.id)
        return ["words of its own" for text in sums if len(self.window.texts[text]) > 1]

    def _finding(self, tally: Tally, where: str) -> Finding | None:
        field = tally.missing(self.cleared)
        return Finding(where, field, tally.words(field, where)) if field else None
