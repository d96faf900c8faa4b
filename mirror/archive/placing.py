"""Whether a listing page is the one that was asked for, by the page that it leads on to.

A cache or a gateway may answer with a page of another section, or with another page of this one. Recorded
as the page that was asked for, it would hide what stands there for good.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from mirror.archive.listing_pages import ListingPage
    from mirror.sites import Site


class Placing:
    """What the pages of a site's sections have led to so far; a section whose pages never led to where
    its addresses say is believed whatever they lead to."""

    def __init__(self, site: Site):
        self.site = site
        self._last: dict[str, int] = {}  # of sections that led there: the highest page they lead to

    def mistake(self, section: str, page: ListingPage, following: str | None) -> str:
        """Return why a page cannot be the one of its number, empty if it may be; `following` is the
        address that it leads on to, None if it has none."""
        if page.sections and section not in page.sections and section in self._last:
            return f"a page of another section, {', '.join(sorted(page.sections))}"
        if following is None:
            last = page.last if page.last > 1 else self._last.get(section, 1)
            is_middle = section in self._last and page.number < last
            return (
                f"another page, one that none follows, where page {last} does" if is_middle else ""
            )
        if _place(following) == _place(self.site.page_url(section, page.number + 1)):
            self._last[section] = page.last
            return ""
        return f"another page, one that leads on to {following}" if section in self._last else ""


def _place(url: str) -> tuple[str, str]:
    """Return what an address is within its host; sites are mirrored from others, too."""
    parts = urlsplit(url)
    return parts.path, parts.query
