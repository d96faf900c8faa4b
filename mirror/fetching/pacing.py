"""The delay between requests to a host, where Scrapy and its AutoThrottle keep it."""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.extensions.throttle import AutoThrottle


class Pace:
    """The least delay between requests, in seconds: a setting's, a Crawl-delay's, or what refusals
    brought. AutoThrottle alone takes a refusal, which comes fast, for the answer of a fast site."""

    def __init__(self, crawler: Crawler, source_url: str, least: float, most: float):
        """`least`: the delay after a refusal where there was none. `most`: after many of them."""
        self.crawler = crawler
        self.host = urlsplit(source_url).hostname or ""
        self.least = least
        self.most = most
        self.usual = self.delay = crawler.settings.getfloat("DOWNLOAD_DELAY")

    def keep(self, delay: float) -> None:
        """Keep requests so far apart from now on, or more, whatever chance is set to take off."""
        self.usual = max(self.usual, delay)
        self._set(max(self.delay, delay))
        self.crawler.engine.downloader.per_slot_settings[self.host]["jitter"] = 0.0
        if slot := self._slot():
            slot.jitter = 0.0

    def halve(self) -> None:
        """Go half as fast."""
        slot = self._slot()
        now = max(self.delay, slot.delay if slot else 0.0)
        self._set(min(max(2 * now, self.least), max(self.most, self.usual)))

    def ease(self) -> None:
        """Go a little faster, up to what is usual."""
        if self.delay > self.usual:
            self._set(max(self.delay * 0.75, self.usual))

    def _slot(self) -> Slot | None:
        return self.crawler.engine.downloader.slots.get(self.host)

    def _set(self, delay: float) -> None:
        self.delay = delay
        settings = self.crawler.engine.downloader.per_slot_settings
        settings.setdefault(self.host, {})["delay"] = delay  # for when Scrapy forgets the slot
        throttle, slot = self.crawler.get_extension(AutoThrottle), self._slot()
        if throttle:
            throttle.mindelay = delay
            throttle.maxdelay = max(throttle.maxdelay, delay)
        if slot and not (throttle and slot.delay > delay):
            slot.delay = delay
