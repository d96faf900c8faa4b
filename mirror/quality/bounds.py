"""How much of a field is believed: what a page gives beyond that is a broken page or a hostile one, and would
spoil the indexes, which show it too.

Each bound is four times the largest of 2,903 real articles, rounded up.
"""

from __future__ import annotations

from dataclasses import dataclass

from mirror.errors import NotAnArticleError
from mirror.items import ArticleItem, replace

_MAX_TITLE_CHARACTERS = 200  # the largest has 35
_MAX_CHARACTERS = {  # of the fields without which an article is one all the same
    "lead_image": 700,  # 162
    "lead_alt": 700,  # 163
    "lead_caption": 1600,  # 380
    "reporter": 200,  # 36
    "editor": 100,  # 7
}
_MAX_TAGS = 40  # 8
_MAX_TAG_CHARACTERS = 100  # 24


@dataclass(frozen=True, slots=True)
class Bounded:
    """An article within the bounds, and the fields that were left out for that."""

    item: ArticleItem
    left_out: list[str]


def bounded(item: ArticleItem) -> Bounded:
    """Return an article without what is too long. Raises NotAnArticleError if that is its title."""
    if len(item.title) > _MAX_TITLE_CHARACTERS:
        reason = f"a title of {len(item.title)} characters, {_MAX_TITLE_CHARACTERS} at most"
        raise NotAnArticleError(reason)
    long = [name for name, most in _MAX_CHARACTERS.items() if len(getattr(item, name)) > most]
    tags = tuple(tag for tag in item.tags[:_MAX_TAGS] if len(tag) <= _MAX_TAG_CHARACTERS)
    if not long and tags == item.tags:
        return Bounded(item, [])
    left_out = [*long, *(["tags"] if tags != item.tags else [])]
    return Bounded(replace(item, tags=tags, **dict.fromkeys(long, "")), left_out)
