"""www.epochtimes.com, Chinese editions: every address form and every piece of markup it uses.

Layouts since 2017 of articles and since 2014 of listings; where a field's place differs by
layout, its selectors stand in one list, the newest first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from parsel import Selector

from mirror.content.pictures import picture_url
from mirror.content.selecting import drop, first_of, inner_html, select, text_in
from mirror.content.text import one_line, visible
from mirror.errors import NotAnArticleError
from mirror.items import ArticleItem, Link
from mirror.sites.base import Site
from mirror.sites.cutting import CutMarks, cut_out

if TYPE_CHECKING:
    from lxml.etree import _Element

_CHINA = timezone(timedelta(hours=8))
_HOSTS = ("", "www.epochtimes.com", "epochtimes.com", "cn.epochtimes.com", "m.epochtimes.com")
_ARTICLE_RE = re.compile(
    r"(?:(?:https?:)?//([^/?#]*))?"
    r"/(gb|b5)/(\d\d?)/(\d\d?)/(\d\d?)/n(\d{6,8})\.htm(?:/amp/?)?(?:[?#].*)?",
    re.IGNORECASE | re.DOTALL | re.ASCII,
)
_DOUBLE_SCHEME_RE = re.compile(r"^https?:(?=https?://)", re.IGNORECASE)
_SECTION_RE = re.compile(r"n(?:sc|cid|f)\d{1,8}|nc[a-z]{2,20}|n24hr|instant-news", re.ASCII)
_PAGE_NUMBER_RE = re.compile(r"_(\d{1,7})\.htm(?=[?#]|$)", re.ASCII)
_STRAY = "“”‘’\"' ;\t\r\n"  # round the addresses of real links
_DATE_RE = re.compile(r"(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})")
_DATELINE_RE = re.compile(r"[【\[]大[纪紀]元[^】\]]{0,40}[】\]]\s*")
_REPORTER_RE = re.compile(r"[（(]\s*([^()（）]{2,80}?)\s*[)）]")
_REPORTER_WORDS = ("记者", "記者", "报导", "報導", "报道", "報道", "编译", "編譯", "撰文", "综合")
_EDITOR_RE = re.compile(r"[责責]任[编編][辑輯]\s*[：:]\s*([^#＃◇\n]{1,40}?)\s*[#＃◇]*\s*$")
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
_OWN_ADDRESS_RE = re.compile(
    r"""<(?:link[^>]{1,300}?\brel=["']?canonical|meta[^>]{1,300}?\bproperty=["']?og:url)\b[^>]*>""",
    re.IGNORECASE,
)
_ADDRESS_RE = re.compile(r"""\b(?:href|content)=["']?\s*([^"'\s>]+)""", re.IGNORECASE)
_REMEMBERED = 1024  # addresses: each is asked for when it is listed, fetched, read and linked to
_HEAD = 20_000  # characters in which a page's own address stands


class EpochTimes(Site):
    """The Chinese editions of The Epoch Times."""

    name = "epochtimes"
    url = "https://www.epochtimes.com"
    timezone = _CHINA
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
    endings = ("</html>", "</body>", "</rss>")
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

    def __init__(self, source: str = url):
        self.hosts = (*_HOSTS, urlsplit(source).netloc)

    def is_section(self, section: str) -> bool:
        return bool(_SECTION_RE.fullmatch(section))

    def section_url(self, section: str) -> str:
        return f"{self.url}/gb/{section}.htm"

    def page_url(self, section: str, number: int) -> str:
        return f"{self.url}/gb/{section}{f'_{number}' if number > 1 else ''}.htm"

    def feed_url(self, section: str) -> str:
        return f"{self.url}/gb/{section}.xml"

    def article_id(self, url: str) -> str | None:
        return _address(self.hosts, url)[0]

    def canonical_url(self, url: str) -> str | None:
        return _address(self.hosts, url)[1]

    def is_own(self, url: str) -> bool:
        host = urlsplit(url).hostname or ""
        return host in self.hosts or host.endswith(".epochtimes.com")

    def own_address(self, html: str) -> str:
        start = max(0, html.find("<meta", 0, _HEAD))
        tag = _OWN_ADDRESS_RE.search(html, start, _HEAD)
        found = _ADDRESS_RE.search(tag[0]) if tag else None
        return found[1] if found else ""

    def article_links(self, page: Selector) -> list[Link]:
        for css, item in _LISTS:
            if found := select(page.root, css):
                return _once(filter(None, map(self._listed, select(found[0], item))))
        return []

    def feed_links(self, feed: Selector) -> list[Link]:
        items = feed.xpath("//item")
        shown = ((i.xpath("string(link)").get(""), i.xpath("string(title)").get("")) for i in items)
        told = ((*_address(self.hosts, href), one_line(title)) for href, title in shown)
        return _once(Link(*article) for article in told if article[0])

    def next_page(self, page: Selector) -> str | None:
        newest, older = _NEXT_PAGE
        links = select(page.root, newest) or [
            a for a in select(page.root, older) if _line(a) in (">", "›", "»")
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
        id, canonical = _address(self.hosts, url)
        if not id:
            raise NotAnArticleError("the address is not an article's")
        body = next(iter(first_of([page.root], *_BODY)), None)
        places = [page.root] if body is None else [_around(body), page.root]
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
        _mend(body.iter("a"))
        text = text_in(body).strip()
        published, updated = _publication(times, text, canonical)
        return ArticleItem(
            id=id,
            site=self.name,
            url=canonical,
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
        addresses = [(_address(self.hosts, a.get("href")), a) for a in links]
        found = next((address for address, _ in addresses if address[0]), None)
        if found is None:
            return None
        titles = (_line(a) for address, a in addresses if address == found)
        day = _DATE_RE.search(next(map(_line, select(item, _LISTED_DATE)), ""))
        return Link(*found, next(filter(None, titles), ""), _date(day) if day else None)


SITE = EpochTimes


@lru_cache(_REMEMBERED)
def _address(hosts: tuple[str, ...], url: str) -> tuple[str, str] | tuple[None, None]:
    """Return the id and the canonical address of the article at any form of its address."""
    match = _ARTICLE_RE.fullmatch(_DOUBLE_SCHEME_RE.sub("", url.strip(_STRAY)))
    if not match or (match[1] or "").lower() not in hosts or not _draft_day(match):
        return None, None
    _, edition, year, month, day, number = match.groups()
    path = f"{edition.lower()}/{year}/{int(month)}/{int(day)}/n{number}.htm"
    return f"n{number}", f"{EpochTimes.url}/{path}"


def _once(links: Iterable[Link]) -> list[Link]:
    first: dict[str, Link] = {}
    for link in links:
        first.setdefault(link.id, link)
    return list(first.values())


def _around(body: _Element) -> _Element:
    """Return the part of the page that holds a body and its title: a tenth of the whole to search."""
    root = body.getroottree().getroot()
    return next(
        (part for part in body.iterancestors() if next(part.iter("h1"), None) is not None), root
    )


def _line(node: _Element) -> str:
    return one_line(text_in(node))


def _mend(links: Iterable[_Element]) -> None:
    """Take off what is stray round the addresses of links: as it is written out it would be escaped."""
    for link in links:
        href = link.get("href", "")
        if href != (plain := visible(href).strip(_STRAY)):
            link.set("href", plain)


def _meta(page: _Element, css: str) -> str:
    """Return the content of a tag of the page's head."""
    head = page.find("head")
    found = select(page if head is None else head, css)
    return found[0].get("content", "") if found else ""


def _title(places: list[_Element]) -> str:
    if title := next(filter(None, map(_line, first_of(places, *_TITLE))), ""):
        return title
    return _SUFFIX_RE.sub("", one_line(_meta(places[-1], _SHARED_TITLE)))


def _tags(places: list[_Element]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(_line, first_of(places, _TAGS)))))


def _lead(places: list[_Element]) -> dict[str, str]:
    blocks = (b for b in first_of(places, *_LEAD) if next(b.iterancestors("aside"), None) is None)
    pictures = next((found for block in blocks if (found := list(block.iter("img")))), [])
    shown = next(filter(None, (picture_url(p, EpochTimes.url) for p in pictures)), None)
    if shown is None:
        return {}
    return {
        "lead_image": shown,
        "lead_alt": next(filter(None, (one_line(p.get("alt", "")) for p in pictures)), ""),
        "lead_caption": next(map(_line, first_of(places, *_LEAD_CAPTION)), ""),
    }


def _times(places: list[_Element]) -> tuple[datetime | None, datetime | None]:
    """Return the published time of the page's head and the time shown with the article."""
    shown = next((time.get("datetime") for time in first_of(places, *_TIME)), "")
    return _time(_meta(places[-1], _PUBLISHED)), _time(shown)


def _publication(
    times: tuple[datetime | None, datetime | None], text: str, url: str
) -> tuple[datetime, datetime | None]:
    """Return when the article was published and, where it differs, updated.

    Without a time on the page the dateline's day counts; only without that, the address's, which is
    when the draft was made.
    """
    published, shown = times
    if published or shown:
        return published or shown, shown if published and shown != published else None
    dateline = _DATELINE_RE.search(text[:400])
    day = _DATE_RE.search(dateline[0]) if dateline else None
    day = _date(day) if day else None
    if day is None:
        day = _draft_day(_ARTICLE_RE.fullmatch(url))
    return datetime(day.year, day.month, day.day, tzinfo=_CHINA), None


def _time(value: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(value.strip().replace("Z", "+00:00"))
    except ValueError:
        return None
    return time.astimezone(_CHINA) if time.tzinfo else time.replace(tzinfo=_CHINA)


def _date(match: re.Match[str]) -> date | None:
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None


def _draft_day(address: re.Match[str]) -> date | None:
    year, month, day = map(int, address.groups()[2:5])
    try:
        return date(2000 + year, month, day)
    except ValueError:
        return None


def _reporter(text: str) -> str:
    """Return what stands in the brackets after the dateline, or at the start without one."""
    dateline = _DATELINE_RE.search(text[:400])
    found = _REPORTER_RE.match(text[dateline.end() if dateline else 0 :].lstrip())
    return one_line(found[1]) if found and any(w in found[1] for w in _REPORTER_WORDS) else ""


def _editor(text: str) -> str:
    found = _EDITOR_RE.search(text[-200:])
    return found[1] if found else ""
