"""The private names of Scrapy that the project uses mean what it takes them for."""

from __future__ import annotations

import asyncio
import gzip
import subprocess
import sys
import time
import warnings
from typing import TypeVar

from scrapy import Request, Spider, signals
from scrapy.core.downloader.handlers import DownloadHandlers
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider, ScrapyDeprecationWarning
from scrapy.http import HtmlResponse, Response, TextResponse
from scrapy.pipelines import ItemPipelineManager
from scrapy.utils.test import get_crawler

from mirror.engine.private import (
    OpenCompressionMiddleware,
    is_closing,
    process_item,
    refusal_of_scheme,
    requests_under_way,
    takes_spider,
    wake,
)

URL = "data:,article"
Kind = TypeVar("Kind", bound=Spider)


class _Seen(Spider):
    """Looks at its own crawl from the middle of it."""

    name = "seen"

    async def start(self):
        yield Request(URL)

    async def parse(self, response: Response):
        engine = self.crawler.engine
        self.before = is_closing(engine), [request.url for request in requests_under_way(engine)]
        closing = asyncio.ensure_future(engine.close_spider_async(reason="test"))
        await asyncio.sleep(0.01)
        self.after = is_closing(engine)
        self.closing = closing


def crawl(kind: type[Kind]) -> Kind:
    """Return the spider of a crawl that has ended."""

    async def run() -> Crawler:
        crawler = get_crawler(kind, {"TWISTED_REACTOR_ENABLED": False, "LOG_ENABLED": False})
        await crawler.crawl_async()
        return crawler

    spider = asyncio.run(run()).spider
    assert isinstance(spider, kind)
    return spider


def test_crawl_knows_what_is_under_way_and_when_it_is_being_closed() -> None:
    crawled = crawl(_Seen)
    assert crawled.before == (False, [URL])
    assert crawled.after


def test_engine_that_is_not_open_counts_as_closing() -> None:
    crawler = get_crawler(_Seen)
    crawler.engine = crawler._create_engine()
    assert is_closing(crawler.engine)
    assert requests_under_way(crawler.engine) == ()


class _Dead:
    """A part that cannot be made."""

    lazy = True

    def __init__(self) -> None:
        raise ValueError("a mistake")


def test_what_cannot_fetch_says_why() -> None:
    handlers = DownloadHandlers(get_crawler(settings_dict={"DOWNLOAD_HANDLERS": {"http": _Dead}}))
    assert refusal_of_scheme(handlers, "http") == "cannot be made: a mistake"
    assert not refusal_of_scheme(handlers, "data")


class _Kept:
    """The last stage."""

    items: list[object] = []

    def process_item(self, item: object) -> object:
        self.items.append(item)
        return item


class _Waits(Spider):
    """Holds a crawl open for a while in which Scrapy is asked for nothing."""

    name = "waits"
    custom_settings = {"ITEM_PIPELINES": {_Kept: 1}}

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: object, **kwargs: object) -> _Waits:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.idle, signals.spider_idle)
        return spider

    async def start(self):
        return
        yield

    def idle(self) -> None:
        if not hasattr(self, "begun"):
            self.begun = time.monotonic()
            self.work = asyncio.ensure_future(self.do())
            raise DontCloseSpider

    async def do(self) -> None:
        await process_item(self.crawler.engine, {"id": "n1"})
        wake(self.crawler.engine)


def test_item_goes_through_the_stages_and_the_end_comes_without_delay() -> None:
    spider = crawl(_Waits)
    assert _Kept.items == [{"id": "n1"}]
    assert time.monotonic() - spider.begun < 4  # Scrapy looks every 5 seconds by itself


class _Old:
    def process_item(self, item: object, spider: Spider) -> object:
        return item


class _New:
    def process_item(self, item: object) -> object:
        return item


def test_stage_that_expects_the_spider_is_known() -> None:
    old, new = _Old(), _New()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScrapyDeprecationWarning)
        manager = ItemPipelineManager(old, new, crawler=get_crawler(_Seen))
    assert takes_spider(manager, old.process_item)
    assert not takes_spider(manager, new.process_item)


class _Noted(OpenCompressionMiddleware):
    def unpack(self, body: bytes, encoding: bytes, max_size: int) -> bytes:
        return b"%b %d: %b" % (encoding, max_size, super().unpack(body, encoding, max_size))


def test_unpacking_can_be_replaced() -> None:
    middleware = _Noted.from_crawler(get_crawler(settings_dict={"DOWNLOAD_MAXSIZE": 100}))
    packed = Response(URL, headers={"Content-Encoding": "gzip"}, body=gzip.compress(b"page"))
    assert middleware.process_response(Request(URL), packed).body == b"gzip 100: page"


def test_what_speaks_http_is_loaded_as_it_is_without_the_short_cut() -> None:
    names = "ScrapyClientContextFactory", "AcceptableProtocolsContextFactory"
    told = subprocess.run(
        [sys.executable, "-c", _TOLD.format(names=names)],
        capture_output=True,
        text=True,
        check=True,
    )
    where = "scrapy.core.downloader.contextfactory"
    assert told.stdout.split() == ["True", "TunnelError", where, where]


_TOLD = """
import inspect
stack = inspect.stack
from mirror.engine.private import tunnel_error
error = tunnel_error()
print(inspect.stack is stack, error.__name__)
from scrapy.core.downloader import contextfactory
print(*(getattr(contextfactory, name).__module__ for name in {names}))
"""


def test_encoding_is_that_of_the_unpacked_page_whatever_packed_bytes_look_like() -> None:
    crawler = get_crawler(Spider)
    unpacking = OpenCompressionMiddleware.from_crawler(crawler)
    page = "<meta charset=gb18030><p>国际新闻</p>".encode("gb18030")
    headers = {"Content-Encoding": "gzip", "Content-Type": "text/html"}
    request, packed = Request(URL), HtmlResponse(URL, headers=headers, body=gzip.compress(page))
    response = unpacking.process_response(request, packed)
    assert isinstance(response, HtmlResponse)
    assert response.css("p::text").get() == "国际新闻"
    plain = TextResponse(URL, body="国际新闻".encode("gb18030"))
    assert unpacking.process_response(request, plain) is plain
