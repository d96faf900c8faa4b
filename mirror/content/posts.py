"""Posts of social networks that stand in articles as quotes, each with its own address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mirror.content.links import absolute_url, without_tracking
from mirror.content.services import POST, TWEET, VIDEO, Embed, by_id, linked

if TYPE_CHECKING:
    from lxml.etree import _Element

_BLUESKY_RE = re.compile(r"at://([^/\s]+)/app\.bsky\.feed\.post/(\w+)")
_ADDRESSES = {  # by class: the attribute that holds the address
    "instagram-media": "data-instgrm-permalink",
    "fb-post": "data-href",
    "fb-video": "data-href",
    "truthsocial-embed": "data-truth-embed",
    "text-post-media": "data-text-post-permalink",  # Threads
    "mastodon-embed": "data-embed-url",
    "bluesky-embed": "data-bluesky-uri",
    "tiktok-embed": "cite",
}
_LINKS = {  # by class: what stands in the address of the post among the links in it
    "twitter-tweet": "/status/",
    "twitter-video": "/status/",
    "reddit-embed-bq": "/comments/",
    "reddit-card": "/comments/",
}
_KINDS = {"twitter-tweet": TWEET, "twitter-video": TWEET, "tiktok-embed": VIDEO}


def post(node: _Element, base: str) -> Embed | None:
    """Return the post of a social network that a blockquote or div holds, None if it is none."""
    classes = node.get("class")
    if not classes:
        return None
    for name in classes.split():
        kind = _KINDS.get(name, POST)
        if attribute := _ADDRESSES.get(name):
            return _linked(kind, node.get(attribute) or node.get("cite"), base)
        if part := _LINKS.get(name):
            links = [a for a in node.iter("a") if part in (a.get("href") or "")]
            return _linked(kind, links[-1].get("href"), base) if links else None
        if name == "imgur-embed-pub":
            return by_id("imgur", [node.get("data-id") or ""])
    return None


def _linked(kind: str, href: str | None, base: str) -> Embed | None:
    href = _BLUESKY_RE.sub(r"https://bsky.app/profile/\1/post/\2", href or "")
    url = absolute_url(href, base)
    return linked(kind, without_tracking(url)) if url else None
