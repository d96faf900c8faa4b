"""Players that a script or a click puts into a page: the elements and scripts that name them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mirror.content.links import absolute_url
from mirror.content.services import (
    CHART,
    FILE,
    PAGE,
    POST,
    VIDEO,
    Embed,
    by_id,
    is_advert,
    kind_of,
    linked,
    watch_page,
)

if TYPE_CHECKING:
    from lxml.etree import _Element

_PLAYER_RE = re.compile(
    r"player|video|audio|embed|youtube|vimeo|wistia|iframe|plyr|podcast|lyte|lyme"
)
_PLAYER_ADDRESS_RE = re.compile(
    r"/(?:embed|player|plugins|video|v)/|/watch\?|//youtu\.be/|//vimeo\.com/[0-9]"
    r"|\.(?:mp[34]|m4[av]|m3u8|webm|og[agv]|mov)(?:[?#]|$)"
)
_PICTURE_NAME_RE = re.compile(r"style|poster|thumb|image|img|background")
_ID_NAME_RE = re.compile(r"(?:id|code|key|video|youtube|yt|embed|post|src)$")
_ID_PREFIX_RE = re.compile(r"^[A-Za-z]+[_-]")
_BY_CLASS = {  # the attribute with the id, what stands before it there, kind, page
    "player-container": ("data-id", "player-", VIDEO, "https://www.youmaker.com/video/{}"),
    "infogram-embed": ("data-id", "", CHART, "https://e.infogram.com/{}"),
    "DC-embed": ("id", "DV-viewer-", FILE, "https://www.documentcloud.org/documents/{}"),
    "flourish-embed": ("data-src", "", CHART, "https://public.flourish.studio/{}/"),
}
_NO_CLASS = ("", "", "", "")
_BY_SCRIPT = (  # a pattern of the address of a script, kind, page
    (
        r"youmaker\.com/(?:.*/)?([0-9a-f]{8}-[0-9a-f-]{20,})$",
        VIDEO,
        "https://www.youmaker.com/video/{}",
    ),
    (
        r"jw(?:player|platform)\.com/players/([\w-]+)\.js$",
        VIDEO,
        "https://cdn.jwplayer.com/previews/{}",
    ),
    (r"wistia\.com/embed/medias/(\w+)\.", VIDEO, "https://fast.wistia.net/embed/iframe/{}"),
    (r"datawrapper\.dwcdn\.net/(\w+)/", CHART, "https://datawrapper.dwcdn.net/{}/"),
    (r"gist\.github\.com/([\w-]+/\w+)\.js$", PAGE, "https://gist.github.com/{}"),
)
_BY_CALL = (  # a pattern of what a script calls, kind, page
    (r"""\bvideoId["']?\s*:\s*["']([\w-]{11})["']""", VIDEO, "https://www.youtube.com/watch?v={}"),
    (
        r"""\bRumble\(\s*["']play["'][^}]*?"video"\s*:\s*"(v\w+)""",
        VIDEO,
        "https://rumble.com/embed/{}/",
    ),
)
_FURNITURE_RE = re.compile(  # amp.dev/documentation/components
    r"^amp-(?:.*ads?|embed|pixel|analytics|consent|user-notification|social-share|app-banner"
    r"|install-serviceworker|state|geo|font|call-tracking|next-page|sidebar|.*lightbox.*|animation"
    r"|position-observer|.*list|access|bind|form|experiment|web-push.*|story.*|script)$"
)
_WRITTEN_ADDRESS_RE = re.compile(r"""(?:https?:)?//[^\s"'<>()]+""")


def placeholder(node: _Element, base: str) -> Embed | None:
    """Return what an element stands for until a script or a click loads it, None if for nothing."""
    classes = node.get("class") or ""
    for name in classes.split():
        attribute, prefix, kind, page = _BY_CLASS.get(name, _NO_CLASS)
        if attribute and (id := node.get(attribute)):
            return linked(kind, page.format(id.removeprefix(prefix)), node.get("data-title"))
    names = " ".join((node.tag, classes, node.get("id") or "", *node.keys())).lower()
    may_load = _PLAYER_RE.search(names) or any("//" in v for v in node.attrib.values())
    if not (is_custom(node) or may_load) or is_furniture(node):
        return None
    provider = node.get("data-plyr-provider") or ""
    return (
        _by_account(node, names)
        or _by_address(node, base)
        or by_id(f"{names} {provider}", _ids(node))
    )


def is_custom(node: _Element) -> bool:
    """Whether an element is one that only a script knows, such as <lite-youtube>."""
    return "-" in node.tag or node.tag == "oembed"


def is_furniture(node: _Element) -> bool:
    """Whether an element is one of AMP's that show nothing of the article."""
    return bool(_FURNITURE_RE.search(node.tag))


def script_player(script: _Element, base: str) -> Embed | None:
    """Return the player or post that a script puts in its place, None if it is none."""
    if id := script.get("data-telegram-post"):
        return linked(POST, f"https://t.me/{id}")
    src = script.get("src")
    if not src:
        return set_up_player(script.text or "", base)
    url = absolute_url(src, base)
    return _first_match(_BY_SCRIPT, url.partition("?")[0]) if url else None


def set_up_player(code: str, base: str) -> Embed | None:
    """Return the player that the text of a script sets up."""
    written = _WRITTEN_ADDRESS_RE.findall(code.replace("\\/", "/"))
    players = (_player(absolute_url(url, base)) for url in written)
    return _first_match(_BY_CALL, code) or next(filter(None, players), None)


def _first_match(known: tuple[tuple[str, str, str], ...], text: str) -> Embed | None:
    for pattern, kind, page in known:
        if found := re.search(pattern, text):
            return linked(kind, page.format(found[1]))
    return None


def _by_account(node: _Element, names: str) -> Embed | None:
    """Return a video that takes more than one id to name."""
    account, video = node.get("data-account"), node.get("data-video-id")
    if account and video:
        player = node.get("data-player") or node.get("data-player-id") or "default"
        page = f"https://players.brightcove.net/{account}/{player}_default/index.html"
        return linked(VIDEO, f"{page}?videoId={video}")
    player, media = node.get("data-player-id"), node.get("data-media-id")
    if "jwplayer" in names and player and media:
        return linked(VIDEO, f"https://cdn.jwplayer.com/previews/{media}-{player}")
    return None


def _by_address(node: _Element, base: str) -> Embed | None:
    values = [value for name, value in node.items() if not _PICTURE_NAME_RE.search(name)]
    is_empty = not len(node)
    if is_empty and (text := (node.text or "").strip()).startswith("http"):
        values.append(text)  # WordPress leaves some addresses as text
    urls = [absolute_url(v, base) for v in values if "//" in v and " " not in v.strip()]
    players = filter(None, map(_player, urls))
    pages = (_page(url) for url in urls if url and is_empty and is_custom(node))
    return next(players, None) or next(pages, None)


def _player(url: str | None) -> Embed | None:
    """Return what is played at an address, None if nothing is."""
    kind = kind_of(url) if url and _PLAYER_ADDRESS_RE.search(url) else None
    return linked(kind, watch_page(url)) if url and kind else None


def _page(url: str) -> Embed | None:
    return None if is_advert(url) else linked(kind_of(url) or PAGE, watch_page(url))


def _ids(node: _Element) -> list[str]:
    """Return what may be the id of a video or post, the attributes that say so first."""
    named = [(name, value) for name, value in node.items() if _ID_NAME_RE.search(name)]
    named.sort(key=lambda item: not item[0].endswith("id"))
    asynchronous = re.findall(r"wistia_async_(\w+)", node.get("class") or "")
    return [*(_ID_PREFIX_RE.sub("", v) if n == "id" else v for n, v in named), *asynchronous]
