"""The browsers that curl_cffi can imitate: which of its targets stands for a name, and the order in which
such a browser sends its headers. The versions are those of the library's own list, the newest of each."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, get_args

from mirror.fetching.browsers import browser_of

if TYPE_CHECKING:
    from collections.abc import Iterable

# Edge is left out: the newest that the library knows is of 2022.
_TARGET_RE = re.compile(r"(chrome|firefox|safari)(\d+)(_macos)?")
_MACINTOSH = "Macintosh"

# As they go out, Host and Connection over HTTP/1.1 alone; what is not named here comes last.
_ORDERS = {
    "Chrome": (
        *("host", "connection", "sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform"),
        *("upgrade-insecure-requests", "user-agent", "accept", "sec-fetch-site", "sec-fetch-mode"),
        *("sec-fetch-user", "sec-fetch-dest", "accept-encoding", "accept-language"),
    ),
    "Firefox": (
        *("host", "user-agent", "accept", "accept-language", "accept-encoding", "connection"),
        *("upgrade-insecure-requests", "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site"),
        "sec-fetch-user",
    ),
    "Safari": (
        *("host", "sec-fetch-dest", "user-agent", "accept", "sec-fetch-site", "sec-fetch-mode"),
        *("accept-language", "accept-encoding", "connection"),
    ),
}


@cache
def _targets() -> dict[tuple[str, bool], tuple[float, str]]:
    """Return by browser, and whether it runs on a Macintosh, the newest version and its target."""
    from curl_cffi.requests.impersonate import BrowserTypeLiteral

    found: dict[tuple[str, bool], tuple[float, str]] = {}
    for name in get_args(BrowserTypeLiteral):
        if match := _TARGET_RE.fullmatch(name):
            browser, digits = match[1].capitalize(), match[2]
            # 260 is Safari 26.0, 2601 is 26.0.1
            version = float(f"{digits[:2]}.{digits[2:]}" if browser == "Safari" else digits)
            places = (True,) if match[3] or browser == "Safari" else (False, True)
            for place in places:
                # the one made for a Macintosh comes behind that for all
                if version >= found.get((browser, place), (0.0, ""))[0]:
                    found[browser, place] = version, name
    return found


def versions() -> dict[str, int]:
    """Return the browsers that can be imitated wherever they run, each in one version."""
    found: dict[str, list[int]] = {}
    for (browser, _), (version, _) in _targets().items():
        found.setdefault(browser, []).append(int(version))
    return {browser: min(numbers) for browser, numbers in found.items()}


def target(name: str) -> str:
    """Return the target by which curl_cffi imitates the browser of a name, "" if it cannot."""
    browser, version = browser_of(name)
    known = _targets().get((browser, _MACINTOSH in name), (0.0, ""))
    return known[1] if version == int(known[0]) else ""


def in_order(name: str, headers: Iterable[bytes]) -> list[bytes]:
    """Return the names of headers in the order in which the browser of a name sends them."""
    order = _ORDERS.get(browser_of(name)[0], ())
    places = {header: place for place, header in enumerate(order)}
    return sorted(headers, key=lambda h: places.get(h.decode("latin-1").lower(), len(places)))
