"""What Scrapy's log says of items: their address and what became of them, never their text."""

from __future__ import annotations

import logging
from typing import Any

from scrapy.http import Response
from scrapy.logformatter import LogFormatter

from mirror.items import ArticleItem


class OneLineFormatter(LogFormatter):
    """One line for each item."""

    def scraped(self, item: ArticleItem, response: Any, spider: Any) -> dict[str, Any]:
        """Return the message for a published article."""
        return _message(logging.DEBUG, "Published %(path)s", path=item.path)

    def dropped(
        self, item: ArticleItem, exception: BaseException, response: Response | None, spider: Any
    ) -> dict[str, Any]:
        """Return the message for an article that was not published, at the level it asks for."""
        level = getattr(exception, "log_level", None) or "WARNING"
        return _message(logging.getLevelName(level), "%(reason)s", reason=exception)


def _message(level: int, text: str, **values: object) -> dict[str, Any]:
    return {"level": level, "msg": text, "args": values}
