"""What becomes of an article, stage by stage, in running order; each calls one function elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from itemadapter import ItemAdapter
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem, NotConfigured
from sqlalchemy.exc import DBAPIError
from typing_extensions import Self

from mirror.config.options import Options
from mirror.drops import NotStored
from mirror.engine.ending import ends_for_storage
from mirror.errors import RefusedError
from mirror.items import ArticleItem, replace
from mirror.pages.ledger import Ledger, placed
from mirror.pages.page_maker import PageMaker
from mirror.quality.completeness import report_losses
from mirror.quality.quarantine import Quarantine
from mirror.quality.watch import Watch


class _Stage:
    def __init__(self, crawler: Crawler):
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)


class DeduplicatePipeline(_Stage):
    """Drop what is published as it is, or rejected; what is new gets the path of its page, for good."""

    def __init__(self, crawler: Crawler):
        options = Options.from_settings(crawler.settings)
        self.quarantine = Quarantine.from_options(options)
        self.pattern = options.page_path

    def process_item(self, item: object) -> ArticleItem:
        given = item if isinstance(item, ArticleItem) else ArticleItem(**ItemAdapter(item).asdict())
        return self.quarantine.passed_on(placed(given, self.quarantine.database, self.pattern))


class WatchPipeline(_Stage):
    """Keep back what is suspicious."""

    def __init__(self, crawler: Crawler):
        if (watch := crawler.get_extension(Watch)) is None:
            raise NotConfigured
        self.watch = watch

    def process_item(self, item: ArticleItem) -> ArticleItem:
        return self.watch.passed_on(item)


class _PageStage(_Stage):
    """One step of making a page; what it refuses goes no further."""

    step: ClassVar[Callable[[PageMaker, ArticleItem], ArticleItem]]

    def __init_subclass__(cls, step: Callable[[PageMaker, ArticleItem], ArticleItem]) -> None:
        cls.step = step

    def __init__(self, crawler: Crawler):
        self.maker = PageMaker.from_options(Options.from_settings(crawler.settings))

    def process_item(self, item: ArticleItem) -> ArticleItem:
        try:
            return type(self).step(self.maker, item)
        except RefusedError as error:
            raise DropItem(f"Refused {item.url}: {error}") from None


class CleanPipeline(_PageStage, step=PageMaker.clean):
    """Reduce the body to the article: safe HTML, links decided."""


class MarkdownPipeline(_PageStage, step=PageMaker.markdown):
    """Turn the body into Markdown."""


class CompletenessPipeline(_Stage):
    """Count what a page lacks of its article, and name it."""

    def process_item(self, item: ArticleItem) -> ArticleItem:
        return report_losses(item, self.crawler)


class QrPipeline(_PageStage, step=PageMaker.qr):
    """Make the QR code of the page's own public address."""


class RenderPipeline(_PageStage, step=PageMaker.render):
    """Render the whole page with the theme."""


class WritePipeline(_Stage):
    """Put the QR code and the page on disk, and only then the article into the database."""

    def __init__(self, crawler: Crawler):
        super().__init__(crawler)
        self.ledger = Ledger.from_options(Options.from_settings(crawler.settings))

    def open_spider(self) -> None:
        self.ledger.companion = self.crawler.get_extension(Watch)

    def process_item(self, item: ArticleItem) -> ArticleItem:
        try:
            self.ledger.publish(item)
        except (OSError, DBAPIError) as error:
            raise NotStored(f"Not stored {item.url}: {error}") from error
        return replace(item, qr=None)

    def close_spider(self) -> None:
        with ends_for_storage(self.crawler):
            self.ledger.flush()
