"""What a source site must know: its addresses and its markup, and nothing else."""

from __future__ import annotations

from datetime import timezone
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    from parsel import Selector

    from mirror.items import ArticleItem, Link


class Site(Protocol):
    """One source site, and what the classes of all sites inherit. Pages come as parsel selectors,
    addresses as text; nothing is fetched here.

    Ids of sections and articles become file names: each is a full match of a form the site is
    known to use, and unique among all sites.
    """

    name: ClassVar[str]
    url: ClassVar[str]  # scheme and host that canonical addresses have
    timezone: ClassVar[timezone]  # of the times that the site gives
    sections: ClassVar[dict[str, str]]  # id -> name, of the sections known by name
    endings: ClassVar[tuple[str, ...]]  # one of them stands at the end of each whole page or feed
    junk: ClassVar[tuple[str, ...]]  # CSS of what stands in a body and is not the article

    def __init__(self, source: str = ""):
        """`source` is the scheme and host that serve the site, if it is not the site itself."""

    def is_section(self, section: str) -> bool:
        """Whether this could be a section's id."""

    def section_url(self, section: str) -> str:
        """Return the address of the section's first listing page."""

    def page_url(self, section: str, number: int) -> str:
        """Return the address of a listing page by its number; 1 shows the newest articles."""

    def feed_url(self, section: str) -> str:
        """Return the address of the section's RSS feed."""

    def article_id(self, url: str) -> str | None:
        """Return the id of the article at any form of its address, None for any other address."""

    def canonical_url(self, url: str) -> str | None:
        """Return the one address of an article for any form of it, None for any other address."""

    def is_own(self, url: str) -> bool:
        """Whether an absolute address is on a host of the site, so out of the readers' reach."""

    def own_address(self, html: str) -> str:
        """Return the address that a page gives as its own, empty if it gives none."""

    def article_links(self, page: Selector) -> list[Link]:
        """Return the articles of a listing page in its order, each once."""

    def feed_links(self, feed: Selector) -> list[Link]:
        """Return the articles of an RSS feed in its order, each once."""

    def next_page(self, page: Selector) -> str | None:
        """Return the absolute address of the listing page after this one, None at the end."""

    def last_page(self, page: Selector) -> int:
        """Return the highest number of a listing page that this one leads to, 1 if to none."""

    def byline(self, text: str, url: str) -> dict[str, Any]:
        """Return what the text of an article tells of `published`, `reporter` and `editor`."""

    def part(self, html: str) -> str:
        """Return what is enough of an article's page to find the article in, so that the rest need
        not be parsed; all of it where that is not certain, or if a site does not define this."""
        return html

    def article(self, page: Selector, url: str) -> ArticleItem:
        """Return the article of a page fetched from `url`; its section is what the page says, if
        anything.

        Raises NotAnArticleError with the reason and, if it is that, with "title" or "body" as the
        field that was not found.
        """
