"""What becomes of an article, stage by stage, in running order; each calls one function elsewhere."""

from __future__ import annotations

from itemadapter import ItemAdapter
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from sqlalchemy.exc import DBAPIError

from mirror.adoption.relinking import linked
from mirror.cleaning import clean
from mirror.database import Database, fingerprint, open_database
from mirror.drops import NotStored, Unchanged
from mirror.errors import MirrorError
from mirror.items import ArticleItem, replace
from mirror.ledger import Ledger
from mirror.linking import PageLinks
from mirror.markdown import to_markdown
from mirror.options import Options
from mirror.qr import qr_png
from mirror.rendering import Renderer
from mirror.sites import get_site
from mirror.storage import end_for_storage
from mirror.tree import Tree, page_path

_LONGEST = 650_000  # characters; of up to 3 bytes each, and GitHub shows Markdown up to 2 MB


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
        known = self.database.place(article.id)
        if known is None:
            path = page_path(self.pattern, article.section, article.id, article.published)
            return replace(article, path=path)
        if known.home or (known.fingerprint == fingerprint(article) and not known.removed):
            raise Unchanged(article)  # pages at an older home stay as they are
        return replace(article, path=known.path, section=known.section, is_update=True)


class CleanPipeline:
    """Reduce the body to the article: safe HTML, links decided."""

    def __init__(self, database: Database):
        self.database = database

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CleanPipeline:
        return cls(open_database(Options.from_settings(crawler.settings).database_url))

    def process_item(self, item: ArticleItem) -> ArticleItem:
        site = get_site(item.site)
        links = PageLinks(site, item.url, item.path, self.database.path)
        if item.adopted:
            markdown = linked(item.adopted, links.page)
            return replace(item, markdown=markdown, links=tuple(links.targets))
        try:
            html = clean(item.body, item.url, site.junk, links)
        except MirrorError as error:
            raise DropItem(f"Refused {item.url}: {error}") from None
        if not html and not item.lead_image:
            raise DropItem(f"Refused {item.url}: empty body")
        return replace(item, html=html, links=tuple(links.targets))


class MarkdownPipeline:
    """Turn the body into Markdown."""

    def process_item(self, item: ArticleItem) -> ArticleItem:
        return item if item.adopted else replace(item, markdown=to_markdown(item.html))


class QrPipeline:
    """Make the QR code of the page's own public address."""

    def __init__(self, renderer: Renderer):
        self.renderer = renderer

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> QrPipeline:
        return cls(Options.from_settings(crawler.settings).renderer())

    def process_item(self, item: ArticleItem) -> ArticleItem:
        return replace(item, qr=qr_png(self.renderer.address(item.path)))


class RenderPipeline:
    """Render the whole page with the theme."""

    def __init__(self, renderer: Renderer):
        self.renderer = renderer

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RenderPipeline:
        return cls(Options.from_settings(crawler.settings).renderer())

    def process_item(self, item: ArticleItem) -> ArticleItem:
        page = self.renderer.article(item)
        if len(page) > _LONGEST:
            raise DropItem(f"Refused {item.url}: too long for GitHub to show")
        return replace(item, page=page)


class WritePipeline:
    """Put the QR code and the page on disk, and only then the article into the database."""

    def __init__(self, crawler: Crawler, ledger: Ledger):
        self.crawler = crawler
        self.ledger = ledger

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> WritePipeline:
        options = Options.from_settings(crawler.settings)
        return cls(crawler, Ledger(open_database(options.database_url), Tree(options.output)))

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
