"""How much markup a page may hold: counted in its text, before a parser makes a tree of it.

The fullest pages of the site, feeds of 60 articles, hold 8,525 tags and 243 entities in 274,000 characters;
a tree of fifteen megabytes of nothing but tags takes two gigabytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MarkupLimits:
    """How many of each a text may hold."""

    characters: int
    tags: int
    entities: int  # a parser's time grows with the square of their number
    attributes: int


PAGE = MarkupLimits(
    characters=1_300_000,  # twice those of the longest page that GitHub shows
    tags=100_000,
    entities=100_000,
    attributes=100_000,
)
BODY = MarkupLimits(  # what a parser bears, if a page was let through with so much
    characters=20_000_000,
    tags=500_000,
    entities=300_000,
    attributes=100_000,
)

_MAX_TAG_ATTRIBUTES = 20_000  # of one tag: half a second, and four times that for twice as many
_UNCOUNTED_CHARACTERS = 300_000  # not more tags fit in, and counting takes time on each page
_HALF_A_LONG_TAG = 10_000  # characters
_BETWEEN_ATTRIBUTES = " \t\r\n\f/\"'"
_TAG_RE = re.compile(r"<[a-z][^<>]*", re.IGNORECASE)


def markup_excess(html: str, limits: MarkupLimits) -> str:
    """Return in words what a text has too much of for a parser; empty if nothing.

    >>> markup_excess("<p>一</p>", PAGE), markup_excess("<li>" * 120_000, PAGE)
    ('', '120,000 tags')
    """
    if len(html) > _UNCOUNTED_CHARACTERS and (found := _excess(html, limits)):
        return found
    if _may_have_long_tag(html):
        count = max(map(_attributes, _TAG_RE.findall(html)), default=0)
        if count > _MAX_TAG_ATTRIBUTES:
            return f"{count:,} attributes on one tag"
    return ""


def _excess(html: str, limits: MarkupLimits) -> str:
    if len(html) > limits.characters:
        return f"{len(html):,} characters"
    if (count := html.count("<")) > limits.tags:
        return f"{count:,} tags"
    if (count := html.count("&")) > limits.entities:
        return f"{count:,} entities"
    if (count := sum(map(_attributes, _TAG_RE.findall(html)))) > limits.attributes:
        return f"{count:,} attributes"
    return ""


def _may_have_long_tag(html: str) -> bool:
    starts = range(0, len(html), _HALF_A_LONG_TAG)
    return any(html.find("<", start, start + _HALF_A_LONG_TAG) < 0 for start in starts)


def _attributes(tag: str) -> int:
    """Return how many attributes a tag may have, at most."""
    return sum(map(tag.count, _BETWEEN_ATTRIBUTES))
