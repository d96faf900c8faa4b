"""The private names of Scrapy that the project uses mean what it takes them for."""

from __future__ import annotations

import asyncio
import gzip
import warnings

import pytest
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import ScrapyDeprecationWarning
from scrapy.http import Response
from scrapy.pipelines import ItemPipelineManager
from scrapy.utils.test import get_crawler

from mirror.scrapy_private import (
    OpenCompressionMiddleware,
    is_closing,
    requests_under_way,
    takes_spider,
)

URL = "data:,article"


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


@pytest.fixture
def crawled() -> _Seen:
    async def crawl() -> Crawler:
        crawler = get_crawler(_Seen, {"TWISTED_REACTOR_ENABLED": False, "LOG_ENABLED": False})
        await crawler.crawl_async()
        return crawler

    spider = asyncio.run(crawl()).spider
    assert isinstance(spider, _Seen)
    return spider


def test_crawl_knows_what_is_under_way_and_when_it_is_being_closed(crawled: _Seen) -> None:
    assert crawled.before == (False, [URL])
    assert crawled.after


def test_engine_that_is_not_open_counts_as_closing() -> None:
    crawler = get_crawler(_Seen)
    crawler.engine = crawler._create_engine()
    assert is_closing(crawler.engine)
    assert requests_under_way(crawler.engine) == ()


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
