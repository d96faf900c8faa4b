"""The browsers that requests are signed as: their names, and the headers that go with a name.

Which systems they run on, and how often, is fake-useragent's table. Its versions are those of the
day of its release, and it is released once a year; a browser names the version of this month.
Since 2022 a desktop browser's name is the same everywhere but for the version and the system, so
the newest version takes the place of the old one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

# The newest versions that were out in November 2026; raise them from time to time. If the table
# knows newer ones, those are taken.
_NEWEST_VERSIONS = {"Chrome": 158, "Edg": 156, "Firefox": 158, "Safari": 27}

_WEBKIT = r"AppleWebKit/537\.36 \(KHTML, like Gecko\) Chrome/(?P<major>\d+)\.0\.0\.0 Safari/537\.36"
_NAME_PATTERNS = {
    "Chrome": re.compile(rf"Mozilla/5\.0 \((?P<system>[^()]+)\) {_WEBKIT}"),
    "Edg": re.compile(rf"Mozilla/5\.0 \((?P<system>[^()]+)\) {_WEBKIT} Edg/[\d.]+"),
    "Firefox": re.compile(
        r"Mozilla/5\.0 \((?P<system>[^()]+); rv:(?P<major>\d+)\.0\) Gecko/20100101 Firefox/\d+\.0"
    ),
    "Safari": re.compile(
        r"Mozilla/5\.0 \((?P<system>[^()]+)\) AppleWebKit/605\.1\.15 \(KHTML, like Gecko\) "
        r"Version/(?P<major>\d+)[\d.]* Safari/605\.1\.15"
    ),
}
_PLATFORMS = {  # as browsers name them today, whatever the system's own version is
    "Windows NT 10.0; Win64; x64": "Windows",
    "Macintosh; Intel Mac OS X 10_15_7": "macOS",
    "Macintosh; Intel Mac OS X 10.15": "macOS",
    "X11; Linux x86_64": "Linux",
    "X11; Ubuntu; Linux x86_64": "Linux",
}


def names(
    table: Iterable[Mapping[str, Any]], versions: Mapping[str, int] | None = None
) -> list[str]:
    """Return the names of the desktop browsers in a table of fake-useragent, with their newest
    versions, or those that are given and no other browsers; each as often as the table has it."""
    rows = Counter(row["useragent"] for row in table if row["type"] == "desktop")
    known = [
        (browser, found["system"], int(found["major"]), count)
        for name, count in rows.items()
        for browser, form in _NAME_PATTERNS.items()
        if (found := form.fullmatch(name)) and found["system"] in _PLATFORMS
    ]
    newest = versions or {
        browser: max(version, *(v for b, _, v, _ in known if b == browser), 0)
        for browser, version in _NEWEST_VERSIONS.items()
    }
    of_each = (
        count * [_name(browser, system, newest[browser])]
        for browser, system, _, count in known
        if browser in newest
    )
    return [*chain.from_iterable(of_each)]


def _name(browser: str, system: str, version: int) -> str:
    if browser == "Firefox":
        return f"Mozilla/5.0 ({system}; rv:{version}.0) Gecko/20100101 Firefox/{version}.0"
    start = f"Mozilla/5.0 ({system}) AppleWebKit"
    if browser == "Safari":
        return f"{start}/605.1.15 (KHTML, like Gecko) Version/{version}.0 Safari/605.1.15"
    end = f" Edg/{version}.0.0.0" if browser == "Edg" else ""
    return f"{start}/537.36 (KHTML, like Gecko) Chrome/{version}.0.0.0 Safari/537.36{end}"


def browser_of(name: str) -> tuple[str, int]:
    """Return the browser and its version that a name tells, ("", 0) for one of no known form."""
    found = ((b, form.fullmatch(name)) for b, form in _NAME_PATTERNS.items())
    return next(((b, int(match["major"])) for b, match in found if match), ("", 0))


def is_browser(name: str) -> bool:
    """Whether a name is of the kind that every browser in use has."""
    return name.startswith("Mozilla/5.0 (")


def headers(name: str, scheme: str) -> dict[str, str]:
    """Return the headers that a browser of a name sends with the request for a page that was typed
    in, to an address with http or https; for a name of no known form, what all browsers send."""
    found = {b: match for b, form in _NAME_PATTERNS.items() if (match := form.fullmatch(name))}
    browser = next(iter(found), "")
    sent = {"User-Agent": name, **_ACCEPT_HEADERS.get(browser, _ACCEPT_HEADERS["Safari"])}
    if browser in ("Chrome", "Edg", "Firefox"):
        sent["Upgrade-Insecure-Requests"] = "1"
    if scheme == "http":
        return sent | {"Accept-Encoding": "gzip, deflate"}
    if browser in ("Chrome", "Edg"):
        sent["Sec-Ch-Ua"] = _brands(browser, int(found[browser]["major"]))
        sent["Sec-Ch-Ua-Mobile"] = "?0"
        sent["Sec-Ch-Ua-Platform"] = f'"{_PLATFORMS.get(found[browser]["system"], "Windows")}"'
    if browser:
        sent |= {"Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"}
        sent["Sec-Fetch-Site"] = "none"
    if browser in ("Chrome", "Edg", "Firefox"):
        sent["Sec-Fetch-User"] = "?1"
    return sent


AS_PICTURE = "as_picture"  # in the meta of a request for a picture of a page


def picture_headers(page: Mapping[Any, Any]) -> dict[str, str]:
    """Return what a browser sends for a picture of a page in place of what it sends for the page:
    the same but for what says that it is a picture (fetch.spec.whatwg.org, "Fetch metadata")."""
    sent = {"Accept": "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"}
    if "Sec-Fetch-Dest" in page:
        sent |= {"Sec-Fetch-Dest": "image", "Sec-Fetch-Mode": "no-cors"}
        sent["Sec-Fetch-Site"] = "same-site"
    return sent


# Accept: developer.mozilla.org/docs/Web/HTTP/Guides/Content_negotiation/List_of_default_Accept_values
# Accept-Language: what each sends when it is set to the Chinese of the mainland.
_CHROMIUM = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,"
    "image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7",
    "Accept-Language": "zh-CN,zh;q=0.9",
    "Accept-Encoding": "gzip, deflate, br, zstd",
}
_ACCEPT_HEADERS = {
    "Chrome": _CHROMIUM,
    "Edg": _CHROMIUM,
    "Firefox": {
        "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "Accept-Language": "zh-CN,zh;q=0.8,zh-TW;q=0.7,zh-HK;q=0.5,en-US;q=0.3,en;q=0.2",
        "Accept-Encoding": "gzip, deflate, br, zstd",
    },
    "Safari": {
        "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "Accept-Language": "zh-CN,zh-Hans;q=0.9",
        "Accept-Encoding": "gzip, deflate, br",
    },
}


def _brands(browser: str, version: int) -> str:
    """Return the brands of a Chromium version, one of them made up, in the order of that version
    (Chromium: components/embedder_support/user_agent_utils.cc)."""
    marks = " (:-./);=?_"
    invented = f"Not{marks[version % 11]}A{marks[(version + 1) % 11]}Brand"
    own = "Microsoft Edge" if browser == "Edg" else "Google Chrome"
    brands = [(invented, ("8", "99", "24")[version % 3]), ("Chromium", version), (own, version)]
    order = ((0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0))[version % 6]
    placed = dict(zip(order, brands, strict=True))
    return ", ".join(f'"{name}";v="{number}"' for _, (name, number) in sorted(placed.items()))
