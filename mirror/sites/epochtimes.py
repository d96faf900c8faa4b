"""www.epochtimes.com, Chinese editions: every address form and every piece of markup it uses.

Layouts since 2017 of articles and since 2014 of listings; where a field's place differs by
layout, its selectors stand in one list, the newest first.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypedDict
from urllib.parse import urljoin, urlsplit

from parsel import Selector

from mirror.content.pictures import picture_url
from mirror.content.selecting import drop, first_of, inner_html, select, text_in
from mirror.content.text import one_line
from mirror.errors import NotAnArticleError
from mirror.items import ArticleItem, Link
from mirror.sites.base import Address, Site
from mirror.sites.cutting import CutMarks, cut_out
from mirror.sites.markup import around, line, mend_links, meta, once, plain_address
from mirror.sites.times import CHINA, day_in, iso_time, midnight, possible_day

if TYPE_CHECKING:
    from lxml.etree import _Element

_ARTICLE_RE = re.compile(
    r"(?:(?:https?:)?//([^/?#]*))?"
    r"/(gb|b5)/(\d\d?)/(\d\d?)/(\d\d?)/n(\d{6,8})\.htm(?:/amp/?)?(?:[?#].*)?",
    re.IGNORECASE | re.DOTALL | re.ASCII,
)
_SECTION_RE = re.compile(r"n(?:sc|cid|f)\d{1,8}|nc[a-z]{2,20}|n24hr|instant-news", re.ASCII)
_PAGE_NUMBER_RE = re.compile(r"_(\d{1,7})\.htm(?=[?#]|$)", re.ASCII)
_DATELINE_RE = re.compile(r"[【\[]大[纪紀]元[^】\]]{0,40}[】\]]\s*")
_REPORTER_RE = re.compile(r"[（(]\s*([^()（）]{2,80}?)\s*[)）]")
_REPORTER_WORDS = ("记者", "記者", "报导", "報導", "报道", "報道", "编译", "編譯", "撰文", "综合")
_EDITOR_RE = re.compile(r"[责責]任[编編][辑輯]\s*[：:]\s*([^#＃◇\n]{1,40}?)\s*[#＃◇]*\s*$")
_SUFFIX_RE = re.compile(r"\s*[-|]\s*大[纪紀]元.*$", re.DOTALL)
_START_CHARACTERS, _END_CHARACTERS = 400, 200  # of a text, with the dateline, with the editor

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
_TITLE = ("div.titles h1.title", "h1.blue18.title", "h1.title", "h1[itemprop=headline]")
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
_TIME = ("div.info time[datetime]", "#artbody header time[datetime]", "header time[datetime]")
_PUBLISHED = 'meta[property="article:published_time"]'
_SHARED_TITLE = 'meta[property="og:title"]'
_TAGS = "a[rel=tag]"
_CUT_MARKS = CutMarks(
    starts=('class="breadcrumbs"', "<h1"),
    end="<!-- article content end -->",  # tags follow, then what belongs to the page
    behind=("<aside", "<footer"),
)
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
        items = feed.xpath("//item")
        shown = ((i.xpath("string(link)").get(""), i.xpath("string(title)").get("")) for i in items)
        found = ((self.address(href), one_line(title)) for href, title in shown)
        return once(Link(*address, title) for address, title in found if address)

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
        published, _ = _publication((None, None), text, url)
        return {"published": published, "reporter": _reporter(text), "editor": _editor(text)}

    def part(self, html: str) -> str:
        return cut_out(html, _CUT_MARKS)

    def article(self, page: Selector, url: str) -> ArticleItem:
        address = self.address(url)
        if address is None:
            raise NotAnArticleError("the address is not an article's")
        body = next(iter(first_of([page.root], *_BODY)), None)
        places = [page.root] if body is None else [around(body), page.root]
        title = _title(places)
        if not title:
            raise NotAnArticleError("no title", "title")
        if body is None:
            raise NotAnArticleError("no body", "body")
        tags = _tags(places)
        lead = _lead(places)
        times = _times(places)
        section = self._section(places)
        drop(body, self.junk)
        mend_links(body)
        text = text_in(body).strip()
        published, updated = _publication(times, text, address.url)
        return ArticleItem(
            id=address.id,
            site=self.name,
            url=address.url,
            section=section,
            title=title,
            body=inner_html(body),
            published=published,
            updated=updated,
            **lead,
            reporter=_reporter(text),
            editor=_editor(text),
            tags=tags,
        )

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


class _Lead(TypedDict, total=False):
    lead_image: str
    lead_alt: str
    lead_caption: str


@lru_cache(_CACHED_ADDRESSES)
def _address(hosts: tuple[str, ...], url: str) -> Address | None:
    match = _ARTICLE_RE.fullmatch(plain_address(url))
    if not match or (match[1] or "").lower() not in hosts or not _draft_day(match):
        return None
    _, edition, year, month, day, number = match.groups()
    path = f"{edition.lower()}/{year}/{int(month)}/{int(day)}/n{number}.htm"
    return Address(f"n{number}", f"{EpochTimes.url}/{path}")


def _draft_day(address: re.Match[str]) -> date | None:
    year, month, day = map(int, address.groups()[2:5])
    return possible_day(2000 + year, month, day)


def _title(places: list[_Element]) -> str:
    if title := next(filter(None, map(line, first_of(places, *_TITLE))), ""):
        return title
    return _SUFFIX_RE.sub("", one_line(meta(places[-1], _SHARED_TITLE)))


def _tags(places: list[_Element]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(line, first_of(places, _TAGS)))))


def _lead(places: list[_Element]) -> _Lead:
    blocks = (b for b in first_of(places, *_LEAD) if next(b.iterancestors("aside"), None) is None)
    pictures = next((found for block in blocks if (found := list(block.iter("img")))), [])
    shown = next(filter(None, (picture_url(p, EpochTimes.url) for p in pictures)), None)
    if shown is None:
        return {}
    return {
        "lead_image": shown,
        "lead_alt": next(filter(None, (one_line(p.get("alt", "")) for p in pictures)), ""),
        "lead_caption": next(map(line, first_of(places, *_LEAD_CAPTION)), ""),
    }


def _times(places: list[_Element]) -> tuple[datetime | None, datetime | None]:
    """Return the published time of the page's head and the time shown with the article."""
    shown = next((time.get("datetime") for time in first_of(places, *_TIME)), "")
    return iso_time(meta(places[-1], _PUBLISHED), CHINA), iso_time(shown, CHINA)


def _publication(
    times: tuple[datetime | None, datetime | None], text: str, url: str
) -> tuple[datetime, datetime | None]:
    """Return when the article was published and, where it differs, updated.

    Without a time on the page the dateline's day counts; only without that, the address's, which is
    when the draft was made.
    """
    published, shown = times
    if published:
        return published, shown if shown != published else None
    if shown:
        return shown, None
    dateline, address = _DATELINE_RE.search(text[:_START_CHARACTERS]), _ARTICLE_RE.fullmatch(url)
    day = (day_in(dateline[0]) if dateline else None) or (_draft_day(address) if address else None)
    if day is None:
        raise NotAnArticleError("no day of publication")
    return midnight(day, CHINA), None


def _reporter(text: str) -> str:
    """Return what stands in the brackets after the dateline, or at the start without one."""
    dateline = _DATELINE_RE.search(text[:_START_CHARACTERS])
    found = _REPORTER_RE.match(text[dateline.end() if dateline else 0 :].lstrip())
    return one_line(found[1]) if found and any(w in found[1] for w in _REPORTER_WORDS) else ""


def _editor(text: str) -> str:
    found = _EDITOR_RE.search(text[-_END_CHARACTERS:])
    return found[1] if found else ""
