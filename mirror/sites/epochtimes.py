"""www.epochtimes.com, Chinese editions: every address form and every piece of markup it uses.

Layouts since 2017 of articles and since 2014 of listings; where a field's place differs by
layout, its selectors stand in one list, the newest first.

Seen by readers of the site on 3-8 October 2026: two layouts of articles at once, the one that was
there before and a newer one, `main#main .main_content > .article`, whose `h1` has no class. In the
newer one the text of `.info > time` is when an article was published, on a clock of 12 hours, and
its `datetime` when it was last saved; before, both were the same. JSON-LD gives the two times as
China's clock with a `Z` that is not true: `datePublished` was the printed time to the minute,
`dateModified` the `datetime` to the second. Whether `article:published_time` is still there is not
known, so all of these are heard. The day in an address stays behind China's: an article published
on the 8th at 3:29 had /b5/26/10/7/.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from parsel import Selector

from mirror.content.selecting import drop, first_of, inner_html, select, text_in
from mirror.content.text import one_line
from mirror.errors import NotAnArticleError
from mirror.items import ArticleItem, Link
from mirror.sites.base import Address, Site
from mirror.sites.bylines import Bylines
from mirror.sites.cutting import CutMarks, cut_out
from mirror.sites.markup import (
    Lead,
    around,
    feed_links,
    lead,
    line,
    mend_links,
    meta,
    once,
    plain_address,
    structured,
    texts,
)
from mirror.sites.publication import (
    Claim,
    Reading,
    claim,
    decide,
    saved_again,
    saved_once,
    shown,
)
from mirror.sites.times import CHINA, day_in, possible_day, printed_time

if TYPE_CHECKING:
    from lxml.etree import _Element

_ARTICLE_RE = re.compile(
    r"(?:(?:https?:)?//([^/?#]*))?"
    r"/(gb|b5)/(\d\d?|20\d\d)/(\d\d?)/(\d\d?)/n(\d{6,8})\.htm(?:/amp/?)?(?:[?#].*)?",
    re.IGNORECASE | re.DOTALL | re.ASCII,
)
_SECTION_RE = re.compile(r"n(?:sc|cid|f|ews)\d{1,8}|nc[a-z]{2,20}|n24hr|instant-news", re.ASCII)
_PAGE_NUMBER_RE = re.compile(r"_(\d{1,7})\.htm(?=[?#]|$)", re.ASCII)
_BYLINES = Bylines("大[纪紀]元")
_SUFFIX_RE = re.compile(r"\s*[-|]\s*大[纪紀]元.*$", re.DOTALL)

_LISTS = (  # the list, its items
    ("div.post_list.left_col", "div.one_post"),
    ("div.post_list", "div.one_post"),
    ("div.posts-list", "li"),
    ("div#artlist", "div.posts"),
    ("div.newyork", "ul li"),
)
_LISTED_LINKS = (".title a[href]", ".arttitle a[href]", "a[href]")
_LISTED_DATE = ".date, .post-date"
_NEXT_PAGE = ("div.pagination a.next", "div.menu_page a")
_PAGER = ":is(div.pagination, div.menu_page) a::attr(href)"
_TITLE = (
    "div.titles h1.title",
    "h1.blue18.title",
    "h1.title",
    "h1[itemprop=headline]",
)
_TITLE_2026 = ".main_content > .article h1"  # where the body may hold others
_BODY = (
    "div#artbody #article_wrap",
    "div#artbody",
    "#artbody",
    "[itemprop=articleBody]",
    "div.whitebg",
)
_LEAD = ("div.featured_image", "div.arttop")
_LEAD_CAPTION = ("div.featured_image .caption", "div.arttop .caption", "div.red16.caption")
_BREADCRUMBS = "a.breadcrumbs[href]"
_TIME_2026 = ".main_content > .article .info > time"
_TIME = (".info time", "#artbody header time[datetime]", "header time[datetime]")
_PUBLISHED = 'meta[property="article:published_time"]'
_SHARED_TITLE = 'meta[property="og:title"]'
_TAGS = "a[rel=tag]"
_CUT_MARKS = CutMarks(
    starts=('class="breadcrumbs"', "<h1"),
    end="<!-- article content end -->",  # tags follow, then what belongs to the page
    behind=("<aside", "<footer"),
)
_CENTURY = 2000  # of years of one or two digits
_CACHED_ADDRESSES = 1024  # each is asked for when it is listed, fetched, read and linked to


class EpochTimes(Site):
    """The Chinese editions of The Epoch Times."""

    name = "epochtimes"
    url = "https://www.epochtimes.com"
    hosts = ("", "www.epochtimes.com", "epochtimes.com", "cn.epochtimes.com", "m.epochtimes.com")
    timezone = CHINA
    sections = {
        "nsc413": "大陆新闻",
        "nsc412": "美国",
        "nsc418": "国际",
        "nsc415": "港澳",
        "nsc420": "财经",
        "nsc419": "科技",
        "nsc414": "台湾",
        "nsc2007": "文化",
        "nsc422": "社论",
        "nsc423": "专栏文集",
        "nsc424": "纪元特稿",
        "nsc993": "自由广场",
        "nf4514": "头条集锦",
        "nsc1025": "评论",
        "nf4830": "神韵",
        "ncid277": "中国",
        "news413": "大陆新闻",
        "news415": "港澳",
        "news418": "国际",
    }
    junk = (
        "header",
        "aside",
        "#below_article_ad",
        "#recommend_post",
        "twitter-widget",
        "ins.adsbygoogle",
        "#gtx-trans",
        "#gtx-anchor",
        ".gtx-bubble",
        ".share",
        ".addthis_toolbox",
    )

    def is_section(self, section: str) -> bool:
        return bool(_SECTION_RE.fullmatch(section))

    def section_url(self, section: str) -> str:
        return self.page_url(section, 1)

    def page_url(self, section: str, number: int) -> str:
        return f"{self.url}/gb/{section}{f'_{number}' if number > 1 else ''}.htm"

    def feed_url(self, section: str) -> str:
        return f"{self.url}/gb/{section}.xml"

    def address(self, url: str) -> Address | None:
        return _address(self.accepted, url)

    def is_own(self, url: str) -> bool:
        host = urlsplit(url).hostname or ""
        return host in self.accepted or host.endswith(".epochtimes.com")

    def article_links(self, page: Selector) -> list[Link]:
        for css, item in _LISTS:
            if found := select(page.root, css):
                return once(filter(None, map(self._listed, select(found[0], item))))
        return []

    def feed_links(self, feed: Selector) -> list[Link]:
        return once(feed_links(feed, self.address, CHINA))

    def next_page(self, page: Selector) -> str | None:
        newest, older = _NEXT_PAGE
        links = select(page.root, newest) or [
            a for a in select(page.root, older) if line(a) in (">", "›", "»")
        ]
        href = links[0].get("href", "").strip() if links else ""
        return urljoin(f"{self.url}/gb/", href) if href else None

    def last_page(self, page: Selector) -> int:
        found = (_PAGE_NUMBER_RE.search(href.strip()) for href in page.css(_PAGER).getall())
        return max((int(number[1]) for number in found if number), default=1)

    def byline(self, text: str, url: str) -> dict[str, Any]:
        return {
            "published": saved_once(None, (_BYLINES.day(text), _draft_day(url)), CHINA).published,
            "reporter": _BYLINES.reporter(text),
            "editor": _BYLINES.editor(text),
        }

    def part(self, html: str) -> str:
        return cut_out(html, _CUT_MARKS)

    def article(self, page: Selector, url: str) -> ArticleItem:
        address = self.address(url)
        if address is None:
            raise NotAnArticleError("the address is not an article's")
        body = next(iter(first_of([page.root], *_BODY)), None)
        places = [page.root] if body is None else [around(body), page.root]
        title = _title(places, body)
        if not title:
            raise NotAnArticleError("no title", "title")
        if body is None:
            raise NotAnArticleError("no body", "body")
        tags, section = texts(first_of(places, _TAGS)), self._section(places)
        picture = _lead(places)
        claims = self._claims(places, address.id)
        drop(body, self.junk)
        mend_links(body)
        text = text_in(body).strip()
        days = (_BYLINES.day(text), _draft_day(address.url))
        published, updated = decide(claims, days[0])
        if published is None:
            published, updated = _fallback(places)(updated, days, CHINA)
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
            reporter=_BYLINES.reporter(text),
            editor=_BYLINES.editor(text),
            tags=tags,
        )

    def _claims(self, places: list[_Element], article: str) -> list[Claim]:
        """Return what the sources on a page say of its times, those that are believed first."""
        elements = first_of(places, *_TIME)[:1]
        printed = [shown(line(time), time.get("datetime", ""), CHINA) for time in elements]
        data = structured(places[-1], lambda url: self.article_id(url) == article)
        found = claim(data.get("datePublished", ""), data.get("dateModified", ""), CHINA)
        head = claim(meta(places[-1], _PUBLISHED), "", CHINA)
        return sorted((*printed, found, head), key=len)  # those first that can mean one thing alone

    def _section(self, places: list[_Element]) -> str:
        """Return the section that the page's breadcrumbs lead to, "" if they name none."""
        paths = (urlsplit(crumb.get("href")).path for crumb in first_of(places, _BREADCRUMBS))
        names = (path.rpartition("/")[2].removesuffix(".htm") for path in paths)
        return next((name for name in reversed(list(names)) if self.is_section(name)), "")

    def _listed(self, item: _Element) -> Link | None:
        """Return the article that is listed: its first link, the first text of that, its day."""
        links = first_of([item], *_LISTED_LINKS)
        addresses = [(self.address(a.get("href")), a) for a in links]
        found = next((address for address, _ in addresses if address), None)
        if found is None:
            return None
        titles = (line(a) for address, a in addresses if address == found)
        day = day_in(next(map(line, select(item, _LISTED_DATE)), ""))
        return Link(*found, next(filter(None, titles), ""), day)


SITE = EpochTimes


@lru_cache(_CACHED_ADDRESSES)
def _address(hosts: tuple[str, ...], url: str) -> Address | None:
    match = _ARTICLE_RE.fullmatch(plain_address(url))
    if not match or (match[1] or "").lower() not in hosts or not _day_of(match):
        return None
    _, edition, year, month, day, number = match.groups()
    path = f"{edition.lower()}/{year}/{int(month)}/{int(day)}/n{number}.htm"
    return Address(f"n{number}", f"{EpochTimes.url}/{path}")


def _day_of(address: re.Match[str]) -> date | None:
    year, month, day = map(int, address.groups()[2:5])
    return possible_day(year if year >= _CENTURY else _CENTURY + year, month, day)


def _draft_day(url: str) -> date | None:
    """Return the day in an article's address: that of the draft, up to weeks before publication."""
    address = _ARTICLE_RE.fullmatch(url)
    return _day_of(address) if address else None


def _fallback(places: list[_Element]) -> Callable[..., Reading]:
    """Return what to make of a page without a time of publication: what the newer layout has beside
    it may be weeks later."""
    newer = first_of(places, _TIME_2026)
    return saved_again if newer and not printed_time(line(newer[0]), CHINA) else saved_once


def _title(places: list[_Element], body: _Element | None) -> str:
    headings = first_of(places, *_TITLE) or [
        heading for heading in first_of(places, _TITLE_2026) if body not in heading.iterancestors()
    ]
    if title := next(filter(None, map(line, headings)), ""):
        return title
    return _SUFFIX_RE.sub("", one_line(meta(places[-1], _SHARED_TITLE)))


def _lead(places: list[_Element]) -> Lead:
    blocks = (b for b in first_of(places, *_LEAD) if next(b.iterancestors("aside"), None) is None)
    return lead(blocks, first_of(places, *_LEAD_CAPTION), EpochTimes.url)
