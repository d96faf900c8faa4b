"""What every request passes on its way out."""

from __future__ import annotations

import random
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.settings import BaseSettings
from scrapy_fake_useragent.middleware import RandomUserAgentMiddleware
from scrapy_fake_useragent.providers import FakeUserAgentProvider

from mirror.linking import at_source
from mirror.options import Options
from mirror.sites import get_site, site_names

_BROWSERS = ("Chrome", "Edge", "Firefox", "Safari")


class SourceMiddleware:
    """Keep all requests at the configured source: redirects within the site are led there, and
    whatever leads elsewhere is not followed."""

    def __init__(self, source_url: str):
        self.source_url = source_url
        self.origin = urlsplit(source_url)[:2]

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> SourceMiddleware:
        return cls(Options.from_settings(crawler.settings).source_url)

    def process_request(self, request: Request) -> Request | None:
        if urlsplit(request.url)[:2] == self.origin:
            return None
        if any(get_site(name).is_own(request.url) for name in site_names()):
            return request.replace(url=at_source(request.url, self.source_url))
        raise IgnoreRequest(f"led away from the site, to {request.url}")


class UserAgentMiddleware(RandomUserAgentMiddleware):
    """scrapy-fake-useragent's own, called the way Scrapy calls middlewares since 2.14."""

    def process_request(self, request: Request) -> None:
        super().process_request(request, None)


class BrowserProvider(FakeUserAgentProvider):
    """Names of desktop browsers in use, chosen from fake-useragent's table once loaded: asking it
    for each request anew costs a hundred times as much."""

    def __init__(self, settings: BaseSettings):
        super().__init__(settings)
        self.names = [
            row["useragent"]
            for row in self._ua.data_browsers
            if row["browser"] in _BROWSERS and row["type"] == "desktop"
        ]

    def get_random_ua(self) -> str:
        return random.choice(self.names)
