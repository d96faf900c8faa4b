"""The facts of one made-up article, from which its text and markup are drawn."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import NamedTuple
from urllib.parse import quote

from demo.topics import TOPICS, Topic
from demo.words import CITIES, CREDITS, SENTENCES

SITE = "https://www.epochtimes.com"
UPLOADS = "https://i.epochtimes.com/assets/uploads"
CHINA = timezone(timedelta(hours=8))

_NEWEST = datetime(2021, 12, 8, 21, 30, tzinfo=CHINA)
_NEWEST_OLD = datetime(2018, 9, 16, 21, 30, tzinfo=CHINA)
_DRAFT_DAYS = (0, 1, 0, 0, 2, 0, 0, 5, 0, 0, 16, 0, 0)


class Address(NamedTuple):
    """Where and when an article stands."""

    id: str
    path: str
    published: datetime

    @property
    def url(self) -> str:
        """The address as the site itself writes it."""
        return SITE + self.path


def address(index: int, count: int) -> Address:
    """The address of the index-th newest of `count` articles; the last tenth is from 2018."""
    new = count - count // 10
    place = index if index < new else index - new
    newest, number = (_NEWEST, 13460123) if index < new else (_NEWEST_OLD, 10720123)
    gap = min(2220, 50_000_000 // count)
    published = newest - timedelta(seconds=place * gap + place * 7919 % gap)
    drafted = published - timedelta(days=_DRAFT_DAYS[index % len(_DRAFT_DAYS)])
    article_id = f"n{number - 7 * (place ^ 5)}"  # numbered as drafts: not in the order published
    path = f"/gb/{drafted.year % 100}/{drafted.month}/{drafted.day}/{article_id}.htm"
    return Address(article_id, path, published)


def tag_link(tag: str) -> str:
    """A link to a tag's page, as editors set it on a word of the text."""
    return f'<a href="{SITE}/gb/tag/{quote(tag)}.html">{tag}</a>'


@dataclass
class Story:
    """One article while it is being written: its place in the set and its own dice."""

    index: int
    count: int
    rng: random.Random = field(init=False)
    where: Address = field(init=False)
    city: str = field(init=False)
    topic: Topic = field(init=False)
    sentences: list[str] = field(init=False)
    unused: list[str] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.index)
        self.where = address(self.index, self.count)
        self.city = self.rng.choice(CITIES)
        self.topic = self.rng.choice(TOPICS)
        self.sentences = self.fill("\n".join((*self.topic.sentences, *SENTENCES))).split("\n")

    def other(self, offset: int) -> Address:
        """Another article's address: a negative offset was published later than this one."""
        return address((self.index + offset) % self.count, self.count)

    def fill(self, text: str) -> str:
        """Put the city and fresh numbers where the vocabulary leaves them open."""
        first, *rest = text.replace("{city}", self.city).split("{n}")
        numbers = self.rng.choices(range(12, 480), k=len(rest))
        return first + "".join(
            f"{number}{part}" for number, part in zip(numbers, rest, strict=True)
        )

    def sentence(self) -> str:
        """The next sentence; none comes twice before all were used."""
        return self._take(1)

    def text(self) -> str:
        """A paragraph's worth of sentences, without markup."""
        return self._take(2 + int(self.rng.random() * 3))

    def _take(self, number: int) -> str:
        if len(self.unused) < number:
            order = self.rng.randbytes(len(self.sentences))
            self.unused = [
                sentence for _, sentence in sorted(zip(order, self.sentences, strict=True))
            ]
        taken = self.unused[-number:]
        del self.unused[-number:]
        return "".join(taken)

    def caption(self) -> str:
        """A picture's caption with its credit."""
        when, credit = self.where.published, self.rng.choice(CREDITS)
        return f"{when.year}年{when.month}月{when.day}日，{self.city}一角。{credit}"

    def image(self, place: int) -> str:
        """The address of the article's place-th picture; one article's pictures differ."""
        number = int(self.where.id[1:]) + place
        folder = f"{UPLOADS}/{self.where.published.year}/{self.where.published.month:02}"
        return f"{folder}/id{number}-{self.topic.slug}-600x400.jpg"
