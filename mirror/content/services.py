"""The sites whose players, charts and posts stand in articles: what each shows, and on which page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qs, urlsplit

from mirror.content.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

VIDEO, AUDIO, FILE, CHART, TWEET, POST, PAGE = (
    "视频",
    "音频",
    "链接（文件）",
    "图表",
    "推文",
    "链接（帖子）",
    "链接（网页）",
)
_YOUTUBE = ("youtube.com", "youtube-nocookie.com")
_HOSTS = {
    VIDEO: (
        *_YOUTUBE,
        *("youtu.be", "youmaker.com", "ganjing.com", "ganjingworld.com", "ntdtv.com"),
        *("vimeo.com", "dailymotion.com", "bitchute.com", "rumble.com", "odysee.com"),
        *("tiktok.com", "twitch.tv", "streamable.com", "c-span.org", "wistia.com", "wistia.net"),
        *("brightcove.net", "jwplayer.com", "jwplatform.com", "v.qq.com", "youku.com"),
        *("bilibili.com", "ted.com"),
    ),
    AUDIO: (
        *("soundcloud.com", "spotify.com", "podcasts.apple.com", "mixcloud.com", "spreaker.com"),
        *("podbean.com", "buzzsprout.com", "megaphone.fm", "simplecast.com", "soundon.fm"),
    ),
    CHART: (
        *("infogram.com", "infogr.am", "datawrapper.dwcdn.net", "flourish.studio", "flo.uri.sh"),
        "public.tableau.com",
    ),
    FILE: ("documentcloud.org", "scribd.com", "docs.google.com", "drive.google.com"),
    POST: (
        *("t.me", "telegram.org", "truthsocial.com", "bsky.app", "threads.net", "threads.com"),
        *("gettr.com", "gab.com", "reddit.com", "redditmedia.com"),
    ),
}
_KINDS = {host: kind for kind, hosts in _HOSTS.items() for host in hosts}
_ADVERTS = (
    *("doubleclick.net", "googlesyndication.com", "googletagmanager.com", "adnxs.com"),
    *("amazon-adsystem.com", "googleadservices.com", "outbrain.com", "taboola.com"),
)
_MEDIA_KINDS = {
    **dict.fromkeys(("mp4", "m4v", "webm", "ogv", "mov", "m3u8", "mpd"), VIDEO),
    **dict.fromkeys(("mp3", "m4a", "aac", "ogg", "oga", "wav"), AUDIO),
}
_YOUTUBE_RE = re.compile(r"/(?:embed|v|shorts|live)/([\w-]{6,20})$")


class Embed(NamedTuple):
    """What stands in place of something embedded: what it is, in words, and a link."""

    kind: str
    url: str
    text: str

    def is_same(self, other: Embed) -> bool:
        """Whether two addresses differ at most by parameters that one of them lacks."""
        (one, query), (two, parameters) = _parted(self.url), _parted(other.url)
        return one == two and (query == parameters or not (query and parameters))


class _Service(NamedTuple):
    """A site whose players or posts are named by an id."""

    names: str  # how tags, classes and attributes name it: a pattern
    id: str  # a pattern
    kind: str
    page: str


_SERVICES = (
    _Service(
        "youtube|lazyyt|lyte|lyme|epyt", r"[\w-]{11}", VIDEO, "https://www.youtube.com/watch?v={}"
    ),
    _Service("vimeo", r"[0-9]{5,12}", VIDEO, "https://vimeo.com/{}"),
    _Service("dailymotion", r"[A-Za-z0-9]{5,20}", VIDEO, "https://www.dailymotion.com/video/{}"),
    _Service("rumble", r"v[a-z0-9]{4,12}", VIDEO, "https://rumble.com/embed/{}/"),
    _Service("ganjing", r"[\w-]{8,40}", VIDEO, "https://www.ganjingworld.com/video/{}"),
    _Service("bitchute", r"[\w-]{8,20}", VIDEO, "https://www.bitchute.com/video/{}/"),
    _Service("tiktok", r"[0-9]{15,25}", VIDEO, "https://www.tiktok.com/embed/v2/{}"),
    _Service("wistia", r"[a-z0-9]{10}", VIDEO, "https://fast.wistia.net/embed/iframe/{}"),
    _Service("streamable", r"[a-z0-9]{4,10}", VIDEO, "https://streamable.com/{}"),
    _Service("bilibili", r"BV[A-Za-z0-9]{10}", VIDEO, "https://www.bilibili.com/video/{}"),
    _Service("soundcloud", r"[0-9]{5,12}", AUDIO, "https://api.soundcloud.com/tracks/{}"),
    _Service("twitter|tweet", r"[0-9]{10,25}", TWEET, "https://twitter.com/i/status/{}"),
    _Service("instagram", r"[\w-]{5,40}", POST, "https://www.instagram.com/p/{}/"),
    _Service("telegram", r"\w{4,40}/[0-9]{1,10}", POST, "https://t.me/{}"),
    _Service("imgur", r"(?:a/)?[A-Za-z0-9]{5,8}", POST, "https://imgur.com/{}"),
)


def linked(kind: str, url: str, text: str | None = None) -> Embed:
    """Return a link with a text, its address if there is none."""
    return Embed(kind, url, one_line(text or "") or url)


def by_id(names: str, ids: Iterable[str]) -> Embed | None:
    """Return what one of some ids stands for on a site that is named in `names` (in small letters)."""
    for service in _SERVICES:
        if re.search(service.names, names):
            for id in ids:
                if re.fullmatch(service.id, id):
                    return linked(service.kind, service.page.format(id))
    return None


def kind_of(url: str) -> str | None:
    """Return what is shown at an address, None if neither its host nor its file tells."""
    parts = urlsplit(url)
    ending = parts.path.lower().rpartition(".")[2]
    if kind := _MEDIA_KINDS.get(ending):
        return kind
    if "/plugins/video" in url:
        return VIDEO
    host = parts.hostname or ""
    while host:
        if kind := _KINDS.get(host):
            return kind
        host = host.partition(".")[2]
    return FILE if url.endswith(".pdf") else None


def is_advert(url: str) -> bool:
    """Whether an address is that of a seller of adverts."""
    return is_on(url, _ADVERTS)


def is_on(url: str, hosts: tuple[str, ...]) -> bool:
    """Whether an address is on one of some hosts, or below one."""
    host = urlsplit(url).hostname or ""
    return any(host == h or host.endswith(f".{h}") for h in hosts)


def _parted(url: str) -> tuple[str, str]:
    address, _, query = url.partition("?")
    return address.rstrip("/").removesuffix("/embed"), query


def watch_page(url: str) -> str:
    """Return the page where a frame's content can be seen; for most sites the frame's own."""
    parts = urlsplit(url)
    if parts.hostname == "youtu.be":
        return f"https://www.youtube.com/watch?v={parts.path.strip('/')}"
    if not is_on(url, _YOUTUBE):
        return url
    query = parse_qs(parts.query)
    playlist, videos = query.get("list"), query.get("v")
    if videos and parts.path == "/watch":
        return f"https://www.youtube.com/watch?v={videos[0]}"
    if parts.path.rstrip("/").endswith("/videoseries") and playlist:
        return f"https://www.youtube.com/playlist?list={playlist[0]}"
    video = _YOUTUBE_RE.search(parts.path.rstrip("/"))
    return f"https://www.youtube.com/watch?v={video[1]}" if video else url
