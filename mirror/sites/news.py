"""Sites of the usual kind: what their pages hold is found by the selectors that their files name."""

from __future__ import annotations

import re
from abc import abstractmethod
from datetime import date, datetime
from itertools import chain
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple
from urllib.parse import urljoin

from mirror.content.selecting import drop, first_of, inner_html, select, text_in
from mirror.content.text import one_line
from mirror.errors import NotAnArticleError
from mirror.items import ArticleItem, Link
from mirror.sites.base import Address, Site
from mirror.sites.bylines import Bylines
from mirror.sites.markup import (
    around,
    feed_links,
    lead,
    line,
    mend_links,
    meta,
    once,
    self_addresses,
    structured,
    texts,
)
from mirror.sites.publication import Claim, Reading, claim, decide, saved_once, shown
from mirror.sites.selectors import Selectors, Served, in_order
from mirror.sites.times import day_in

if TYPE_CHECKING:
    from lxml.etree import _Element
    from parsel import Selector

_SHARED_TITLE = 'meta[property="og:title"]'
_PUBLISHED = 'meta[property="article:published_time"]'
_NAME_END = (
    r"\s+[-–|_]\s+"  # of a section's name in the title of its listing: the page's number follows
)
_NEXT_MARKS = (">", "›", "»")


class Listing(NamedTuple):
    """Where listing pages of one layout have their articles: in the items of a list."""

    list: str
    item: str


class NewsSite(Site):
    """A site that is read by selectors; what it has of its own kind, it does in methods of its own."""

    titles: ClassVar[Selectors]  # of what holds an article's title
    headings: ClassVar[Selectors] = ()  # that are titles if they do not stand in the body
    bodies: ClassVar[Selectors]  # of what holds its text, the innermost
    films: ClassVar[Selectors] = ()  # that stand before the body and belong to it
    leads: ClassVar[Selectors] = ()  # round the lead picture
    captions: ClassVar[Selectors] = ()  # of the lead picture
    times: ClassVar[Selectors] = (Served("time"),)
    tags: ClassVar[Selectors] = (Served("a[rel=tag]"),)
    title_suffix: ClassVar[str] = "(?!)"  # behind the title of those who share a page
    bylines: ClassVar[Bylines]  # how the source names itself and its reporters in texts

    listings: ClassVar[tuple[Listing, ...]]  # the lists of articles, the newest layout first
    listed_links: ClassVar[tuple[str, ...]] = ("a[href]",)
    listed_titles: ClassVar[str] = ":not(*)"  # where links hold more than a title, or less
    listed_days: ClassVar[str] = ".date"
    next_links: ClassVar[str] = "a[rel=next]"
    marked_links: ClassVar[str] = ":not(*)"  # that lead on if their text is no more than ">"
    pagers: ClassVar[str] = ".pagination a"
    page_number: ClassVar[str]  # a regular expression of it in a listing page's address

    @property
    def folder(self) -> str:
        """The folder of listing pages, to which their relative links lead."""
        return "/"

    @abstractmethod
    def address_day(self, url: str) -> date | None:
        """Return the day in an article's canonical address, None if it has none."""

    # ---- listings

    def article_links(self, page: Selector) -> list[Link]:
        for css, item in self.listings:
            if found := select(page.root, css):
                return once(filter(None, map(self._listed, select(found[0], item))))
        return []

    def feed_links(self, feed: Selector) -> list[Link]:
        return once(feed_links(feed, self.address, self.timezone))

    def next_page(self, page: Selector) -> str | None:
        marked = (a for a in select(page.root, self.marked_links) if line(a) in _NEXT_MARKS)
        link = next(iter(select(page.root, self.next_links)), None)
        link = next(marked, None) if link is None else link
        href = "" if link is None else link.get("href", "").strip()
        return urljoin(f"{self.url}{self.folder}", href) if href else None

    def last_page(self, page: Selector) -> int:
        hrefs = (a.get("href", "").strip() for a in select(page.root, self.pagers))
        numbers = filter(None, (re.search(self.page_number, href) for href in hrefs))
        return max((int(number[1]) for number in numbers), default=1)

    def sections_of(self, page: Selector) -> frozenset[str]:
        following = self.next_page(page)
        urls = [*self_addresses(page), *([following] if following else [])]
        heading = one_line(page.xpath("string((//title)[1])").get(""))
        name = re.split(_NAME_END, re.sub(self.title_suffix, "", heading))[0]
        named = (section for section, known in self.sections.items() if known == name)
        return frozenset(filter(None, (*map(self.section_at, urls), *named)))

    def _listed(self, item: _Element) -> Link | None:
        """Return the article that is listed: its first link, the first text of that, its day."""
        addresses = [
            (self.address(a.get("href", "")), a) for a in first_of([item], *self.listed_links)
        ]
        found = next((address for address, _ in addresses if address), None)
        if found is None:
            return None
        links = (a for address, a in addresses if address == found)
        titles = map(line, chain(select(item, self.listed_titles), links))
        day = day_in(next(map(line, select(item, self.listed_days)), ""))
        return Link(*found, next(filter(None, titles), ""), day)

    # ---- articles

    def byline(self, text: str, url: str) -> dict[str, Any]:
        days = (self.bylines.day(text), self.address_day(url))
        return {
            "published": saved_once(None, days, self.timezone).published,
            "reporter": self.bylines.reporter(text),
            "editor": self.bylines.editor(text),
        }

    def article(self, page: Selector, url: str) -> ArticleItem:
        address = self.address(url)
        if address is None:
            raise NotAnArticleError("the address is not an article's")
        day = self.address_day(address.url)  # old articles are often served as they were
        body = next(iter(first_of([page.root], *in_order(self.bodies, day))), None)
        places = [page.root] if body is None else [around(body), page.root]
        title = self._title(places, body, day)
        if not title:
            raise NotAnArticleError("no title", "title")
        if body is None:
            raise NotAnArticleError("no body", "body")
        tags, section = texts(first_of(places, *in_order(self.tags, day))), self.section(places)
        blocks = [b for b in first_of(places, *in_order(self.leads, day)) if not _is_beside(b)]
        picture = lead(blocks, first_of(places, *in_order(self.captions, day)), self.url)
        claims = self.claims(places, address, day)
        for film in reversed(first_of(places, *in_order(self.films, day))):
            if body not in film.iterancestors():
                body.insert(0, film)
        drop(body, self.junk)
        mend_links(body)
        text = text_in(body).strip()
        days = (self.bylines.day(text), self.address_day(address.url))
        published, updated = decide(claims, days[0])
        if published is None:
            published, updated = self.unpublished(places, updated, days)
        if published is None:
            raise NotAnArticleError("no day of publication")
        return ArticleItem(
            id=address.id,
            site=self.name,
            url=address.url,
            section=section,
            title=title,
            body=inner_html(body),
            published=published,
            updated=updated,
            **picture,
            reporter=self.bylines.reporter(text),
            editor=self.bylines.editor(text),
            tags=tags,
        )

    def section(self, places: list[_Element]) -> str:
        """Return the section that a page names as its own, "" if it names none."""
        return ""

    def claims(self, places: list[_Element], address: Address, day: date | None) -> list[Claim]:
        """Return what the sources on a page say of its times, those that are believed first: of these
        that can mean but one thing, what readers see."""
        data = structured(places[-1], lambda url: self.article_id(url) == address.id)
        found = claim(data.get("datePublished", ""), data.get("dateModified", ""), self.timezone)
        head = claim(meta(places[-1], _PUBLISHED), "", self.timezone)
        return sorted((*self.printed(places, day), found, head), key=len)

    def printed(self, places: list[_Element], day: date | None) -> list[Claim]:
        """Return what is printed with the article, once."""
        times = self.time_elements(places, day)[:1]
        return [shown(line(time), time.get("datetime", ""), self.timezone) for time in times]

    def time_elements(self, places: list[_Element], day: date | None) -> list[_Element]:
        """Return what holds a time, not those of other articles in a column beside this one."""
        return [e for e in first_of(places, *in_order(self.times, day)) if not _is_beside(e)]

    def unpublished(
        self, places: list[_Element], saved: datetime | None, days: tuple[date | None, ...]
    ) -> Reading:
        """Return the times of a page that does not say when its article was published; `days` are
        those that the text and the address give."""
        return saved_once(saved, days, self.timezone)

    def _title(self, places: list[_Element], body: _Element | None, day: date | None) -> str:
        found = first_of(places, *in_order(self.titles, day)) or [
            heading
            for heading in first_of(places, *in_order(self.headings, day))
            if body not in heading.iterancestors()
        ]
        if title := next(filter(None, map(line, found)), ""):
            return title
        return re.sub(self.title_suffix, "", one_line(meta(places[-1], _SHARED_TITLE)))


def _is_beside(block: _Element) -> bool:
    return next(block.iterancestors("aside"), None) is not None
