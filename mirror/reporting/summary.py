"""The figures of a crawl: in one line, as a table, as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.filesize import decimal as size

from mirror.quantities import counted, duration

STATS = {  # by name of a figure
    "listing_pages": "mirror/listing_pages",
    "new": "mirror/new",
    "updated": "mirror/updated",
    "unchanged": "mirror/unchanged",
    "refused": "mirror/refused",
    "failed": "mirror/failed",
    "absent": "mirror/absent",
    "gone": "mirror/gone",
    "skipped": "mirror/skipped",
    "requests": "downloader/request_count",
    "bytes": "downloader/response_bytes",
}
ARTICLES = ("new", "updated", "unchanged", "refused", "failed", "absent", "gone", "skipped")
ALWAYS = ARTICLES[:5]  # shown though they are 0
_PREFIX = "mirror/"


@dataclass(frozen=True, slots=True)
class Figures:
    """What a crawl has done up to a moment."""

    counts: Mapping[str, int]  # by the names in STATS
    others: Mapping[str, int]  # the project's other stats, by their names without "mirror/"
    seconds: float
    rate: float  # articles a second
    left: int | None = None  # articles that are due; None: not known
    is_discovering: bool = False  # listing pages bring more of them, nobody knows how many
    pages: int = 0  # listing pages ahead, whose articles are estimated and among `left`

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Figures:
        """Return the figures that `as_json` gave."""
        counts = {name: told[name] for name in STATS}
        return cls(counts, told["others"], told["seconds"], told["per_second"])

    @property
    def articles(self) -> int:
        """How many articles were dealt with."""
        return articles(self.counts)

    @property
    def seconds_left(self) -> float | None:
        """How long the articles that are due will take at this rate; None: not known."""
        return self.left / self.rate if self.left is not None and self.rate else None

    @property
    def sureness(self) -> str:
        """How sure it is what is left, in a word before it."""
        return "at least " if self.is_discovering else "about " if self.pages else ""

    def as_json(self) -> dict[str, Any]:
        """Return the figures as a JSON object: seconds, articles a second, bytes."""
        rounded = {"seconds": round(self.seconds, 1), "per_second": round(self.rate, 2)}
        return {**self.counts, "articles": self.articles, **rounded, "others": dict(self.others)}


def total(of: Sequence[Figures]) -> Figures:
    """Return the figures of crawls that ran at the same time, taken together."""
    counts, others = Counter[str](), Counter[str]()
    for figures in of:
        counts.update(figures.counts)
        others.update(figures.others)
    return Figures(dict(counts), dict(others), max(f.seconds for f in of), sum(f.rate for f in of))


def counts_of(stats: Mapping[str, Any]) -> dict[str, int]:
    """Return the figures in Scrapy's stats by their names in STATS."""
    return {name: stats.get(stat, 0) for name, stat in STATS.items()}


def others_of(stats: Mapping[str, Any]) -> dict[str, int]:
    """Return the project's stats that are not 0 and no figures of their own."""
    known = {*STATS.values(), f"{_PREFIX}published"}
    return {
        name.removeprefix(_PREFIX): value
        for name, value in sorted(stats.items())
        if name.startswith(_PREFIX) and name not in known and isinstance(value, int) and value
    }


def articles(counts: Mapping[str, int]) -> int:
    """Return how many articles the counts are of."""
    return sum(counts[name] for name in ARTICLES)


def shown_of(counts: Mapping[str, int]) -> list[str]:
    """Return the names of the counts of articles that are worth to be shown."""
    return [name for name in ARTICLES if counts[name] or name in ALWAYS]


def line(figures: Figures) -> str:
    """Return the figures as one line."""
    counts = figures.counts
    became = [f"{counts[name]:,} {name}" for name in shown_of(counts)]
    told = [
        pages_told(figures),
        f"{counted(figures.articles, 'article')} ({', '.join(became)})",
        f"{figures.rate:.1f} a second",
        size(counts["bytes"]),
        duration(figures.seconds),
    ]
    if figures.left is not None:
        told.append(f"{figures.sureness}{figures.left:,} to do")
    if figures.seconds_left is not None:
        told.append(f"{figures.sureness}{duration(figures.seconds_left)} left")
    return "; ".join(told)


def pages_told(figures: Figures) -> str:
    """Return how many listing pages were read, and of how many if that is known."""
    read = figures.counts["listing_pages"]
    all_ = counted(read + figures.pages, "listing page")
    return f"{read:,} of about {all_}" if figures.pages else all_


def rows_of(figures: Figures) -> list[tuple[str, str]]:
    """Return the figures as rows of a table, each a name and a value."""
    counts = figures.counts
    return [
        ("listing pages", f"{counts['listing_pages']:,}"),
        *((f"articles {name}", f"{counts[name]:,}") for name in shown_of(counts)),
        ("articles a second", f"{figures.rate:.1f}"),
        ("requests", f"{counts['requests']:,}"),
        ("received", size(counts["bytes"])),
        ("time", duration(figures.seconds)),
        *((_title(name), f"{value:,}") for name, value in figures.others.items()),
    ]


def _title(name: str) -> str:
    """Return the name of another figure in words.

    >>> _title("listing_pages_failed"), _title("unpublished/a (git@a.example:my_news)")
    ('listing pages failed', 'unpublished: a (git@a.example:my_news)')
    """
    what, _, of = name.partition("/")
    return ": ".join(filter(None, (what.replace("_", " "), of)))


def table(figures: Figures) -> str:
    """Return the figures as a table of plain text, for a log."""
    rows = rows_of(figures)
    left, right = (max(map(len, column)) for column in zip(*rows, strict=True))
    edge = f"+{'-' * (left + right + 5)}+"
    return "\n".join([edge, *(f"| {n:<{left}} | {v:>{right}} |" for n, v in rows), edge])
