"""Which articles tell the same story, on two sites or under two ids: recognised by their texts alone.

An article that may be another's near duplicate is found by the index of a few numbers that are made of
its text, among those published about the same time; then the two texts are compared.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Table,
    bindparam,
    delete,
    select,
    tuple_,
)

from mirror.content.likeness import MIN_SHARED, SAME_STORY, likeness, sketch
from mirror.store.lookups import Lookup
from mirror.store.schema import (
    Text,
    adopted,
    articles,
    insert_new,
    mark_outdated,
    metadata,
    outdated,
    portions,
    put,
    upsert,
)

if TYPE_CHECKING:
    from mirror.items import ArticleItem
    from mirror.store.database import Database

_BATCH_SIZE = 200  # articles
_MAX_COMPARED = 16  # articles: where many share a form, all but the words that differ
_MAX_APART = timedelta(days=90)  # between two publications of a story

sketches = Table(  # numbers of which near duplicates share one; those of former versions among them
    "sketches",
    metadata,
    Column("number", BigInteger, primary_key=True),
    Column("article", Text, primary_key=True),
    Column("published", Text, nullable=False),
    sqlite_with_rowid=False,
)

near_duplicates = Table(  # each pair both ways
    "near_duplicates",
    metadata,
    Column("article", Text, primary_key=True),
    Column("other", Text, primary_key=True),
)


class Other(NamedTuple):
    """An article that tells the same story as one."""

    id: str
    title: str
    published: str  # ISO 8601
    section: str


_OTHERS = Lookup(
    select(*(articles.c[name] for name in Other._fields))
    .join(near_duplicates, near_duplicates.c.other == articles.c.id)
    .where(near_duplicates.c.article == bindparam("article"))
    .order_by(articles.c.published, articles.c.id),
    Other,
)

Pair = tuple[str, str]


def _pair(one: str, other: str) -> Pair:
    return one, other


def _numbered(number: int, article: str) -> tuple[int, str]:
    return number, article


_SHARING = Lookup(
    select(sketches.c.number, sketches.c.article).where(
        sketches.c.number.in_(bindparam("numbers", expanding=True)),
        sketches.c.published.between(bindparam("since"), bindparam("until")),
    ),
    _numbered,
)
_PAIRS = Lookup(
    select(near_duplicates).where(near_duplicates.c.article.in_(bindparam("ids", expanding=True))),
    _pair,
)


class _Story(NamedTuple):
    """An article as it is compared with others."""

    id: str
    published: datetime
    text: str


def note_near_duplicates(connection: Connection, items: Sequence[ArticleItem]) -> set[str]:
    """Note which others tell the same story as some articles that this transaction has stored.

    Returns the articles whose pages lead to one another by that, did so, or show another title now.
    """
    return _note(
        connection, [_Story(item.id, item.published, item.body or item.adopted) for item in items]
    )


def compare_stored(connection: Connection) -> None:
    """Do so for all articles that are stored, and mark the pages of those that are found as out of date."""
    metadata.create_all(connection, [sketches, near_duplicates, adopted, outdated])
    last = ""
    while stories := _stories(connection, articles.c.id > last, _BATCH_SIZE):
        found = _note(connection, list(stories.values()))
        mark_outdated(connection, connection.engine, [("page", id) for id in sorted(found)])
        last = max(stories)


def _note(connection: Connection, stories: Sequence[_Story]) -> set[str]:
    engine = connection.engine
    numbers = {story.id: sketch(story.text) for story in stories}
    rows = [
        {"number": number, "article": story.id, "published": story.published.isoformat()}
        for story in stories
        for number in numbers[story.id]
    ]
    if rows:
        put(connection, upsert(engine, sketches), rows)
    former = _pairs(connection, list(numbers))
    present = set(_compared(connection, stories, numbers)) if rows else set()
    _delete(connection, former - present)
    if new := [{"article": one, "other": other} for one, other in sorted(present - former)]:
        put(connection, insert_new(engine, near_duplicates), new)
    return {article for pair in former | present for article in pair}


def near_duplicates_of(database: Database, article: str) -> list[Other]:
    """Return the articles that tell the same story as one, the oldest first, those without a page among
    them."""
    return _OTHERS.all(database.reading, article=article)


def showing(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Return the articles whose pages lead to some others because these tell the same story."""
    return {other for _, other in _pairs(connection, ids)}


def forget_near_duplicates(connection: Connection, ids: Sequence[str]) -> None:
    """Delete all that is made of the texts of some articles."""
    _delete(connection, _pairs(connection, ids))
    connection.execute(delete(sketches).where(sketches.c.article.in_(ids)))


def _compared(
    connection: Connection, stories: Sequence[_Story], numbers: dict[str, list[int]]
) -> Iterator[Pair]:
    """Yield the pairs of which one is among some articles, both ways, as far as the index finds them."""
    found = _sharing(connection, stories, numbers)
    others: dict[str, _Story] = {}
    for portion in portions(sorted(set().union(*found.values()))):
        others |= _stories(connection, articles.c.id.in_(portion))
    for story, ids in found.items():
        for other in _nearest(story, [others[id] for id in ids]):
            if likeness(story.text, other.text) >= SAME_STORY:
                yield story.id, other.id
                yield other.id, story.id


def _sharing(
    connection: Connection, stories: Sequence[_Story], numbers: dict[str, list[int]]
) -> dict[_Story, set[str]]:
    """Return the articles that share enough numbers with some stories, and were published about the
    same time as any of these."""
    with_number = defaultdict(list)
    for story in stories:
        for number in numbers[story.id]:
            with_number[number].append(story)
    times = [story.published for story in stories]
    span = ((min(times) - _MAX_APART).isoformat(), (max(times) + _MAX_APART).isoformat())
    shared: dict[_Story, Counter[str]] = defaultdict(Counter)
    given = {"numbers": [*with_number], "since": span[0], "until": span[1]}
    for number, article in _SHARING.all(connection, **given):
        for story in with_number[number]:
            shared[story][article] += article != story.id
    return {
        story: {article for article, count in counts.items() if count >= MIN_SHARED}
        for story, counts in shared.items()
    }


def _nearest(story: _Story, others: Iterable[_Story]) -> list[_Story]:
    """Return the stories that were published next to another one, no more than can be compared."""
    apart = sorted((abs(story.published - other.published), other.id, other) for other in others)
    return [other for time, _, other in apart[:_MAX_COMPARED] if time <= _MAX_APART]


def _stories(
    connection: Connection, which: ColumnElement[bool], count: int | None = None
) -> dict[str, _Story]:
    """Return stored articles by id: all that are meant, or the first ones of them."""
    query = select(articles.c.id, articles.c.published, articles.c.body, adopted.c.markdown)
    query = query.outerjoin(adopted, adopted.c.article == articles.c.id).where(which)
    rows = connection.execute(query.order_by(articles.c.id).limit(count))
    return {
        row.id: _Story(
            row.id, datetime.fromisoformat(row.published), row.body or row.markdown or ""
        )
        for row in rows
    }


def _pairs(connection: Connection, ids: Sequence[str]) -> set[Pair]:
    """Return the pairs that are known of some articles, both ways."""
    found = _PAIRS.all(connection, ids=list(ids))
    return {pair for one, other in found for pair in ((one, other), (other, one))}


def _delete(connection: Connection, pairs: set[Pair]) -> None:
    key = tuple_(near_duplicates.c.article, near_duplicates.c.other)
    if pairs:
        connection.execute(delete(near_duplicates).where(key.in_(sorted(pairs))))
