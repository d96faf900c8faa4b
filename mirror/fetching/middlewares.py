"""What every request passes on its way out."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine, Iterable
from datetime import datetime, timezone
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpproxy import HttpProxyMiddleware
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    IgnoreRequest,
    NotConfigured,
)
from scrapy.http import Response
from twisted.internet.error import ConnectError
from twisted.python.failure import Failure

from mirror.config.options import Options
from mirror.config.profiles import MANNERS
from mirror.config.proxies import excepted_host
from mirror.config.sources import parse_sources
from mirror.content.links import at_source
from mirror.engine.ending import halt, is_ending
from mirror.engine.private import tunnel_error
from mirror.errors import PostponedError, without_secrets
from mirror.fetching.circuit_breaker import FAULTS, REFUSALS, Host, before_retry, retry_after
from mirror.fetching.failing import named
from mirror.fetching.pacing import Pace
from mirror.fetching.proxies import Proxy, Rotation
from mirror.sites import Site, get_site, site_names

logger = logging.getLogger(__name__)

AT_OWN_HOST = "at_own_host"  # in the meta of a request for what has a host of its own at the site
_MAX_REFUSED_RETRIES = 10  # retries of a page that is refused as one of too many
_MIN_FAILURES = 10  # in a row that bring a pause
_POLL_SECONDS = 0.25  # between two looks at whether the crawl is ending


class MovedError(IgnoreRequest):
    """The source redirects to another address of the site, which is not asked."""

    def __init__(self, source_url: str, target: str):
        new = "{0.scheme}://{0.netloc}".format(urlsplit(target))
        super().__init__(
            f"{source_url} redirects to {target}; if the site is there now, set MIRROR_SOURCE_URL={new}"
        )


class SourceMiddleware:
    """Keep all requests at the configured source: redirects within the site are led there, and
    whatever leads elsewhere or in a circle is not followed. Pictures are asked for at the site's own
    hosts, unless the source stands in for the site."""

    def __init__(self, source_url: str, sites: Iterable[Site]):
        self.source_url = source_url
        self.origin = urlsplit(source_url)[:2]
        self.sites = list(sites)
        self.is_site = any(get_site(site.name).is_own(source_url) for site in self.sites)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> SourceMiddleware:
        crawled = getattr(crawler.spider, "site", None)  # scrapy shell has none
        sites = [crawled] if crawled else map(get_site, site_names())
        return cls(Options.from_settings(crawler.settings).source_url, sites)

    def process_request(self, request: Request) -> Request | None:
        asked = request.meta.get("redirect_urls", ())
        if urlsplit(request.url)[:2] == self.origin:
            if request.url in asked:
                raise IgnoreRequest(f"redirected in a circle, to {request.url}")
            return None
        if not any(site.is_own(request.url) for site in self.sites):
            raise IgnoreRequest(f"led away from the site, to {request.url}")
        if AT_OWN_HOST in request.meta and self.is_site:  # these are at hosts of their own
            return None
        url = at_source(request.url, self.source_url)
        if url in asked:
            raise MovedError(self.source_url, request.url)
        return request.replace(url=url)


class PauseMiddleware:
    """Leaves the source alone while it refuses or fails, and ends the crawl if that does not pass."""

    def __init__(self, crawler: Crawler, options: Options):
        at_once = crawler.settings.getint("CONCURRENT_REQUESTS")
        self.crawler = crawler
        self.source_url = options.source_url
        failures = max(_MIN_FAILURES, 2 * at_once)  # several may have one reason
        refusals = MANNERS[options.profile].refusals
        self.host = Host(options.pause, refusals, failures)
        self.pace = Pace(crawler, options.source_url, options.pause / 30, options.pause)
        self.tries = max(_MAX_REFUSED_RETRIES, crawler.settings.getint("RETRY_TIMES"))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PauseMiddleware:
        return cls(crawler, Options.from_settings(crawler.settings))

    def process_request(self, request: Request) -> Coroutine[None, None, None] | None:
        if self.host.is_calm and "not_before" not in request.meta:
            request.meta["round"] = self.host.round
            return None
        return self._wait(request)

    def is_pausing(self, now: float) -> bool:
        """Whether nothing is sent for now, by the monotonic clock."""
        return self.host.is_pausing(now)

    async def _wait(self, request: Request) -> None:
        self.host.drop(request.meta.pop("round", -1))  # it comes again without a verdict
        start = request.meta.pop("not_before", 0.0)
        while seconds := max(start - time.monotonic(), 0.0) or self.host.wait(time.monotonic()):
            if is_ending(self.crawler):
                raise PostponedError(request.url)
            await asyncio.sleep(min(seconds, _POLL_SECONDS))
        request.meta["round"] = self.host.round

    def process_response(self, request: Request, response: Response) -> Response:
        sent = request.meta.pop("round", -1)
        if response.status not in FAULTS:
            if self.host.succeed(sent):
                self.pace.ease()
        elif response.status in REFUSALS:
            self._refused(request, response, sent)
        else:
            self._failed(request, f"HTTP {response.status}", sent)
        return response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        if isinstance(exception, _HeldError):
            return request.copy()
        sent = request.meta.pop("round", -1)
        if isinstance(exception, IgnoreRequest | PostponedError | DownloadCancelledError):
            self.host.drop(sent)
        else:
            self._failed(request, named(exception), sent)
        return None

    def _refused(self, request: Request, response: Response, sent: int) -> None:
        value = (response.headers.get("Retry-After") or b"").decode("latin-1")
        asked = retry_after(value, datetime.now(timezone.utc))
        if response.status == 429:  # it is not about this page
            request.meta["max_retry_times"] = self.tries
        seconds = self.host.refuse(sent, time.monotonic(), asked)
        self._put_off(request, asked or 0.0)
        if seconds:
            wish = f", Retry-After {asked:.0f} s" if asked else ""
            self._pause(seconds, f"HTTP {response.status}{wish} from {request.url}")
            if self.host.pauses > 1:  # it was not one bad moment
                self.pace.halve()

    def _failed(self, request: Request, reason: str, sent: int) -> None:
        self._put_off(request, 0.0)
        if seconds := self.host.fail(sent, time.monotonic()):
            self._pause(seconds, f"{reason} from {request.url}")

    def _put_off(self, request: Request, asked: float) -> None:
        """Have the retry of a request wait, also if nothing else does."""
        tries = request.meta.get("retry_times", 0) + 1
        wait = before_retry(self.host.pause, tries, asked)
        request.meta["not_before"] = time.monotonic() + wait

    def _pause(self, seconds: float, why: str) -> None:
        self._call_back()
        if self.host.is_given_up:
            halt(
                self.crawler,
                "unreachable",
                f"{self.source_url} refuses or fails again and again ({why}).",
            )
            return
        self.crawler.stats.inc_value("mirror/pauses")
        logger.warning(
            "Pause of %(seconds).1f s for %(source)s: %(why)s",
            {"seconds": seconds, "source": self.source_url, "why": why},
        )

    def _call_back(self) -> None:
        """Take back what Scrapy holds ready to be sent; it comes by here again, and waits."""
        slots = self.crawler.engine.downloader.slots
        slot = slots.get(urlsplit(self.source_url).hostname or "")
        while slot and slot.queue:
            _, waiting = slot.queue.popleft()
            waiting.errback(Failure(_HeldError()))


class _HeldError(Exception):
    """A request that was taken back before it was sent."""


def _tell_excepted(options: Options) -> None:
    """Log which hosts are asked directly though the environment names a proxy for them."""
    addresses = parse_sources(options.source_url).values()
    if hosts := ", ".join(filter(None, map(excepted_host, addresses))):
        why = "no_proxy in the environment excepts it from the proxy there; MIRROR_PROXIES wins over it"
        logger.warning("%(hosts)s: asked directly, as %(why)s", {"hosts": hosts, "why": why})


class ProxyMiddleware:
    """Sends all requests through the proxies that are set, and none past them.

    Without any it is off, and connections are direct: what the environment says is in the options.
    """

    def __init__(self, crawler: Crawler, rotation: Rotation):
        self.crawler = crawler
        self.scrapys = HttpProxyMiddleware(crawler.settings["HTTPPROXY_AUTH_ENCODING"])
        self.rotation = rotation

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ProxyMiddleware:
        options = Options.from_settings(crawler.settings)
        proxies = options.routes()
        if not proxies:
            _tell_excepted(options)
            raise NotConfigured
        where = "" if options.proxies else ", as the environment says"
        logger.info(
            "Requests go through %(proxies)s%(where)s",
            {"proxies": ", ".join(map(without_secrets, proxies)), "where": where},
        )
        return cls(crawler, Rotation(proxies, options.pause))

    def process_request(self, request: Request) -> Coroutine[None, None, None] | None:
        proxy = self.rotation.choose(time.monotonic())
        if proxy is None:
            return self._wait(request)
        self._send(request, proxy)
        return None

    def is_pausing(self, now: float) -> bool:
        """Whether all proxies are left out for now, by the monotonic clock."""
        return self.rotation.wait(now) > 0

    def _send(self, request: Request, proxy: Proxy) -> None:
        request.meta["through"] = proxy
        request.meta["proxy"] = proxy.url
        self.scrapys.process_request(request)  # makes a header of user and password

    async def _wait(self, request: Request) -> None:
        while (proxy := self.rotation.choose(time.monotonic())) is None:
            if is_ending(self.crawler):
                raise PostponedError(request.url)
            await asyncio.sleep(min(self.rotation.wait(time.monotonic()), _POLL_SECONDS))
        self._send(request, proxy)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        proxy, now = request.meta["through"], time.monotonic()
        if response.status == 407:
            self._note(
                proxy, "it does not take the user and password", self.rotation.fail(proxy, now)
            )
            return request.copy()
        if response.status in (502, 504):
            self._note(proxy, f"HTTP {response.status}", self.rotation.doubt(proxy, now))
        else:
            proxy.answer()
        return response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        proxy, now = request.meta.get("through"), time.monotonic()
        reason = named(exception)
        if isinstance(exception, _UNUSABLE) and proxy:
            self._note(proxy, reason, self.rotation.fail(proxy, now))
            return request.copy()
        if proxy and not isinstance(exception, IgnoreRequest | PostponedError | _HeldError):
            self._note(proxy, reason, self.rotation.doubt(proxy, now))
        return None

    def _note(self, proxy: Proxy, reason: str, seconds: float) -> None:
        if not seconds:
            return
        name = without_secrets(proxy.url)
        logger.warning(
            "Proxy %(name)s is left out for %(seconds).1f s: %(reason)s",
            {"name": name, "seconds": seconds, "reason": reason},
        )
        self.crawler.stats.inc_value("mirror/proxies_left_out")
        if self.rotation.is_hopeless:
            why = f"No proxy works any more ({name}: {reason}), and there is no way past them."
            halt(self.crawler, "proxies", why)


_UNUSABLE = (CannotResolveHostError, ConnectError, DownloadConnectionRefusedError, tunnel_error())
