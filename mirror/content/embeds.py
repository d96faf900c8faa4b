"""What is embedded in an article: what it is, where it can be seen, and what cannot be told."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from mirror.content.hidden import is_invisible
from mirror.content.links import absolute_url
from mirror.content.players import (
    is_custom,
    is_furniture,
    placeholder,
    script_player,
    set_up_player,
)
from mirror.content.services import (
    AUDIO,
    CHART,
    PAGE,
    VIDEO,
    Embed,
    is_advert,
    is_on,
    kind_of,
    linked,
    watch_page,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

FRAMES = ("iframe", "embed", "frame", "amp-iframe", "amp-video-iframe")
MEDIA = ("video", "audio", "video-js", "amp-video", "amp-audio")
EMBEDS = frozenset((*FRAMES, *MEDIA, "object", "script", "canvas", "applet"))
PLACEHOLDERS = frozenset(("div", "span", "figure", "section", "oembed"))
_ADDRESS_NAME_RE = re.compile(r"(?:src|url|href)$")
_OTHER_NAMES = ("style", "title", "class", "id", "name", "poster", "allow", "srcdoc", "data-poster")
_OBJECT_PARAMS = ("movie", "src", "url", "filename")
_ADVERT_RE = re.compile(r"google_ads|adsbygoogle|aswift|doubleclick|\bads?[-_]|[-_]ads?\b|\bbanner")
_PLAYER_SCRIPT_RE = re.compile(r"player|embed|video|widget")
_LOADERS = (  # scripts of these show what an element beside them names
    *("twitter.com", "x.com", "facebook.net", "instagram.com", "tiktok.com", "truthsocial.com"),
    *("telegram.org", "bsky.app", "threads.net", "reddit.com", "redditmedia.com", "imgur.com"),
    *("flourish.studio", "infogram.com", "dwcdn.net", "youmaker.com", "youtube.com", "vimeo.com"),
    *("brightcove.net", "wistia.com", "jwplayer.com", "ampproject.org", "pinterest.com"),
    *("documentcloud.org", "addthis.com", "sharethis.com", "disqus.com", "google.com"),
)
_CUSTOM_RE = re.compile(r"^amp-|player|video|audio|embed|youtube|tweet|post|chart|map|widget|frame")
_UNKNOWN_LINE = "原文此处有嵌入的内容（{}），这里无法显示。"
_UNKNOWN_RE = re.compile(_UNKNOWN_LINE.format(r"([\w-]+)"))


def embed(node: _Element, base: str) -> Embed | None:
    """Return what a frame, player or its placeholder shows; None if that is nothing, or unknown."""
    tag = node.tag
    if tag in FRAMES:
        frames = (_frame(address, base) for address in _addresses(node))
        return next(filter(None, frames), None) or set_up_player(node.get("srcdoc") or "", base)
    if tag in MEDIA:
        return _media(node, base) or placeholder(node, base)
    if tag == "object":
        return _object(node, base)
    if tag == "script":
        return script_player(node, base)
    return placeholder(node, base)


def unknown(node: _Element) -> str | None:
    """Return the tag of something that is embedded and shown, though what it is cannot be told."""
    tag: str = node.tag
    values = node.attrib.values()
    if not values or is_invisible(node) or any(map(_ADVERT_RE.search, values)):
        return None
    if tag == "script":
        src = node.get("src") or ""
        url = absolute_url(src, "https:") if _PLAYER_SCRIPT_RE.search(src) else None
        return None if url is None or is_advert(url) or is_on(url, _LOADERS) else tag
    if tag in EMBEDS:
        urls = (absolute_url(address, "https:") for address in _addresses(node))
        return None if any(url and is_advert(url) for url in urls) else tag
    if is_custom(node) and not len(node) and not (node.text or "").strip():
        return tag if _CUSTOM_RE.search(tag) and not is_furniture(node) else None
    return None


def unknown_line(tag: str) -> str:
    """Return what a page says where something unknown was."""
    return _UNKNOWN_LINE.format(tag)


def unknown_embeds(html: str) -> list[str]:
    """Return the tags of what a clean body says it cannot show.

    >>> unknown_embeds(f"<p>一</p>\\n<p>{unknown_line('video')}</p>")
    ['video']
    """
    return _UNKNOWN_RE.findall(html)


def _addresses(node: _Element) -> Iterator[str]:
    """Yield what may be the address of a frame or a file: `src`, then what scripts make it of."""
    yield node.get("src") or ""
    for name, value in node.items():
        if name not in _OTHER_NAMES and ("//" in value or _ADDRESS_NAME_RE.search(name)):
            yield value


def _frame(src: str, base: str) -> Embed | None:
    url = absolute_url(src, base)
    if not url or url == base or url.startswith("mailto:") or is_advert(url):
        return None
    return linked(kind_of(url) or PAGE, watch_page(url))


def _media(node: _Element, base: str) -> Embed | None:
    """Return a file that is played: the element's own, or one of those inside."""
    inside = (address for source in node.iter("source") for address in _addresses(source))
    links = (a.get("href") or "" for a in node.iter("a"))
    files = (absolute_url(s, base) for s in chain(_addresses(node), inside, links) if s)
    url = next(filter(None, files), None)
    if url is None:
        return None
    return linked(VIDEO if "video" in node.tag else AUDIO, re.sub(r"\?_=\d+$", "", url))


def _object(node: _Element, base: str) -> Embed | None:
    params = {(p.get("name") or "").lower(): p.get("value") or "" for p in node.iter("param")}
    if "tableauViz" in (node.get("class") or "") and params.get("name"):
        return linked(CHART, f"https://public.tableau.com/views/{params['name']}")
    named = (params.get(name) or "" for name in _OBJECT_PARAMS)
    nested = (e.get("src") or "" for e in node.iter("embed", "iframe"))
    frames = (_frame(src, base) for src in (node.get("data") or "", *named, *nested))
    return next(filter(None, frames), None)
