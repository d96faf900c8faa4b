"""The contents of a book or an archive: its articles in groups, and days and months in words."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mirror.exports.articles import ExportArticle


class Entry(NamedTuple):
    """An article in the contents, in a group: a day or a section."""

    id: str
    title: str
    day: str
    group: str


class Group(NamedTuple):
    """The articles that follow each other in one group."""

    name: str
    entries: list[Entry]


class Contents:
    """What is in a book, in its order; a line for each article is held."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    @property
    def count(self) -> int:
        """How many articles there are."""
        return len(self.entries)

    def add(self, article: ExportArticle, group: str) -> None:
        """Add an article as the next one."""
        self.entries.append(Entry(article.id, article.title, article.day, group))

    def groups(self) -> list[Group]:
        """Return the articles by group, in their order."""
        return [
            Group(name, list(entries)) for name, entries in groupby(self.entries, lambda e: e.group)
        ]

    def days(self) -> str:
        """Return the first and the last day in words, one if they are the same."""
        days = sorted({entry.day for entry in self.entries})
        return " — ".join(dict.fromkeys(day_name(day) for day in (*days[:1], *days[-1:])))


def day_name(day: str) -> str:
    """Return a day in words.

    >>> day_name("2021-12-09"), month_name("2021-12")
    ('2021年12月9日', '2021年12月')
    """
    year, month, number = day.split("-")
    return f"{year}年{int(month)}月{int(number)}日"


def month_name(month: str) -> str:
    """Return a month in words."""
    year, number = month.split("-")
    return f"{year}年{int(number)}月"
