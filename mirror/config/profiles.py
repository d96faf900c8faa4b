"""How hard a crawl may press: named sets of Scrapy's settings."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import urlsplit

from mirror.config.sources import parse_sources

PROFILES: dict[str, dict[str, Any]] = {
    "polite": {
        "CONCURRENT_REQUESTS": 4,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 4,
        "DOWNLOAD_DELAY": 0.5,  # seconds
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": 1.0,
        "AUTOTHROTTLE_TARGET_CONCURRENCY": 2.0,
        "AUTOTHROTTLE_MAX_DELAY": 30.0,
    },
    "bulk": {
        "CONCURRENT_REQUESTS": 32,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 32,
        "DOWNLOAD_DELAY": 0,
    },
}


class Manners(NamedTuple):
    """How a host is treated that refuses, and how much one run takes of what it has."""

    pause: float  # seconds that it is left alone at first
    refusals: int  # how many it takes, with few good answers between them
    backlog: int | None  # listing pages beyond the newest; None: all


MANNERS = {"polite": Manners(30.0, 1, 40), "bulk": Manners(1.0, 3, None)}
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


def default_profile(source_url: str) -> str:
    """Return the name of the profile for sources if none is set: bulk towards this machine."""
    return "bulk" if all(map(is_here, parse_sources(source_url).values())) else "polite"


def is_here(source_url: str) -> bool:
    """Whether a source is on this machine."""
    try:
        return urlsplit(source_url).hostname in _THIS_MACHINE
    except ValueError:  # no address; the check of the settings says so
        return False
