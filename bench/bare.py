"""Bare Scrapy: the fastest that one of its processes fetches pages, which are thrown away."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import AsyncIterator

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response

from demo.story import address

SETTINGS: dict[str, object] = {  # the least that fetches pages
    "ASYNCIO_EVENT_LOOP": "uvloop.Loop",
    "CONCURRENT_ITEMS": 1,
    "CONCURRENT_REQUESTS": 32,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 32,
    "DOWNLOADER_MIDDLEWARES_BASE": {
        "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 590
    },
    "SPIDER_MIDDLEWARES_BASE": {},
    "EXTENSIONS_BASE": {"scrapy.extensions.corestats.CoreStats": 0},
    "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
    "LOG_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
}


STOCK = {  # as it comes, but for uvloop and what the full job is given, too
    name: SETTINGS[name]
    for name in (
        "ASYNCIO_EVENT_LOOP",
        "CONCURRENT_REQUESTS",
        "CONCURRENT_REQUESTS_PER_DOMAIN",
        "LOG_ENABLED",
    )
}


def command(url: str, articles: int, first: int, step: int, *more: str) -> list[str]:
    """Return the command that fetches every step-th article from the first one on; --stock: with
    Scrapy as it comes."""
    arguments = {"url": url, "articles": articles, "first": first, "step": step}
    given = [f"--{name}={value}" for name, value in arguments.items()]
    return [sys.executable, "-m", "bench.bare", *given, *more]


class BareSpider(Spider):
    """Fetches and forgets."""

    name = "bare"
    urls: list[str]

    async def start(self) -> AsyncIterator[Request]:
        for url in self.urls:
            yield Request(url, dont_filter=True)

    def parse(self, response: Response) -> None:
        self.crawler.stats.inc_value("bare/bytes", len(response.body))


def _crawl(urls: list[str], settings: dict[str, object]) -> dict[str, float]:
    process = CrawlerProcess(settings)
    crawler = process.create_crawler(BareSpider)
    process.crawl(crawler, urls=urls)
    process.start()
    stats = crawler.stats
    return {
        "articles": stats.get_value("response_received_count"),
        "seconds": stats.get_value("elapsed_time_seconds"),
        "page_bytes": stats.get_value("bare/bytes") / len(urls),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    for name in ("articles", "first", "step"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--stock", action="store_true")
    given = parser.parse_args()
    wanted = range(given.first, given.articles, given.step)
    urls = [given.url + address(n, given.articles).path for n in wanted]
    print(json.dumps(_crawl(urls, STOCK if given.stock else SETTINGS)))
