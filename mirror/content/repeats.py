"""What stands in a page twice: once as scripts load it, once for browsers without them."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from mirror.content.embeds import FRAMES, MEDIA, embed
from mirror.content.links import absolute_url
from mirror.content.pictures import PICTURES, is_same_picture, picture_url
from mirror.content.text import one_line

if TYPE_CHECKING:
    from lxml.etree import _Element

    from mirror.content.services import Embed

_TAG_RE = re.compile("<[^>]*>")
_NEAR_ELEMENTS = 3  # behind a document's viewer, in which its noscript stands


class Repeats:
    """Knows what was shown last, in order not to show it again."""

    def __init__(self, base: str):
        self.base = base
        self.image = ""
        self.embed: Embed | None = None
        self.embed_end = 0  # the number of lines written with it
        self.post: Embed | None = None
        self.document: _Element | None = None  # the noscript of the last one

    def showed(self, shown: Embed, lines: list[str]) -> None:
        """Note what was embedded last, and the lines written so far."""
        self.embed, self.embed_end = shown, len(lines)

    def is_shown(self, shown: Embed, lines: list[str]) -> bool:
        """Whether this was embedded just before, with no text in between."""
        between = lines[self.embed_end :]
        is_same = self.embed is not None and self.embed.is_same(shown)
        return is_same and all(map(_TAG_RE.fullmatch, between))

    def is_repeated(self, noscript: _Element) -> bool:
        """Whether a noscript only repeats the picture or player beside it, or says no more than that
        a browser should be another."""
        if noscript is self.document:
            return True
        images = list(noscript.iter(*PICTURES))
        players = list(noscript.iter(*FRAMES, *MEDIA, "object"))
        if not (images or players):
            return noscript.find(".//a") is None
        urls = [url for image in images if (url := picture_url(image, self.base))]
        embeds = [shown for player in players if (shown := embed(player, self.base))]
        return all(self._is_beside(url, noscript) for url in urls) and all(
            self.embed is not None and self.embed.is_same(shown) for shown in embeds
        )

    def titled(self, shown: Embed, viewer: _Element) -> Embed:
        """Return a document by its own address and title if its viewer has them in a noscript."""
        if "DC-embed" not in (viewer.get("class") or ""):
            return shown
        near = islice(viewer.itersiblings(), _NEAR_ELEMENTS)
        self.document = next((n for after in near for n in after.iter("noscript")), None)
        link = self.document.find(".//a") if self.document is not None else None
        if link is None:
            return shown
        url = absolute_url(link.get("href") or "", shown.url) or shown.url
        return shown._replace(url=url, text=one_line("".join(link.itertext())) or shown.text)

    def _is_beside(self, url: str, noscript: _Element) -> bool:
        """Whether a noscript's picture was shown before it, or stands behind it."""
        if is_same_picture(self.image, url):
            return True
        after = noscript.getnext()
        images = after.iter(*PICTURES) if after is not None and not noscript.tail else ()
        following = next(iter(images), None)
        shown = picture_url(following, self.base) if following is not None else None
        return shown is not None and is_same_picture(shown, url)
