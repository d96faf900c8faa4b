"""What a source site must know: its addresses and its markup, and nothing else."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple
from urllib.parse import urlsplit

from mirror.errors import SiteError
from mirror.sites.markup import own_address

if TYPE_CHECKING:
    from parsel import Selector

    from mirror.items import ArticleItem, Link


class Address(NamedTuple):
    """The id of an article, and its one canonical address."""

    id: str
    url: str


class Site(ABC):
    """One source site. Pages come as parsel selectors, addresses as text; nothing is fetched here.

    Ids of sections and articles become file names: each is a full match of a form the site is
    known to use, and unique among all sites.
    """

    name: ClassVar[str]  # of the site, and of its module
    url: ClassVar[str]  # scheme and host that canonical addresses have
    hosts: ClassVar[tuple[str, ...]]  # of articles; "" where addresses without a host are accepted
    timezone: ClassVar[tzinfo]  # of the times that the site gives
    sections: ClassVar[dict[str, str]]  # id -> name, of the sections known by name
    editions: ClassVar[tuple[str, ...]] = ()  # with the same articles, the usual one first
    junk: ClassVar[tuple[str, ...]]  # CSS of what stands in a body and is not the article
    unsectioned: ClassVar[str] = "other"  # where articles go that no section shows or names
    irregular: ClassVar[tuple[str, ...]] = ()  # fields of mirror.quality.coverage that say nothing
    # of the markup, as they come and go with the program, the day or the author
    endings: ClassVar[tuple[str, ...]] = ("</html>", "</body>", "</rss>")
    # one of them stands at the end of each whole page or feed

    def __init__(self, source: str = "", edition: str = ""):
        """`source` is the scheme and host that serve the site, if it is not the site itself; `edition`
        is that whose listings are read, if it is not the usual one."""
        self.edition = edition or next(iter(self.editions), "")
        self.accepted = (*self.hosts, *filter(None, (urlsplit(source).netloc,)))

    @abstractmethod
    def is_section(self, section: str) -> bool:
        """Whether this could be a section's id."""

    @abstractmethod
    def section_url(self, section: str) -> str:
        """Return the address of the section's first listing page."""

    @abstractmethod
    def page_url(self, section: str, number: int) -> str:
        """Return the address of a listing page by its number; 1 shows the newest articles."""

    def section_id(self, name: str) -> str | None:
        """Return the id of the section that an operator means by a name, None if it is none."""
        return name if self.is_section(name) else None

    def feed_url(self, section: str) -> str:
        """Return the address of the section's RSS feed, empty if it has none."""
        return ""

    @abstractmethod
    def address(self, url: str) -> Address | None:
        """Return what any form of an article's address means, None for any other address."""

    @abstractmethod
    def article_links(self, page: Selector) -> list[Link]:
        """Return the articles of a listing page in its order, each once."""

    @abstractmethod
    def feed_links(self, feed: Selector) -> list[Link]:
        """Return the articles of an RSS feed in its order, each once."""

    @abstractmethod
    def next_page(self, page: Selector) -> str | None:
        """Return the absolute address of the listing page after this one, None at the end."""

    @abstractmethod
    def last_page(self, page: Selector) -> int:
        """Return the highest number of a listing page that this one leads to, 1 if to none."""

    @abstractmethod
    def byline(self, text: str, url: str) -> dict[str, Any]:
        """Return `published`, `reporter` and `editor` as an article's text gives them."""

    @abstractmethod
    def article(self, page: Selector, url: str) -> ArticleItem:
        """Return the article of a page fetched from `url`; its section is what the page says, if
        anything.

        Raises NotAnArticleError with the reason and, if it is that, with "title" or "body" as the
        field that was not found.
        """

    def section_at(self, url: str) -> str:
        """Return the section that an address of a listing page or a feed is of, "" for any other, or if
        the addresses of the site do not tell."""
        return ""

    def sections_of(self, page: Selector) -> frozenset[str]:
        """Return the sections that a listing page or a feed may be of by what it says of itself, none if
        it says nothing."""
        return frozenset()

    def article_id(self, url: str) -> str | None:
        """Return the id of the article at any form of its address, None for any other address."""
        found = self.address(url)
        return found.id if found else None

    def canonical_url(self, url: str) -> str | None:
        """Return the one address of an article for any form of it, None for any other address."""
        found = self.address(url)
        return found.url if found else None

    def is_own(self, url: str) -> bool:
        """Whether an absolute address is on a host of the site, so out of the readers' reach."""
        parts, domain = urlsplit(url), (urlsplit(self.url).hostname or "").removeprefix("www.")
        host = parts.hostname or ""
        return parts.netloc in self.accepted or host == domain or host.endswith(f".{domain}")

    def own_address(self, html: str) -> str:
        """Return the address that a page gives as its own, empty if it gives none."""
        return own_address(html)

    def part(self, html: str) -> str:
        """Return what is enough of an article's page to find the article in, so that the rest need
        not be parsed; all of it where that is not certain, or if a site does not define this."""
        return html


def lacking(site: type[Site]) -> list[str]:
    """Return what a site's class has to define and does not: attributes, then methods as `name()`."""
    bases = [base for base in site.__mro__ if issubclass(base, Site)]
    promised = dict.fromkeys(
        name for base in bases for name in vars(base).get("__annotations__", ())
    )
    attributes = [name for name in promised if not hasattr(site, name)]
    return attributes + [f"{name}()" for name in sorted(site.__abstractmethods__)]


def checked(site: type[Site], module: str) -> type[Site]:
    """Return the class of a module's site. Raises SiteError with all that it lacks."""
    if missing := lacking(site):
        raise SiteError(f"{site.__name__} in {module} lacks {', '.join(missing)}")
    if site.name != module.rpartition(".")[2]:
        raise SiteError(f"{site.__name__} in {module}: its name, {site.name}, is not the module's")
    return site
