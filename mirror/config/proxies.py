"""The addresses of proxies, as a setting or the environment gives them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from mirror.config.profiles import is_here
from mirror.config.sources import parse_sources
from mirror.errors import ArgumentError


def parse_proxies(
    value: str | Iterable[str], source_url: str, name: str = "MIRROR_PROXIES"
) -> tuple[str, ...]:
    """Return the proxies that a setting names, addresses separated by commas or spaces, or a list of
    them. Raises ArgumentError, which shows no password: it gives the number."""
    given = value if isinstance(value, str) else " ".join(value)
    found = tuple(dict.fromkeys(filter(None, re.split(r"[\s,]+", given))))
    for number, proxy in enumerate(found, 1):
        if reason := _fault(proxy, source_url):
            raise ArgumentError(name, f"(address {number} of {len(found)})", reason)
    return found


def _fault(proxy: str, source_url: str) -> str:
    """Return what is wrong with a proxy's address, empty if nothing is."""
    try:
        parts = urlsplit(proxy)
        is_good = bool(parts.hostname) and parts.port != 0 and parts.path in ("", "/")
    except ValueError:
        return "is no address"
    if parts.scheme.startswith("socks"):
        return "SOCKS is not supported; give an HTTP proxy, for Tor its HTTPTunnelPort"
    if not is_good or parts.scheme not in ("http", "https") or parts.query or parts.fragment:
        return "must be like http://user:password@host:port"
    is_encrypted = any(a.startswith("https:") for a in parse_sources(source_url).values())
    if parts.scheme == "https" and is_encrypted:
        return (
            "a proxy that is itself spoken to by https cannot reach a source with https; give it as "
            "http:// (what is fetched is encrypted all the same)"
        )
    return ""


def environment_proxy(address: str) -> str:
    """Return the proxy that the environment names for an address (http_proxy, https_proxy or
    all_proxy, and no_proxy), empty if it names none or the address is on this machine."""
    try:
        parts = urlsplit(address)
    except ValueError:  # no address; the check of the settings says so
        return ""
    if is_here(address) or proxy_bypass(parts.hostname or ""):
        return ""
    named = getproxies()
    proxy = named.get(parts.scheme) or named.get("all", "")
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"
