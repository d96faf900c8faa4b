"""What fetches, made before the first request: Scrapy makes it then, and takes a failure for one of that
request, and of each that follows."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.core.downloader import Downloader as ScrapyDownloader

from mirror.engine.private import refusal_of_scheme
from mirror.errors import ArgumentError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class Downloader(ScrapyDownloader):
    """Scrapy's own; raises ArgumentError if it cannot ask the source."""

    def __init__(self, crawler: Crawler):
        super().__init__(crawler)
        scheme = urlsplit(getattr(crawler.spider, "source_url", "")).scheme
        if scheme and (refusal := refusal_of_scheme(self.handlers, scheme)):
            given = crawler.settings.getwithbase("DOWNLOAD_HANDLERS").get(scheme)
            raise ArgumentError(f"DOWNLOAD_HANDLERS: {scheme}", given, refusal)
