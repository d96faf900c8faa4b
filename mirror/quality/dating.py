"""When an article was published, where the time that its page gives cannot be: a slip of the editor, a
clock that was wrong, a field that nobody filled."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from parsel import Selector

from mirror.content.selecting import text_in
from mirror.items import ArticleItem, replace

if TYPE_CHECKING:
    from mirror.sites import Site

logger = logging.getLogger(__name__)

_FIRST_YEAR = 1999  # none of the sites is older
_MAX_AHEAD = timedelta(days=1)  # of a clock that is right, or of a zone east of here


def is_possible(time: datetime, now: datetime) -> bool:
    """Whether an article that is read now can have been published at a time."""
    return time.year >= _FIRST_YEAR and (time.year < now.year or time <= now + _MAX_AHEAD)


def dated(item: ArticleItem, site: Site, now: datetime, known: datetime | None) -> ArticleItem:
    """Return an article whose time of publication can be: its own, or else the day that its text or its
    address gives, the time that is known of it from an earlier run, or today."""
    updated = item.updated if item.updated and is_possible(item.updated, now) else None
    if is_possible(item.published, now):
        return item if updated == item.updated else replace(item, updated=updated)
    others = (time for time in _others(item, site, known) if is_possible(time, now))
    today = now.astimezone(site.timezone).replace(hour=0, minute=0, second=0, microsecond=0)
    published = next(others, today)
    logger.warning(
        "%(url)s says that it was published on %(said)s, which cannot be; %(day)s is taken for it",
        {"url": item.url, "said": item.published.date(), "day": published.date()},
    )
    return replace(item, published=published, updated=updated)


def is_day_alone(time: datetime) -> bool:
    """Whether a time is what a day is read as that is given without one."""
    return (time.hour, time.minute, time.second) == (0, 0, 0)


def kept(item: ArticleItem, known: datetime | None) -> ArticleItem:
    """Return an article with the time of publication that is known of it, if its page, which lost its
    times, gives no more than a day now."""
    if known is None or is_day_alone(known):
        return item
    return replace(item, published=known)


def _others(item: ArticleItem, site: Site, known: datetime | None) -> Iterator[datetime]:
    text = text_in(Selector(item.body or "<p></p>").root)
    yield from filter(None, (site.byline(text, item.url)["published"], known))
