"""www.ntdtv.com, Chinese editions of NTD: every address form and every piece of markup it uses.

Seen by readers of the site in October 2026: articles in `.article_content` under `.article_title > h1`;
`.article_info > .time` prints when an article was published, in Beijing's time (北京时间), or else
when it was last saved (更新时间); JSON-LD gives the former as Beijing's clock with a `Z` that is not
true. Listings are /gb/news/china, /gb/commentary, /gb/headline-news.html, /gb/programs/NAME; those of
2020 (/gb/prog204) are gone. In 2020 bodies were in `div.post_content`, and pages of a listing at
/gb/prog204/2. Not seen, so guesses: how a listing of 2026 leads to its next page, and feeds.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mirror.sites.base import Address
from mirror.sites.bylines import ClosingBylines
from mirror.sites.markup import line, plain_address
from mirror.sites.news import Listing, NewsSite
from mirror.sites.publication import Claim, Reading, saved_again
from mirror.sites.selectors import Served
from mirror.sites.times import CHINA, possible_day, printed_time

if TYPE_CHECKING:
    from lxml.etree import _Element

_ARTICLE_RE = re.compile(
    r"(?:(?:https?:)?//([^/?#]*))?"
    r"/(gb|b5)/(20\d\d)/(\d\d?)/(\d\d?)/a(\d{6,10})\.html(?:/amp/?)?(?:[?#].*)?",
    re.IGNORECASE | re.DOTALL | re.ASCII,
)
_SECTION_RE = re.compile(r"ntd-(?!prog\d)[a-z][a-z0-9]*(?:-[a-z0-9]+){0,12}", re.ASCII)
_LISTING_RE = re.compile(r"/(?:gb|b5)/([a-z][\w/-]*?)(?:/\d{1,6})?(?:\.html)?/?", re.ASCII)
_PROGRAMS, _NEWS = "programs", "news"
_ALONE = {  # sections that are neither news nor a program
    "headline-news": "headline-news.html",
    "instant-news": "instant-news.html",
    "commentary": "commentary",
}
_SAVED_RE = re.compile(r"更新[时時][间間]?\s*[:：]?[^年月日\d]{0,4}[\d\s:：/年月日-]*")
_CACHED_ADDRESSES = 1024


class Ntd(NewsSite):
    """The Chinese editions of NTD Television."""

    name = "ntd"
    url = "https://www.ntdtv.com"
    hosts = ("", "www.ntdtv.com", "ntdtv.com", "cn.ntdtv.com", "m.ntdtv.com")
    timezone = CHINA
    sections = {
        "ntd-china": "新唐人：中国",
        "ntd-headline-news": "新唐人：头条新闻",
        "ntd-instant-news": "新唐人：即时新闻",
        "ntd-commentary": "新唐人：评论",
        "ntd-other": "新唐人：其他",
    }
    unsectioned = "ntd-other"
    irregular = ("a reporter", "an editor")  # some programs name theirs, others do not
    junk = ("header", "aside", ".single_ad", ".single_ad ~ div:not(.video_fit_container)", ".share")
    titles = (Served(".article_title > h1", "2026-10-03"),)
    headings = (Served("h1"),)
    bodies = (
        Served(".article_content", "2026-10-03"),
        Served("div.post_content"),
        Served("[itemprop=articleBody]", "2026-10-02"),
    )
    films = (Served(".featured_video", "2026-10-02"),)
    leads = (Served("div.featured_image"),)
    captions = (Served("div.featured_image .caption"),)
    times = (Served(".article_info .time", "2026-10-03"), Served("div.time"))
    tags = (Served("a[rel=tag]"),)
    title_suffix = r"(?s)\s*[-|]\s*(?:新唐人|NTD).*$"
    bylines = ClosingBylines("新唐人")
    listings = (
        Listing("div.list_wrapper", "div.one_post"),  # since 2021
        Listing("div.post_list", "div.one_post"),  # 2020
    )
    listed_links = ("div.title > a[href]", "a[href]")
    next_links = ".pagination a.next, a.next.page-numbers, a[rel=next]"
    pagers = ".pagination a, a.page-numbers"
    page_number = r"(?a)/(\d{1,6})(?:\.html)?/?$"

    def is_section(self, section: str) -> bool:
        return bool(_SECTION_RE.fullmatch(section))

    def section_id(self, name: str) -> str | None:
        path = name.removesuffix(".html").removeprefix(f"{_NEWS}/").replace("/", "-")
        section = path if path.startswith(f"{self.name}-") else f"{self.name}-{path}"
        return section if self.is_section(section) else None

    def section_url(self, section: str) -> str:
        name = section.removeprefix(f"{self.name}-")
        program = name.removeprefix(f"{_PROGRAMS}-")
        folder = _NEWS if program == name else _PROGRAMS
        return f"{self.url}/gb/{_ALONE.get(name, f'{folder}/{program}')}"

    def page_url(self, section: str, number: int) -> str:
        first = self.section_url(section)
        return first if number == 1 else f"{first.removesuffix('.html')}/{number}"

    def section_at(self, url: str) -> str:
        found = _LISTING_RE.fullmatch(urlsplit(url).path)
        return (self.section_id(found[1]) or "") if found else ""

    def address(self, url: str) -> Address | None:
        return _address(self.accepted, url)

    def address_day(self, url: str) -> date | None:
        found = _ARTICLE_RE.fullmatch(url)
        return _day_of(found) if found else None

    def printed(self, places: list[_Element], day: date | None) -> list[Claim]:
        text = " ".join(map(line, self.time_elements(places, day)))
        saved = _SAVED_RE.search(text)
        published = printed_time(_SAVED_RE.sub("", text), CHINA)
        return [[Reading(published, printed_time(saved[0], CHINA) if saved else None)]]

    def unpublished(
        self, places: list[_Element], saved: datetime | None, days: tuple[date | None, ...]
    ) -> Reading:
        return saved_again(saved, days, CHINA)


SITE = Ntd


@lru_cache(_CACHED_ADDRESSES)
def _address(hosts: tuple[str, ...], url: str) -> Address | None:
    found = _ARTICLE_RE.fullmatch(plain_address(url))
    day = _day_of(found) if found else None
    if found is None or day is None or (found[1] or "").lower() not in hosts:
        return None
    return Address(f"a{found[6]}", f"{Ntd.url}/{found[2].lower()}/{day:%Y/%m/%d}/a{found[6]}.html")


def _day_of(address: re.Match[str]) -> date | None:
    return possible_day(*map(int, address.groups()[2:5]))
