"""www.epochtimes.com, Chinese editions: every address form and every piece of markup it uses.

Layouts since 2017 of articles and since 2014 of listings; where a field's place differs by layout,
its selectors stand in one list, the newest first, with the days on which they were seen.

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
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mirror.content.selecting import first_of
from mirror.sites.base import Address
from mirror.sites.bylines import Bylines
from mirror.sites.cutting import CutMarks, cut_out
from mirror.sites.markup import line, plain_address
from mirror.sites.news import Listing, NewsSite
from mirror.sites.publication import Reading, saved_again, saved_once
from mirror.sites.selectors import Served, served
from mirror.sites.times import CHINA, possible_day, printed_time

if TYPE_CHECKING:
    from lxml.etree import _Element

_ARTICLE_RE = re.compile(
    r"(?:(?:https?:)?//([^/?#]*))?"
    r"/(gb|b5)/(\d\d?|20\d\d)/(\d\d?)/(\d\d?)/n(\d{6,8})\.htm(?:/amp/?)?(?:[?#].*)?",
    re.IGNORECASE | re.DOTALL | re.ASCII,
)
_SECTION_RE = re.compile(r"n(?:sc|cid|f|ews)\d{1,8}|nc[a-z]{2,20}|n24hr|instant-news", re.ASCII)
_LISTING_RE = re.compile(r"/(?:gb|b5)/([\w-]+?)(?:_\d{1,7})?(?:\.htm(?:/feed)?|\.xml)/?", re.ASCII)
_TIME_2026 = ".main_content > .article .info > time"
_BREADCRUMBS = "a.breadcrumbs[href]"
_CUT_MARKS = CutMarks(
    starts=('class="breadcrumbs"', "<h1"),
    end="<!-- article content end -->",  # tags follow, then what belongs to the page
    behind=("<aside", "<footer"),
)
_CENTURY = 2000  # of years of one or two digits
_CACHED_ADDRESSES = 1024  # each is asked for when it is listed, fetched, read and linked to


class EpochTimes(NewsSite):
    """The Chinese editions of The Epoch Times; an article is the same one in both."""

    name = "epochtimes"
    url = "https://www.epochtimes.com"
    hosts = ("", "www.epochtimes.com", "epochtimes.com", "cn.epochtimes.com", "m.epochtimes.com")
    editions = ("gb", "b5")  # Simplified and Traditional: the same ids of articles and sections
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

    titles = (
        Served("div.titles h1.title", since="2020-01-01"),
        Served("h1.blue18.title", until="2019-12-31"),
        Served("h1.title"),
        Served("h1[itemprop=headline]"),
    )
    headings = served("2026-10-03", "", ".main_content > .article h1")
    bodies = (
        Served("div#artbody #article_wrap", "2017-01-01", "2019-12-31"),
        Served("div#artbody"),
        Served("#artbody"),
        Served("[itemprop=articleBody]"),
        Served("div.whitebg", until="2019-12-31"),
    )
    leads = (Served("div.featured_image", "2020-01-01"), Served("div.arttop", until="2019-12-31"))
    captions = (
        Served("div.featured_image .caption", "2020-01-01"),
        Served("div.arttop .caption", until="2019-12-31"),
        Served("div.red16.caption", until="2017-12-31"),
    )
    times = (
        Served(".info time", "2020-01-01"),
        Served("#artbody header time[datetime]"),
        Served("header time[datetime]"),
    )
    title_suffix = r"(?s)\s*[-|]\s*大[纪紀]元.*$"
    bylines = Bylines("大[纪紀]元")
    listings = (
        Listing("div.post_list.left_col", "div.one_post"),  # since 2020
        Listing("div.post_list", "div.one_post"),
        Listing("div.posts-list", "li"),
        Listing("div#artlist", "div.posts"),  # 2014-2019
        Listing("div.newyork", "ul li"),
    )
    listed_links = (".title a[href]", ".arttitle a[href]", "a[href]")
    listed_days = ".date, .post-date"
    next_links = "div.pagination a.next"
    marked_links = "div.menu_page a"
    pagers = ":is(div.pagination, div.menu_page) a"
    page_number = r"(?a)_(\d{1,7})\.htm(?=[?#]|$)"

    @property
    def folder(self) -> str:
        return f"/{self.edition}/"

    def is_section(self, section: str) -> bool:
        return bool(_SECTION_RE.fullmatch(section))

    def section_url(self, section: str) -> str:
        return self.page_url(section, 1)

    def page_url(self, section: str, number: int) -> str:
        return f"{self.url}{self.folder}{section}{f'_{number}' if number > 1 else ''}.htm"

    def section_at(self, url: str) -> str:
        found = _LISTING_RE.fullmatch(urlsplit(url).path)
        return found[1] if found and self.is_section(found[1]) else ""

    def feed_url(self, section: str) -> str:
        return f"{self.url}{self.folder}{section}.xml"

    def address(self, url: str) -> Address | None:
        return _address(self.accepted, url)

    def address_day(self, url: str) -> date | None:
        """Return the day of the draft: up to weeks before publication."""
        address = _ARTICLE_RE.fullmatch(url)
        return _day_of(address) if address else None

    def part(self, html: str) -> str:
        return cut_out(html, _CUT_MARKS)

    def section(self, places: list[_Element]) -> str:
        paths = (urlsplit(crumb.get("href")).path for crumb in first_of(places, _BREADCRUMBS))
        names = (path.rpartition("/")[2].removesuffix(".htm") for path in paths)
        return next((name for name in reversed(list(names)) if self.is_section(name)), "")

    def unpublished(
        self, places: list[_Element], saved: datetime | None, days: tuple[date | None, ...]
    ) -> Reading:
        newer = first_of(places, _TIME_2026)
        is_bare = newer and not printed_time(line(newer[0]), CHINA)
        return (saved_again if is_bare else saved_once)(saved, days, CHINA)


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
