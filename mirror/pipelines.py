"""What becomes of an article, stage by stage, in running order; each calls one function elsewhere."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from itemadapter import ItemAdapter
from scrapy.exceptions import DropItem, NotConfigured
from sqlalchemy.exc import DBAPIError

from mirror.config.options import Options
from mirror.content.embeds import unknown_embeds
from mirror.content.loss import lost_text
from mirror.drops import NotStored
from mirror.ending import end_for_storage
from mirror.errors import RefusedError
from mirror.items import ArticleItem, replace
from mirror.pages.ledger import Ledger, placed
from mirror.pages.page_maker import PageMaker
from mirror.pages.tree import Tree
from mirror.quality.watch import Watch
from mirror.store.database import Database, open_database

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from typing_extensions import Self

logger = logging.getLogger(__name__)


class DeduplicatePipeline:
    """Drop what is published already; what is new gets the path of its page, for good."""

    def __init__(self, database: Database, pattern: str):
        self.database = database
        self.pattern = pattern

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DeduplicatePipeline:
        options = Options.from_settings(crawler.settings)
        return cls(open_database(options.database_url), options.page_path)

    def process_item(self, item: object) -> ArticleItem:
        article = (
            item if isinstance(item, ArticleItem) else ArticleItem(**ItemAdapter(item).asdict())
        )
        return placed(article, self.database, self.pattern)


class WatchPipeline:
    """Keep back what is suspicious."""

    def __init__(self, watch: Watch):
        self.watch = watch

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> WatchPipeline:
        watch = crawler.get_extension(Watch)
        if watch is None:
            raise NotConfigured
        return cls(watch)

    def process_item(self, item: ArticleItem) -> ArticleItem:
        return self.watch.passed_on(item)


class _PageStage:
    """One step of making a page; what it refuses goes no further."""

    step: ClassVar[Callable[[PageMaker, ArticleItem], ArticleItem]]

    def __init__(self, maker: PageMaker):
        self.maker = maker

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(PageMaker.from_options(Options.from_settings(crawler.settings)))

    def process_item(self, item: ArticleItem) -> ArticleItem:
        try:
            return type(self).step(self.maker, item)
        except RefusedError as error:
            raise DropItem(f"Refused {item.url}: {error}") from None


class CleanPipeline(_PageStage):
    """Reduce the body to the article: safe HTML, links decided."""

    step = PageMaker.clean


class MarkdownPipeline(_PageStage):
    """Turn the body into Markdown."""

    step = PageMaker.markdown


class CompletenessPipeline:
    """Count what a page lacks of its article, and name it."""

    def __init__(self, crawler: Crawler):
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CompletenessPipeline:
        return cls(crawler)

    def process_item(self, item: ArticleItem) -> ArticleItem:
        if tags := unknown_embeds(item.html):
            self._report("mirror/embeds_unknown", "Not shown, unknown", ", ".join(tags), item.url)
        if lost := lost_text(item.body, item.markdown):
            self._report("mirror/text_lost", "Text is missing", lost, item.url)
        return item

    def _report(self, stat: str, what: str, text: str, url: str) -> None:
        if self.crawler.stats:
            self.crawler.stats.inc_value(stat)
        logger.warning("%(what)s: %(text)s (%(url)s)", {"what": what, "text": text, "url": url})


class QrPipeline(_PageStage):
    """Make the QR code of the page's own public address."""

    step = PageMaker.qr


class RenderPipeline(_PageStage):
    """Render the whole page with the theme."""

    step = PageMaker.render


class WritePipeline:
    """Put the QR code and the page on disk, and only then the article into the database."""

    def __init__(self, crawler: Crawler, ledger: Ledger):
        self.crawler = crawler
        self.ledger = ledger

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> WritePipeline:
        options = Options.from_settings(crawler.settings)
        return cls(crawler, Ledger(open_database(options.database_url), Tree(options.output)))

    def open_spider(self) -> None:
        self.ledger.companion = self.crawler.get_extension(Watch)

    def process_item(self, item: ArticleItem) -> ArticleItem:
        try:
            self.ledger.publish(item)
        except (OSError, DBAPIError) as error:
            raise NotStored(f"Not stored {item.url}: {error}") from error
        return replace(item, qr=b"")

    def close_spider(self) -> None:
        try:
            self.ledger.flush()
        except (OSError, DBAPIError) as error:
            end_for_storage(self.crawler, error)
