"""Requests are signed as a browser's, with scrapy-fake-useragent, and checked before the first."""

from __future__ import annotations

import json
import logging
import random
from urllib.parse import urlsplit

from fake_useragent.utils import find_browser_json_path
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Headers
from scrapy.settings import BaseSettings
from scrapy_fake_useragent.middleware import RandomUserAgentMiddleware

from mirror.config.options import Options
from mirror.fetching.browsers import AS_PICTURE, headers, is_browser, names, picture_headers

logger = logging.getLogger(__name__)

UNSIGNED = "mirror/unsigned"  # in the stats: requests would have gone out in another name


_MAX_CHOICES = 50  # to find a name that is another; there may be but one


class UserAgentMiddleware(RandomUserAgentMiddleware):
    """Gives requests the name of a browser, chosen anew each time or for the session, and all else
    that such a browser says of itself. A retry gets another name, with which the session goes on."""

    def __init__(self, crawler: Crawler):
        super().__init__(crawler)
        given = crawler.settings["DEFAULT_REQUEST_HEADERS"] or {}  # by the operator: they stay
        self.given = {name.lower() for name in given}
        self.known: dict[str, Headers] = {}
        options = Options.from_settings(crawler.settings)
        self.scheme = urlsplit(options.source_url).scheme
        self.is_session = options.user_agent == "session"
        self.session = self._choose()

    def process_request(self, request: Request) -> None:
        """Sign a request, also one that was signed before and comes again."""
        before = request.headers.get("User-Agent") if "retry_times" in request.meta else None
        if before:
            chosen = self.session = self._another(before)
        else:
            chosen = self.session if self.is_session else self._choose()
        dict.update(request.headers, chosen)  # past Headers.update, which takes 10 microseconds
        if AS_PICTURE in request.meta:
            request.headers.update(picture_headers(chosen))
            for name in ("Upgrade-Insecure-Requests", "Sec-Fetch-User"):
                request.headers.pop(name, None)

    def _another(self, before: bytes) -> Headers:
        for _ in range(_MAX_CHOICES):
            chosen = self._choose()
            if chosen["User-Agent"] != before:
                break
        return chosen

    def _choose(self) -> Headers:
        name = self._ua_provider.get_random_ua()
        if name not in self.known:
            sent = headers(name, self.scheme)
            self.known[name] = Headers(
                {k: v for k, v in sent.items() if k.lower() not in self.given}
            )
        return self.known[name]


class BrowserProvider:
    """Names of desktop browsers of today, chosen from fake-useragent's table once loaded: asking it
    for each request anew costs a hundred times as much, and the providers of scrapy-fake-useragent
    load the whole of Faker."""

    def __init__(self, settings: BaseSettings):
        rows = find_browser_json_path().read_text("utf-8").splitlines()
        versions = None
        if settings.get("MIRROR_FETCHER") == "curl":
            from mirror.fetching.imitations import versions as imitated

            versions = imitated()
        self.names = names((json.loads(row) for row in rows if '"desktop"' in row), versions)
        if not self.names:
            raise ValueError("fake-useragent's table has no desktop browser of a known form")

    def get_random_ua(self) -> str:
        """Return a name."""
        return random.choice(self.names)


class UserAgentCheck:
    """Stops the crawl before its first request if that would not be signed as a browser's."""

    def __init__(self, crawler: Crawler):
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> UserAgentCheck:
        check = cls(crawler)
        crawler.signals.connect(check.spider_opened, signals.spider_opened)
        return check

    def spider_opened(self) -> None:
        request = Request(Options.from_settings(self.crawler.settings).source_url)
        if middleware := self.crawler.get_downloader_middleware(UserAgentMiddleware):
            middleware.process_request(request)
        name = (request.headers.get("User-Agent") or b"").decode("latin-1")
        if is_browser(name):
            return
        logger.critical(
            "Requests would not be signed as a browser's but %(name)r; nothing was sent. See "
            "FAKEUSERAGENT_PROVIDERS and DOWNLOADER_MIDDLEWARES in mirror/settings.py.",
            {"name": name},
        )
        self.crawler.stats.set_value(UNSIGNED, 1)
        raise CloseSpider("unsigned")
