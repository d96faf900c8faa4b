"""Proxies: which of them is next.

Each gets its turn. One that fails is left out for a while, longer each time. There is no way round
them: when none is left, requests wait, and at last the crawl ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_MAX_REST_SECONDS = 1800.0  # that a proxy is left out
_MAX_DOUBTS = 3  # failures in a row that may be the site's or the proxy's, until it is the proxy's
_MAX_FAILURES = 4  # times that a proxy is left out in a row, until there is no hope


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
        return all(proxy.times >= _MAX_FAILURES for proxy in self.proxies)

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
        seconds = min(self.rest * 2**proxy.times, _MAX_REST_SECONDS)
        proxy.times += 1
        proxy.doubts = 0
        proxy.until = now + seconds
        return seconds

    def doubt(self, proxy: Proxy, now: float) -> float:
        """Note a failure that may be the proxy's; return the seconds that it is left out for."""
        proxy.doubts += 1
        return self.fail(proxy, now) if proxy.doubts >= _MAX_DOUBTS else 0.0
