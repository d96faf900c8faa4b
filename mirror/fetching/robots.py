"""robots.txt as RFC 9309 has it, where Scrapy's own middleware takes every failure for consent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.misc import build_from_crawler, load_object

from mirror.config.options import Options
from mirror.engine.ending import halt
from mirror.errors import PostponedError
from mirror.fetching.failing import named
from mirror.fetching.middlewares import AT_OWN_HOST, MovedError, PauseMiddleware

logger = logging.getLogger(__name__)

_MAX_BYTES = 500 * 1024  # bytes that are read, RFC 9309, 2.5
_NOTHING_ALLOWED = b"User-agent: *\nDisallow: /\n"
_MAX_DELAY_SECONDS = 120.0  # a Crawl-delay beyond it is a mistake, and is cut to it


class RobotsMiddleware:
    """Asks each host for its robots.txt before the first request to it, and obeys it.

    2xx: its rules. 4xx, or redirects that lead nowhere: no rules. 5xx, 429 and no answer at all:
    nothing is allowed for now, so the crawl ends.
    """

    def __init__(self, crawler: Crawler):
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        options = Options.from_settings(crawler.settings)
        self.crawler = crawler
        self.is_polite = options.profile == "polite"
        self.name = crawler.settings["ROBOTSTXT_USER_AGENT"] or crawler.settings["USER_AGENT"]
        self.parser = load_object(crawler.settings["ROBOTSTXT_PARSER"])
        self.rules: dict[str, RobotParser] = {}  # by origin
        self.learning: dict[str, asyncio.Future[RobotParser]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        return cls(crawler)

    def process_request(self, request: Request) -> Coroutine[None, None, None] | None:
        rules = self.rules.get(_origin(request.url))
        if rules is None:
            return self._learn(request)
        if not rules.allowed(request.url, self.name):
            self.crawler.stats.inc_value("robotstxt/forbidden")
            raise IgnoreRequest("Forbidden by robots.txt")
        return None

    async def _learn(self, request: Request) -> None:
        if request.meta.get("dont_obey_robotstxt"):
            return
        origin = _origin(request.url)
        if origin not in self.learning:
            self.learning[origin] = asyncio.ensure_future(self._ask(origin))
        self.rules[origin] = await self.learning[origin]
        self.process_request(request)

    async def _ask(self, origin: str) -> RobotParser:
        rules = build_from_crawler(
            self.parser, self.crawler, await self._fetch(f"{origin}/robots.txt")
        )
        delay = rules.crawl_delay(self.name) if self.is_polite else None
        if delay and delay > 0:  # so no NaN either
            self._keep(origin, delay)
        return rules

    async def _fetch(self, url: str) -> bytes:
        """Return the rules, as far as they are read."""
        meta = {"dont_obey_robotstxt": True, AT_OWN_HOST: True}
        request = Request(url, priority=1000, callback=NO_CALLBACK, meta=meta)
        try:
            response = await self.crawler.engine.download_async(request)
        except MovedError as error:
            halt(self.crawler, "moved", f"{error}.")
            return _NOTHING_ALLOWED
        except IgnoreRequest as error:
            logger.warning("No robots.txt is obeyed: %(error)s", {"error": error})
            return b""
        except PostponedError:
            raise
        except Exception as error:  # whatever a download handler may raise
            return self._give_up(url, named(error))
        self.crawler.stats.inc_value(f"robotstxt/response_status_count/{response.status}")
        if response.status >= 500 or response.status in (304, 429):  # 304: nothing was known before
            return self._give_up(url, f"HTTP {response.status}")
        if response.status >= 300:
            return b""
        return self._start_of(url, response.body)

    def _start_of(self, url: str, body: bytes) -> bytes:
        if len(body) <= _MAX_BYTES:
            return body
        logger.warning(
            "%(url)s has %(size)d bytes; only the first %(limit)d are obeyed (RFC 9309)",
            {"url": url, "size": len(body), "limit": _MAX_BYTES},
        )
        return body[:_MAX_BYTES].rpartition(b"\n")[0]

    def _give_up(self, url: str, reason: str) -> bytes:
        halt(
            self.crawler,
            "robots",
            f"{url} cannot be had ({reason}), so nothing may be fetched for now (RFC 9309).",
        )
        return _NOTHING_ALLOWED

    def _keep(self, origin: str, delay: float) -> None:
        if delay > _MAX_DELAY_SECONDS:
            logger.warning(
                "%(origin)s asks for a Crawl-delay of %(delay)g s; %(most)g s are kept",
                {"origin": origin, "delay": delay, "most": _MAX_DELAY_SECONDS},
            )
        delay = min(delay, _MAX_DELAY_SECONDS)
        logger.info("Crawl-delay: %(delay)g s between requests", {"delay": delay})
        if pauses := self.crawler.get_downloader_middleware(PauseMiddleware):
            pauses.pace.keep(delay)


def _origin(url: str) -> str:
    return "{0.scheme}://{0.netloc}".format(urlsplit(url))
