"""Pictures as pages have them: lazy ones, placeholders, and what is no picture."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mirror.content.links import absolute_url

if TYPE_CHECKING:
    from lxml.etree import _Element

_PLACEHOLDER_RE = re.compile(r"^data:|/blank\.|/none\.|/placeholder|/spacer\.", re.IGNORECASE)
_LAZY = ("data-src", "data-original", "data-lazy-src", "src")


def picture_url(image: _Element, base: str) -> str | None:
    """Return a picture's address, the lazy one first; None for placeholders and tracking pixels."""
    if image.get("width") in ("0", "1") or image.get("height") in ("0", "1"):
        return None
    sources = (image.get(name) for name in _LAZY)
    found = (absolute_url(s, base) for s in sources if s and not _PLACEHOLDER_RE.search(s.strip()))
    return next((url for url in found if url and not url.startswith("mailto:")), None)
