"""Scrapy add-ons: sets of settings with a name."""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy.settings import BaseSettings

from mirror.errors import ArgumentError

PROFILES = {
    "polite": {
        "CONCURRENT_REQUESTS": 4,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 4,
        "DOWNLOAD_DELAY": 0.5,  # seconds
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": 1.0,
        "AUTOTHROTTLE_TARGET_CONCURRENCY": 2.0,
    },
    "bulk": {
        "CONCURRENT_REQUESTS": 32,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 32,
        "DOWNLOAD_DELAY": 0,
    },
}
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Profile:
    """Set the pace that MIRROR_PROFILE names; what the operator sets with -s wins over it."""

    def update_settings(self, settings: BaseSettings) -> None:
        name = settings.get("MIRROR_PROFILE") or _default(settings.get("MIRROR_SOURCE_URL", ""))
        if name not in PROFILES:
            raise ArgumentError("MIRROR_PROFILE", name, f"must be one of {', '.join(PROFILES)}")
        settings.setdict(PROFILES[name], priority="addon")


def _default(source_url: str) -> str:
    return "bulk" if urlsplit(source_url).hostname in _LOOPBACK else "polite"
