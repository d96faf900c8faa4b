"""Scrapy add-ons: sets of settings with a name."""

from __future__ import annotations

import os
from pathlib import Path

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.settings import BaseSettings

from mirror.calls import known_settings
from mirror.config.fetcher import CURL
from mirror.config.given import check_given
from mirror.config.options import Options
from mirror.config.profiles import PROFILES
from mirror.spiders.base import MirrorSpider

_EXTENSIONS, _MIDDLEWARES = "scrapy.extensions", "scrapy.downloadermiddlewares"


_CURL_HANDLER = "mirror.fetching.curl.CurlDownloadHandler"
_PARTS = (  # each with the setting that switches it on, and the one that lists it
    ("COOKIES_ENABLED", "DOWNLOADER_MIDDLEWARES", f"{_MIDDLEWARES}.cookies.CookiesMiddleware"),
    (
        "HTTPCACHE_ENABLED",
        "DOWNLOADER_MIDDLEWARES",
        f"{_MIDDLEWARES}.httpcache.HttpCacheMiddleware",
    ),
    ("REMOTE_CONTROL_ENABLED", "EXTENSIONS", f"{_EXTENSIONS}.remote_control.RemoteControl"),
    ("TELNETCONSOLE_ENABLED", "EXTENSIONS", f"{_EXTENSIONS}.telnet.TelnetConsole"),
    ("AUTOTHROTTLE_ENABLED", "EXTENSIONS", f"{_EXTENSIONS}.throttle.AutoThrottle"),
    ("MEMDEBUG_ENABLED", "EXTENSIONS", f"{_EXTENSIONS}.memdebug.MemoryDebugger"),
)


class KnownNames:
    """Refuse what is unknown in mirror.toml or the environment before anything is fetched, by Scrapy's
    own commands, too: a misspelt MIRROR_PROXIES must not send them out directly."""

    def update_settings(self, settings: BaseSettings) -> None:
        check_given(known_settings(), os.environ, Path.cwd())


class Profile:
    """Set the pace that MIRROR_PROFILE names; what the operator sets with -s wins over it."""

    def update_settings(self, settings: BaseSettings) -> None:
        profile = Options.from_settings(settings).profile
        settings.setdict(PROFILES.get(profile, {}), priority="addon")


class Unused:
    """Leave out the parts of Scrapy that are switched off: each looks at its setting only when it was
    loaded, some with a library that takes a tenth of a second."""

    def update_settings(self, settings: BaseSettings) -> None:
        for switch, name, part in _PARTS:
            base = settings[f"{name}_BASE"]
            if part in base and not settings.getbool(switch):
                rest = {path: place for path, place in base.items() if path != part}
                settings.set(f"{name}_BASE", rest, "addon")


class Fetcher:
    """Fetch with curl if MIRROR_FETCHER says so."""

    def update_settings(self, settings: BaseSettings) -> None:
        if Options.from_settings(settings).fetcher == CURL:
            handlers = dict.fromkeys(("http", "https"), _CURL_HANDLER)
            both = settings.getdict("DOWNLOAD_HANDLERS") | handlers
            settings.set("DOWNLOAD_HANDLERS", both, "project")  # as what it replaces; -s wins


class Bystander:
    """Leave the project's extensions and stages out of what is no crawl of its own, such as scrapy
    shell or fetch: they would take from the frontier, or release what a crawl has taken."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Bystander:
        if issubclass(crawler.spidercls, MirrorSpider):
            raise NotConfigured
        return cls()

    def update_settings(self, settings: BaseSettings) -> None:
        for name in ("EXTENSIONS", "ITEM_PIPELINES"):
            settings.set(name, {}, "cmdline")
