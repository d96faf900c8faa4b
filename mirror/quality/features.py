"""What an article gives of what articles usually give, and how an update compares with its version before."""

from __future__ import annotations

import re
from datetime import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mirror.items import ArticleItem

LENGTH = "text of the usual length"
PAGE = "a page"  # where there was one before
GIVEN = (
    "a lead image",
    "a caption",
    "a time of day",
    "tags",
    "a reporter",
    "an editor",
    "pictures in the text",
)

_WHOLE_SHARE = 0.98  # of articles that have a title and a body, of updates that keep what they had
_SURE_SHARE = 0.92  # of these, whatever the day
_MIN_KEPT_SHARE = 0.8  # of the former text; an update that keeps less was shortened

_TAG_RE = re.compile(r"<[^<>]*>")

Features = dict[str, int]  # field -> 1 or 0, LENGTH -> characters of HTML


class Outcome(NamedTuple):
    """How an article compares in one field with those that are usual."""

    is_there: bool
    usual: float  # share of articles that have it
    least: float  # share that have it whatever the day


Outcomes = dict[str, Outcome]  # by field

FOUND = Outcome(True, _WHOLE_SHARE, _SURE_SHARE)
MISSED = Outcome(False, _WHOLE_SHARE, _SURE_SHARE)


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
        LENGTH: len(item.body),
    }


def kept(item: ArticleItem, former: ArticleItem) -> Outcomes:
    """Return how an update compares with the version before it."""
    given, had = features(item), features(former)
    outcomes = {field: FOUND if given[field] else MISSED for field in GIVEN if had[field]}
    is_long = len(text_of(item.body)) >= _MIN_KEPT_SHARE * len(text_of(former.body))
    return {**outcomes, LENGTH: FOUND if is_long else MISSED}
