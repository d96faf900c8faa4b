"""Players, frames and posts of other sites in an article: what each is and where it can be seen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from mirror.content.links import absolute_url, without_tracking
from mirror.content.text import one_line

if TYPE_CHECKING:
    from lxml.etree import _Element

_VIDEO, _AUDIO, _FILE, _CHART, _TWEET, _POST, _PAGE = (
    "视频",
    "音频",
    "链接（文件）",
    "图表",
    "推文",
    "链接（帖子）",
    "链接（网页）",
)
_YOUTUBE_RE = re.compile(r"/(?:embed|v|shorts|live)/([\w-]{6,20})$")
_VIDEO_HOSTS = (
    "youtube.com",
    "youtube-nocookie.com",
    "youtu.be",
    "youmaker.com",
    "vimeo.com",
    "dailymotion.com",
    "ganjing.com",
    "ganjingworld.com",
    "bitchute.com",
    "rumble.com",
    "ntdtv.com",
    "brightcove.net",
    "c-span.org",
)
_AUDIO_HOSTS = ("soundcloud.com", "spotify.com", "podcasts.apple.com")
_CHART_HOSTS = ("infogram.com", "infogr.am", "datawrapper.dwcdn.net", "flourish.studio")
_FILE_HOSTS = ("documentcloud.org", "scribd.com", "docs.google.com", "drive.google.com")
_ADVERTS = (
    "doubleclick.net",
    "googlesyndication.com",
    "googletagmanager.com",
    "adnxs.com",
    "amazon-adsystem.com",
)

Embed = tuple[str, str, str]  # kind in words, address, text of the link


def embed(node: _Element, base: str) -> Embed | None:
    """Return what a frame, player or its placeholder shows; None if there is nothing to see."""
    tag, classes = node.tag, (node.get("class") or "").split()
    if tag in ("iframe", "embed", "frame"):
        frames = (_frame(node.get(name) or "", base) for name in ("src", "data-src"))
        return next(filter(None, frames), None)
    if tag in ("video", "audio"):
        return _media(node, base)
    if tag == "object":
        return _frame(_movie(node), base)
    if tag == "script":
        return _script(node.get("src") or "", base)
    if "player-container" in classes and (player := node.get("data-id")):
        video = player.removeprefix("player-")
        return _linked(_VIDEO, f"https://www.youmaker.com/video/{video}")
    if "infogram-embed" in classes and (chart := node.get("data-id")):
        return _linked(_CHART, f"https://e.infogram.com/{chart}", node.get("data-title"))
    if "DC-embed" in classes and (viewer := node.get("id")):
        slug = viewer.removeprefix("DV-viewer-")
        return _linked(_FILE, f"https://www.documentcloud.org/documents/{slug}")
    return None


def post(node: _Element, base: str) -> Embed | None:
    """Return the post of a social network that a blockquote or div holds, None if it is none."""
    classes = node.get("class")
    if not classes:
        return None
    classes = classes.split()
    if "instagram-media" in classes:
        return _post(_POST, node.get("data-instgrm-permalink"), base)
    if "fb-post" in classes or "fb-video" in classes:
        return _post(_POST, node.get("data-href"), base)
    if "twitter-tweet" in classes or "twitter-video" in classes:
        last = node.xpath('(.//a/@href[contains(., "/status/")])[last()]')
        return _post(_TWEET, *last, base) if last else None
    return None


def _post(kind: str, href: str | None, base: str) -> Embed | None:
    url = absolute_url(href or "", base)
    return _linked(kind, without_tracking(url)) if url else None


def _linked(kind: str, url: str, text: str | None = None) -> Embed:
    return kind, url, one_line(text or "") or url


def _frame(src: str, base: str) -> Embed | None:
    url = absolute_url(src, base)
    if not url or _on(url, _ADVERTS) or not (urlsplit(url).path.strip("/") or urlsplit(url).query):
        return None
    return _linked(_kind(url), _watch_page(url))


def _kind(url: str) -> str:
    if _on(url, _VIDEO_HOSTS) or "/plugins/video" in url:
        return _VIDEO
    if _on(url, _AUDIO_HOSTS):
        return _AUDIO
    if _on(url, _CHART_HOSTS):
        return _CHART
    return _FILE if _on(url, _FILE_HOSTS) or url.endswith(".pdf") else _PAGE


def _watch_page(url: str) -> str:
    """Return the page where a frame's content can be seen; for most sites the frame's own."""
    parts = urlsplit(url)
    if not _on(url, ("youtube.com", "youtube-nocookie.com")):
        return url
    playlist = parse_qs(parts.query).get("list")
    if parts.path.rstrip("/").endswith("/videoseries") and playlist:
        return f"https://www.youtube.com/playlist?list={playlist[0]}"
    video = _YOUTUBE_RE.search(parts.path.rstrip("/"))
    return f"https://www.youtube.com/watch?v={video[1]}" if video else url


def _media(node: _Element, base: str) -> Embed | None:
    sources = [node.get("src"), *(s.get("src") for s in node.iter("source"))]
    url = next((u for s in sources if s and (u := absolute_url(s, base))), None)
    if url is None:
        return None
    return _linked(_VIDEO if node.tag == "video" else _AUDIO, re.sub(r"\?_=\d+$", "", url))


def _movie(node: _Element) -> str:
    if node.get("data"):
        return node.get("data") or ""
    named = [p.get("value") for p in node.iter("param") if (p.get("name") or "").lower() == "movie"]
    return next(filter(None, [*named, *(e.get("src") for e in node.iter("embed"))]), "")


def _script(src: str, base: str) -> Embed | None:
    """youmaker's players are scripts named by the video; its other scripts are assets."""
    url = absolute_url(src, base)
    if not url or not _on(url, ("www.youmaker.com",)):
        return None
    video = re.search(r"/([0-9a-f]{8}-[0-9a-f-]{20,})$", urlsplit(url).path)
    return _linked(_VIDEO, f"https://www.youmaker.com/video/{video[1]}") if video else None


def _on(url: str, hosts: tuple[str, ...]) -> bool:
    host = urlsplit(url).hostname or ""
    return any(host == h or host.endswith(f".{h}") for h in hosts)
