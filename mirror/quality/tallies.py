"""Counts of what articles had and should have had, and whether chance explains the difference."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from math import comb
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mirror.quality.features import Outcomes

_MAX_CHANCE = 1e-5  # what is less probable than this is no accident
_MAX_MISSED_SHARE = 0.55  # of the usual share; where more is there, nothing is wrong


class Tally:
    """How many articles of a section, or of all, had each field, and how many should have."""

    def __init__(self, count: int = 0, **sums: dict[str, float]):
        """Begins with nothing, or with what `vars` gave of another one."""
        self.count = count
        self.asked = Counter({field: int(n) for field, n in sums.get("asked", {}).items()})
        self.there = Counter({field: int(n) for field, n in sums.get("there", {}).items()})
        self.usual = defaultdict(float, sums.get("usual", {}))  # sums of shares
        self.least = defaultdict(float, sums.get("least", {}))

    @classmethod
    def of(cls, values: dict[str, Any]) -> Tally:
        """Return the tally that `vars` gave these values of."""
        return cls(**values)

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
        self._change(other, 1)

    def exclude(self, other: Tally) -> None:
        """Take back what was included."""
        self._change(other, -1)

    def _change(self, other: Tally, sign: int) -> None:
        self.count += sign * other.count
        for field, asked in other.asked.items():
            self.asked[field] += sign * asked
            self.there[field] += sign * other.there[field]
            self.usual[field] += sign * other.usual[field]
            self.least[field] += sign * other.least[field]

    def missing(self, cleared: Collection[str] = ()) -> str:
        """Return a field, none of some, that is missing more often than chance explains; empty if
        none is."""
        for field, asked in self.asked.items():
            there, usual = self.there[field], self.usual[field]
            if there >= _MAX_MISSED_SHARE * usual or field in cleared:
                continue
            if chance(there, asked, self.least[field] / asked) < _MAX_CHANCE:
                return field
        return ""

    def words(self, field: str, where: str) -> str:
        """Return in words how often a field was there, and how often it usually is."""
        asked = self.asked[field]
        share = f"usually {self.usual[field] / asked:.0%} do"
        return f"of {asked} articles in {where}, {self.there[field]} have {field}, {share}"


def chance(successes: int, tries: int, probability: float) -> float:
    """Return how probable it is to have no more successes than these (binomial distribution).

    >>> chance(0, 3, 0.5), chance(3, 3, 0.5)
    (0.125, 1.0)
    """
    p, q = probability, 1 - probability
    return sum(comb(tries, k) * p**k * q ** (tries - k) for k in range(successes + 1))
