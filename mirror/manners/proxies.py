"""Proxies: which ones there are, and which of them is next.

Each gets its turn. One that fails is left out for a while, longer each time. There is no way round
them: when none is left, requests wait, and at last the crawl ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from mirror.errors import ArgumentError
from mirror.manners.profiles import is_here

_LONGEST = 1800.0  # seconds that a proxy is left out
_DOUBTS = 3  # failures in a row that may be the site's or the proxy's, until it is the proxy's
_MOST = 4  # times that a proxy is left out in a row, until there is no hope


def parse_proxies(
    value: str | Iterable[str], source_url: str, name: str = "MIRROR_PROXIES"
) -> tuple[str, ...]:
    """Return the proxies that a setting names, addresses parted by commas or spaces, or a list of
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
    if parts.scheme == "https" and source_url.startswith("https:"):
        return (
            "a proxy that is itself spoken to by https cannot reach a source with https; give it as "
            "http:// (what is fetched is encrypted all the same)"
        )
    return ""


def masked(proxy: str) -> str:
    """Return a proxy's address without its user and password.

    >>> masked("http://me:secret@proxy.example:3128")
    'http://proxy.example:3128'
    """
    scheme, separator, rest = proxy.rpartition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}"


def environment_proxy(source_url: str) -> str:
    """Return the proxy that the environment names for a source (http_proxy, https_proxy,
    no_proxy), empty if it names none or the source is this machine."""
    try:
        parts = urlsplit(source_url)
    except ValueError:  # no address; the check of the settings says so
        return ""
    if is_here(source_url) or proxy_bypass(parts.hostname or ""):
        return ""
    proxy = getproxies().get(parts.scheme, "")
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"


@dataclass(slots=True)
class Proxy:
    """One proxy. Times are seconds by a clock that only goes forward."""

    url: str
    until: float = 0.0  # left out up to then
    times: int = 0  # left out so often, in a row
    doubts: int = 0  # failures in a row

    def answer(self) -> None:
        """Note that it works."""
        self.times = self.doubts = 0


class Rotation:
    """Proxies in turn."""

    def __init__(self, urls: Sequence[str], rest: float):
        """`rest`: seconds that a proxy is left out at first."""
        self.proxies = [Proxy(url) for url in urls]
        self.rest = rest
        self._next = 0

    @property
    def is_hopeless(self) -> bool:
        """Whether every proxy has failed again and again."""
        return all(proxy.times >= _MOST for proxy in self.proxies)

    def choose(self, now: float) -> Proxy | None:
        """Return the next proxy that is not left out, None if all are."""
        for _ in self.proxies:
            proxy = self.proxies[self._next]
            self._next = (self._next + 1) % len(self.proxies)
            if proxy.until <= now:
                return proxy
        return None

    def wait(self, now: float) -> float:
        """Return the seconds until the first proxy is back."""
        return max(0.0, min(proxy.until for proxy in self.proxies) - now)

    def fail(self, proxy: Proxy, now: float) -> float:
        """Leave a proxy out; return for how many seconds, 0 if it was out before."""
        if now < proxy.until:
            return 0.0
        seconds = min(self.rest * 2**proxy.times, _LONGEST)
        proxy.times += 1
        proxy.doubts = 0
        proxy.until = now + seconds
        return seconds

    def doubt(self, proxy: Proxy, now: float) -> float:
        """Note a failure that may be the proxy's; return the seconds that it is left out for."""
        proxy.doubts += 1
        return self.fail(proxy, now) if proxy.doubts >= _DOUBTS else 0.0
