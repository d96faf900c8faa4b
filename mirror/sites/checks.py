"""What has to hold of a site's file, each judged by its saved pages alone; what does not is said in
plain words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from mirror.content.selecting import first_of
from mirror.sites.news import NewsSite
from mirror.sites.samples import Sample, expected
from mirror.sites.selectors import Served, all_served
from mirror.sites.times import printed_times

if TYPE_CHECKING:
    from mirror.items import Link
    from mirror.sites.base import Site

_ID_RE = re.compile(r"[a-z]+\d+", re.ASCII)  # as the tree's own checks find it in names of pages
_SECTION_RE = re.compile(r"[a-z0-9][a-z0-9-]*", re.ASCII)
_FOREIGN = "site.invalid"
_TAIL_CHARACTERS = 2_000  # in which a page ends
# Of a listed title's characters in its article's: it may be cut off, or in the other script.
_MIN_SHARED = 0.5
_SHOWN = (
    "//body//text()[not(ancestor::a or ancestor::aside or ancestor::footer or ancestor::script"
    " or ancestor::style)]"
)


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A saved page: its name, and what its site makes of it now and what it should."""

    name: str
    sample: Sample
    made: dict[str, Any]
    wanted: dict[str, Any] | None  # None: nobody has said

    @property
    def is_article(self) -> bool:
        """Whether an article was found in it."""
        return self.sample.kind == "article" and "error" not in self.made

    @property
    def is_listing(self) -> bool:
        """Whether it names articles."""
        return self.sample.kind != "article"


class Finding(NamedTuple):
    """What is wrong (`kind` "wrong"), what is not there yet ("missing"), or what may be meant so ("note")."""

    kind: str
    text: str


Pages = Sequence[SavedPage]


def wrong(text: str) -> Finding:
    """Return a finding that no site can run with."""
    return Finding("wrong", text)


def check_names(site: Site, pages: Pages) -> Iterator[Finding]:
    """Check what a site says of itself, without a page."""
    host = urlsplit(site.url).netloc
    if not host or site.url.rstrip("/") != site.url:
        yield wrong(f"url is {site.url!r}: it must be a scheme and a host")
    if host not in site.hosts:
        yield wrong(f"hosts lacks the host of url, {host}")
    if not site.sections:
        yield Finding("missing", "sections is empty: no section has a name")
    for section in site.sections:
        yield from _section(site, section)
    for name in filter(site.is_section, ("../x", "a/b", "", "x.htm", "新闻")):
        yield wrong(f"is_section({name!r}) is true: it would become a file's name")


def _section(site: Site, section: str) -> Iterator[Finding]:
    if not site.is_section(section) or site.section_id(section) != section:
        yield wrong(f"section {section} is in sections, but is_section() or section_id() denies it")
    if not _SECTION_RE.fullmatch(section):
        yield wrong(f"section {section} cannot be a file's name: use a-z, 0-9 and -")
    first, second = site.section_url(section), site.page_url(section, 2)
    if site.page_url(section, 1) != first or second == first:
        yield wrong(f"page_url({section!r}, 1) must be section_url(), and page 2 another address")
    if site.article_id(first) or not site.is_own(first):
        yield wrong(f"section_url({section!r}), {first}, is an article's or another site's")


def check_addresses(site: Site, pages: Pages) -> Iterator[Finding]:
    """Check that all forms of an article's address mean that article, and no other address does."""
    for page in pages:
        if not page.is_article:
            continue
        id, url = page.made["id"], page.made["url"]
        if not _ID_RE.fullmatch(id):
            yield wrong(f"{page.name}: the id {id} must be letters a-z and then digits")
        path = urlsplit(url)._replace(scheme="", netloc="").geturl()
        scheme = urlsplit(url).scheme
        forms = [
            page.sample.url,
            url,
            f" {url}\n",
            f"{url}#x",
            f"http://{urlsplit(url).netloc}{path}",
        ]
        forms += [f"{scheme}://{host}{path}" for host in site.hosts if host]
        forms += [path] * ("" in site.hosts)
        for form in dict.fromkeys(forms):
            if (found := site.address(form)) != (id, url):
                means = f"means {found.url}" if found else "is not taken for an article's"
                yield wrong(f"{page.name}: address {form!r} {means}; expected {url}")
        if site.address(f"https://{_FOREIGN}{path}"):
            yield wrong(
                f"{page.name}: the address is taken for an article's on any other host, too"
            )
    for page in pages:
        if page.is_listing and site.address(page.sample.url):
            yield wrong(f"{page.name}: the listing's own address is taken for an article's")


def check_articles(site: Site, pages: Pages) -> Iterator[Finding]:
    """Check that articles are what their pages were saved for, whole or only their part."""
    for page in pages:
        if page.wanted is not None and (differing := _differing(page.made, page.wanted)):
            yield wrong(f"{page.name}: not as its .json has it: {', '.join(differing)}")
        if not page.is_article:
            continue
        text = page.sample.text
        if (
            not page.made["body_text"]
            and "<img" not in site.article(page.sample.page, page.made["url"]).body
        ):
            yield wrong(f"{page.name}: neither text nor pictures are in the body")
        part = replace(page.sample, text=site.part(text))
        if expected(site, part) != page.made:
            yield wrong(f"{page.name}: part() leaves out what article() needs")
        own = site.article_id(site.own_address(text))
        if own and own != page.made["id"]:
            yield wrong(f"{page.name}: own_address() is that of {own}")
        if not any(ending in text[-_TAIL_CHARACTERS:].lower() for ending in site.endings):
            yield wrong(
                f"{page.name}: ends with none of {', '.join(site.endings)}; so it seems cut off"
            )


def check_times(site: Site, pages: Pages) -> Iterator[Finding]:
    """Check that the times of articles are those that their pages print, in the site's zone."""
    for page in filter(lambda page: page.is_article, pages):
        times = [
            datetime.fromisoformat(t) for t in (page.made["published"], page.made["updated"]) if t
        ]
        if any(
            time.utcoffset() != site.timezone.utcoffset(time.replace(tzinfo=None)) for time in times
        ):
            yield wrong(f"{page.name}: {times[0]} is not in the site's timezone")
            continue
        day = next(iter(page.sample.days), None)
        if times != sorted(times) or (day and times[0].date() > day + timedelta(days=1)):
            yield wrong(f"{page.name}: published {times[0]} is after it was updated, or saved")
        shown = _printed(site, page)
        if shown and not {_minute(time) for time in times} & {_minute(time) for time in shown}:
            said = " and ".join(str(_minute(time)) for time in dict.fromkeys(shown))
            yield wrong(
                f"{page.name}: published is {_minute(times[0])}, but the page prints {said}"
            )


def check_crawl(site: Site, pages: Pages) -> Iterator[Finding]:
    """Check what a crawl would do, on the saved pages: listings, from one to the next, their articles."""
    saved = {page.made["id"]: page for page in pages if page.is_article}
    for page in filter(lambda page: page.is_listing, pages):
        sample = page.sample
        links = (site.feed_links if sample.kind == "feed" else site.article_links)(sample.page)
        if not links and (page.wanted or {}).get("links") != []:
            yield wrong(f"{page.name}: names no article")
        for link in links:
            yield from _followed(site, page.name, link, saved)
        if sample.kind == "feed":
            if links and not any(link.published for link in links):
                yield wrong(f"{page.name}: no article of the feed has a day")
        elif following := page.made["next"]:
            yield from _next(site, page, following)


def _followed(site: Site, name: str, link: Link, saved: dict[str, SavedPage]) -> Iterator[Finding]:
    if site.address(link.url) != (link.id, link.url):
        yield wrong(f"{name}: {link.url} is not its own address, or not that of {link.id}")
    if not link.title:
        yield wrong(f"{name}: {link.id} has no title")
    title = saved[link.id].made["title"] if link.id in saved else link.title
    if sum(character in title for character in link.title) < _MIN_SHARED * len(link.title):
        yield Finding("note", f"{name} calls {link.id} {link.title!r}, its own page {title!r}")


def _next(site: Site, page: SavedPage, following: str) -> Iterator[Finding]:
    url, last = page.sample.url, site.last_page(page.sample.page)
    if site.address(following) or not site.is_own(following) or following == url:
        yield wrong(f"{page.name}: next_page() is {following}, which cannot be a listing page")
    numbers = {1, *(int(digits) for digits in re.findall(r"(?a)\d{1,7}", urlsplit(url).path))}
    for section, number in ((s, n) for s in site.sections for n in sorted(numbers)):
        if site.page_url(section, number) != url:
            continue
        if (wanted := site.page_url(section, number + 1)) != following:
            yield wrong(f"{page.name}: next_page() is {following}, page_url() gives {wanted}")
        if last <= number:
            yield wrong(f"{page.name}: last_page() is {last}, though a page {number + 1} follows")
        return


def check_supply(site: Site, pages: Pages) -> Iterator[Finding]:
    """Say which kinds of pages nobody has saved, reviewed or found a use for."""
    listings = [page for page in pages if page.sample.kind == "listing"]
    section = next(iter(site.sections), "")
    feed = site.feed_url(section) if section else ""
    supply = {
        "no article": any(page.is_article for page in pages),
        "no listing page that leads on to a next one": any(p.made["next"] for p in listings),
        "no last listing page": any(not p.made["next"] for p in listings),
        f"no feed, though feed_url() gives {feed}": not feed
        or any(p.sample.kind == "feed" for p in pages),
        "no page that is no article (error-...)": any("error" in p.made for p in pages),
    }
    yield from (
        Finding("missing", f"saved pages: {what}")
        for what, is_there in supply.items()
        if not is_there
    )
    for page in pages:
        if page.wanted is None:
            yield Finding(
                "missing", f"{page.name}: nobody has said what it gives, or reviewed that (.json)"
            )


def check_selectors(site: Site, pages: Pages) -> Iterator[Finding]:
    """Name the selectors of a site that no saved page needs, and those that are not of a page's time."""
    if not isinstance(site, NewsSite):
        return
    fields = {
        name: getattr(site, name)
        for name in ("titles", "headings", "bodies", "films", "leads", "captions", "times", "tags")
    }
    used: set[Served] = set()
    for page in filter(lambda page: page.is_article, pages):
        root = page.sample.page.root
        for name, selectors in fields.items():
            found = [one for one in selectors if first_of([root], one.css)]
            used.update(found)
            for day in page.sample.days if found else ():
                if not any(one.holds(day.isoformat()) for one in found):
                    said = f"{found[0].css} is said to be of another time than {day}"
                    yield Finding("note", f"{page.name}: {name}: {said}")
    for name, selectors in fields.items():
        for one in all_served([selectors]):
            if one not in used:
                yield Finding("note", f"{name}: no saved page has {one.css}")


def _differing(made: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    if "error" in made and "error" in wanted:  # its wording is for the reader
        return []
    return sorted(k for k in made.keys() | wanted.keys() if made.get(k) != wanted.get(k))


def _printed(site: Site, page: SavedPage) -> list[datetime]:
    """Return the times that a page prints, not those that its article's text tells of."""
    text: Iterable[str] = page.sample.page.xpath(_SHOWN).getall()
    told = printed_times(" ".join(page.made["body_text"]), site.timezone)
    return [time for time in printed_times(" ".join(text), site.timezone) if time not in told]


def _minute(time: datetime) -> datetime:
    return time.replace(second=0, microsecond=0, tzinfo=None)
