"""What Scrapy's log says of items: their address and what became of them, never their text."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrapy.logformatter import LogFormatter

from mirror.items import ArticleItem

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.http import Response
    from scrapy.logformatter import LogFormatterResult
    from twisted.python.failure import Failure


class OneLineFormatter(LogFormatter):
    """One line for each item."""

    def scraped(
        self, item: object, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        """Return the message for a published article."""
        where = item.path if isinstance(item, ArticleItem) else _named(item)
        return _message(logging.DEBUG, "Published %(path)s", path=where)

    def dropped(
        self,
        item: object,
        exception: BaseException,
        response: Response | Failure | None,
        spider: Spider,
    ) -> LogFormatterResult:
        """Return the message for an article that was not published, at the level it asks for."""
        level = getattr(exception, "log_level", None) or "WARNING"
        return _message(logging.getLevelName(level), "%(reason)s", reason=exception)

    def item_error(
        self,
        item: object,
        exception: BaseException,
        response: Response | Failure | None,
        spider: Spider,
    ) -> LogFormatterResult:
        """Return the message for an article at which a stage failed."""
        reason = f"{type(exception).__name__}: {exception}"
        text = "A stage failed at %(item)s: %(reason)s"
        return _message(logging.ERROR, text, item=_named(item), reason=reason)


def _named(item: object) -> str:
    """Return what tells an item from others, in few words."""
    return item.url if isinstance(item, ArticleItem) else f"an item of {type(item).__name__}"


def _message(level: int, text: str, **values: object) -> LogFormatterResult:
    return {"level": level, "msg": text, "args": values}
