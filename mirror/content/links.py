"""The addresses that links of real pages mean, and links between files of the published tree."""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache
from ipaddress import IPv6Address
from urllib.parse import urljoin, urlsplit

_SCHEMES = ("http", "https", "mailto")
_DOUBLE_SCHEME_RE = re.compile(r"^https?:/*(?=https?:)", re.IGNORECASE)
_CUT_SCHEME_RE = re.compile(r"^(?:t?tps?|ttps?)://", re.IGNORECASE)
_ABSOLUTE_RE = re.compile(r"https?://")
_BARE_HOST_RE = re.compile(r"^www\.[\w-]+\.", re.IGNORECASE)
_TRACKING_RE = re.compile(
    r"(?:utm_\w+|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|ref_src|ref_url|_ga|_gl|spm)(?:=.*)?",
    re.IGNORECASE,
)
_CACHED_LINKS = 4096  # links: most lead to a tag, a country or a person, again and again
_BREAKS_RE = re.compile(r"[\t\r\n]+")
_QUOTES = " \t\r\n;“”‘’\"'\u200b\ufeff\u3000\xa0"


def absolute_url(href: str, base: str) -> str | None:
    """Return the address that a link of a real page means, None if it is not http(s) or mailto.

    >>> absolute_url(" http:https://a.example/x; ", "https://b.example/")
    'https://a.example/x'
    >>> absolute_url("ttp://a.example/", ""), absolute_url("//a.example/i.jpg", "https://b.example/")
    ('http://a.example/', 'https://a.example/i.jpg')
    """
    href = _mended(href)
    if not href:
        return None
    return _joined("" if _ABSOLUTE_RE.match(href) else base, href)


@lru_cache(_CACHED_LINKS)
def _mended(href: str) -> str:
    """Return an href as it was meant, "" if it leads nowhere."""
    href = _DOUBLE_SCHEME_RE.sub("", _BREAKS_RE.sub("", href.strip(_QUOTES)))
    if href.startswith("#"):
        return ""
    href = _CUT_SCHEME_RE.sub("http://", href)
    return f"http://{href}" if _BARE_HOST_RE.match(href) else href


@lru_cache(_CACHED_LINKS)
def _joined(base: str, href: str) -> str | None:
    try:
        url = urljoin(base, href)
        parts = urlsplit(url)
        if "[" in parts.netloc:
            IPv6Address(parts.hostname or "")  # urlsplit checks that from Python 3.11.4 on
    except ValueError:  # such as "http://[half an IPv6 address"
        return None
    if parts.scheme not in _SCHEMES or not (parts.netloc or parts.scheme == "mailto"):
        return None
    return url


def without_tracking(url: str) -> str:
    """Return the address without the parameters that say where a reader came from.

    >>> without_tracking("https://a.example/x?id=1&utm_source=portal&fbclid=abc#top")
    'https://a.example/x?id=1#top'
    """
    address, mark, fragment = url.partition("#")
    path, _, query = address.partition("?")
    kept = "&".join(p for p in query.split("&") if p and not _TRACKING_RE.fullmatch(p))
    return path + (f"?{kept}" if kept else "") + mark + fragment


def at_source(url: str, source: str) -> str:
    """Return an address of the site as one of the configured source (scheme and host).

    >>> at_source("https://www.a.example/gb/x.htm?p=1#top", "http://127.0.0.1:8000")
    'http://127.0.0.1:8000/gb/x.htm?p=1'
    """
    parts = urlsplit(url)
    return source + (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def relative(path: str, folder: str) -> str:
    """Return the link to a file of the tree from a page in a folder of it.

    >>> relative("pages/nsc418/n13465188.md", "indexes/nsc418")
    '../../pages/nsc418/n13465188.md'
    """
    place, _, name = path.rpartition("/")
    return _way(place, folder) + name


@lru_cache(_CACHED_LINKS)
def _way(place: str, folder: str) -> str:
    """Return what leads from one folder of the tree to another, "" if they are the same."""
    way = posixpath.relpath(f"/{place}", f"/{folder}")  # else it asks where this process works
    return "" if way == "." else f"{way}/"
