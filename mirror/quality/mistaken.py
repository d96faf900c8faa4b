"""Pages that show another article than the one that was asked for, and do not say so.

A cache that mixes up its keys gives such pages whole. Their title has nothing in common with the one that
listings show for the article, and is listed for another one. (Of 18 real changes of title, each left some
characters in their order.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from mirror.store.lookups import Lookup
from mirror.store.schema import listings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mirror.items import ArticleItem
    from mirror.store.database import Database

_MIN_COMMON = 4  # of so many characters of the longer title at least one stays when it is changed
_LISTED_TITLES = Lookup(
    select(listings.c.title).where(listings.c.article == bindparam("article")), str
)
_OTHERS = (
    select(listings.c.article)
    .where(listings.c.title == bindparam("title"), listings.c.article != bindparam("article"))
    .limit(1)
)


def known_titles(database: Database, article: str) -> list[str]:
    """Return the titles by which listings show an article."""
    return [title for title in _LISTED_TITLES.all(database.reading, article=article) if title]


def shown_instead(database: Database, item: ArticleItem, known: Sequence[str]) -> str | None:
    """Return the id of the article that a page shows in place of the one it was asked for, whose known
    titles are given; None if it is the right one as far as they tell."""
    if not known or item.title in known or any(are_akin(item.title, title) for title in known):
        return None
    given = {"title": item.title, "article": item.id}
    other: str | None = database.reading.scalar(_OTHERS, given)
    return other


def has_foreign_title(item: ArticleItem, known: Sequence[str]) -> bool:
    """Whether a page gives its article a title that has next to nothing of those that it is known by."""
    if not known or item.title in known:
        return False
    return not any(is_changed(title, item.title) for title in known)


def is_changed(known: str, title: str) -> bool:
    """Whether a title may be another one changed: in another script, too, a quarter of the characters stay.
    A short title of something else has a few in common with many, two in a row among them.

    >>> is_changed("两岸关系", "兩岸關係"), is_changed("橘园港的大纪元观星会明年再来", "大纪元新闻网")
    (True, False)
    """
    before, after = {*_letters(known)}, {*_letters(title)}
    return _MIN_COMMON * len(before & after) >= max(len(before), len(after))


def are_akin(one: str, other: str) -> bool:
    """Whether two titles have two characters in a row in common, or one of them has only one.

    >>> are_akin("半月屿染坊重开", "学生：染坊重开了"), are_akin("半月屿染坊重开", "石桥修好")
    (True, False)
    """
    pairs, others = _pairs(one), _pairs(other)
    return one == other or not pairs or not others or bool(pairs & others)


def _pairs(title: str) -> set[str]:
    letters = _letters(title)
    return {letters[start : start + 2] for start in range(len(letters) - 1)}


def _letters(title: str) -> str:
    return "".join(filter(str.isalnum, title))
