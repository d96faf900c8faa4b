"""How hard a crawl may press: named sets of Scrapy's settings."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

PROFILES: dict[str, dict[str, Any]] = {
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
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


def default_profile(source_url: str) -> str:
    """Return the name of the profile for a source if none is set: bulk towards this machine."""
    try:
        host = urlsplit(source_url).hostname
    except ValueError:  # no address; the check of the settings says so
        return "polite"
    return "bulk" if host in _THIS_MACHINE else "polite"
