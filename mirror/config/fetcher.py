"""What fetches pages: the setting MIRROR_FETCHER."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from mirror.config.values import one_of
from mirror.errors import ArgumentError

CURL = "curl"
FETCHERS = ("scrapy", CURL)


def fetcher_of(settings: Mapping[str, Any]) -> str:
    """Return what fetches pages. Raises ArgumentError, also if it is not installed."""
    fetcher = one_of(settings, "MIRROR_FETCHER", FETCHERS)
    if fetcher == CURL and find_spec("curl_cffi") is None:
        allowed = "needs curl_cffi: pip install -r requirements-curl.txt"
        raise ArgumentError("MIRROR_FETCHER", fetcher, allowed)
    return fetcher
