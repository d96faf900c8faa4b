"""The addresses of proxies, as a setting or the environment gives them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from mirror.config.fetcher import CURL, fetcher_of
from mirror.config.profiles import is_here
from mirror.config.sources import parse_sources
from mirror.errors import ArgumentError

_SCHEMES = ("http", "https", "socks5h")


def parse_proxies(
    value: object,
    source_url: str,
    name: str = "MIRROR_PROXIES",
    fetcher: str = "scrapy",
) -> tuple[str, ...]:
    """Return the proxies that a setting names, addresses separated by commas or spaces, or a list of
    them; which kinds there may be is the fetcher's. Raises ArgumentError, which shows no password: it
    gives the number."""
    given = " ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    found = tuple(dict.fromkeys(filter(None, re.split(r"[\s,]+", given))))
    for number, proxy in enumerate(found, 1):
        if reason := _fault(proxy, source_url, fetcher):
            raise ArgumentError(name, f"(address {number} of {len(found)})", reason)
    return found


def proxies_of(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the proxies that are set. Raises ArgumentError."""
    source_url, fetcher = str(settings["MIRROR_SOURCE_URL"]), fetcher_of(settings)
    return parse_proxies(settings["MIRROR_PROXIES"], source_url, fetcher=fetcher)


def proxy_without_curl(proxies: Sequence[str], what: str) -> str:
    """Return the first proxy that what is not fetched with curl can go through, "" if none is set at all.
    Raises ArgumentError, naming what it is for, if none of them is of that kind."""
    usable = [proxy for proxy in proxies if proxy.startswith("http:")]
    if proxies and not usable:
        allowed = f"{what} through SOCKS or a proxy spoken to by https; add one with http://"
        raise ArgumentError("MIRROR_PROXIES", None, allowed)
    return next(iter(usable), "")


def is_socks(proxy: str) -> bool:
    """Whether a proxy speaks SOCKS, which only curl does."""
    return proxy.lower().startswith("socks")


def _fault(proxy: str, source_url: str, fetcher: str) -> str:
    """Return what is wrong with a proxy's address, empty if nothing is."""
    try:
        parts = urlsplit(proxy)
        is_good = bool(parts.hostname) and parts.port != 0 and parts.path in ("", "/")
    except ValueError:
        return "is no address"
    if is_socks(proxy) and parts.scheme != "socks5h":
        return "must be socks5h://, with which the proxy looks up the site's name, and nobody else"
    if is_socks(proxy) and fetcher != CURL:
        return "SOCKS needs MIRROR_FETCHER=curl (docs/proxies.md); or give an HTTP proxy"
    if not is_good or parts.scheme not in _SCHEMES or parts.query or parts.fragment:
        return "must be like http://user:password@host:port"
    is_encrypted = any(a.startswith("https:") for a in parse_sources(source_url).values())
    if parts.scheme == "https" and is_encrypted and fetcher != CURL:
        return (
            "a proxy that is itself spoken to by https cannot reach a source with https, but with "
            "MIRROR_FETCHER=curl; or give it as http:// (what is fetched is encrypted all the same)"
        )
    return ""


def environment_proxy(address: str) -> str:
    """Return the proxy that the environment names for an address (http_proxy, https_proxy or
    all_proxy, and no_proxy), empty if it names none or the address is on this machine."""
    proxy, is_excepted = _environment_proxy(address)
    return "" if is_excepted else proxy


def excepted_host(address: str) -> str:
    """Return the host of an address for which the environment names a proxy that its no_proxy takes back
    again, empty if there is none."""
    proxy, is_excepted = _environment_proxy(address)
    return (urlsplit(address).hostname or "") if proxy and is_excepted else ""


def _environment_proxy(address: str) -> tuple[str, bool]:
    """Return the proxy that the environment names for an address, and whether no_proxy excepts that."""
    try:
        parts = urlsplit(address)
    except ValueError:  # no address; the check of the settings says so
        return "", False
    if is_here(address):
        return "", False
    named = getproxies()
    proxy = named.get(parts.scheme) or named.get("all", "")
    url = proxy if not proxy or "://" in proxy else f"http://{proxy}"
    return url, bool(proxy_bypass(parts.hostname or ""))
