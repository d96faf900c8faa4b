"""Why an article goes no further, where that is no refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import DropItem

if TYPE_CHECKING:
    from mirror.items import ArticleItem


class Unchanged(DropItem):
    """The article is published already, as it is."""

    def __init__(self, item: ArticleItem):
        super().__init__(f"Unchanged {item.url}", log_level="DEBUG")


class Rejected(Unchanged):
    """The operator does not want this update: the article stays as it is published."""


class KeptBack(DropItem):
    """The article waits until others have been compared with it (mirror.quality.watch)."""

    def __init__(self, item: ArticleItem):
        super().__init__(f"Kept back {item.url}", log_level="DEBUG")


class NotStored(DropItem):
    """The disk or the database would not take the article; it stays to be done."""
