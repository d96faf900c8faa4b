"""www.soundofhope.org, Sound of Hope: what is known of its addresses and its markup, and what is guessed.

Seen by readers of the site: articles at /post/945795, in the other script with ?lang=b5; sections at
/term/203, whose items are `div.item` with a link and `div.title`; `div.date` prints `2026.10.3 10:35`.
In October 2026 bodies were `[itemprop=articleBody]`; before, in a `div` whose class is made anew by each
build of the site: `Content__Wrapper-` and a hash.

Guesses, until somebody saves a page: the zone of the printed time (one reader takes it for that of
California, where the station is, without summer time); that titles are in the only `h1`, or else in
`og:title`; how a listing leads to its next page; the names of sections. Not known at all: lead pictures,
tags, feeds. A crawl watches what it finds: times in the future are not believed, and a run that finds
no titles or no bodies publishes nothing.
"""

from __future__ import annotations

import re
from datetime import date, timedelta, timezone
from functools import lru_cache
from urllib.parse import urlsplit

from mirror.sites.base import Address
from mirror.sites.bylines import Bylines
from mirror.sites.markup import plain_address
from mirror.sites.news import Listing, NewsSite
from mirror.sites.selectors import Served

_ARTICLE_RE = re.compile(
    r"(?:(?:https?:)?//([^/?#]*))?/post/(\d{4,9})/?(?:[?#].*)?", re.IGNORECASE | re.ASCII
)
_SECTION_RE = re.compile(r"soh-(?:\d{1,6}|other)", re.ASCII)
_CACHED_ADDRESSES = 1024


class SoundOfHope(NewsSite):
    """Sound of Hope Radio Network."""

    name = "soundofhope"
    url = "https://www.soundofhope.org"
    hosts = ("", "www.soundofhope.org", "soundofhope.org")
    timezone = timezone(timedelta(hours=-8))  # a guess
    sections = {"soh-203": "希望之声：203", "soh-other": "希望之声：其他"}
    unsectioned = "soh-other"
    irregular = ("a reporter", "an editor")
    junk = ("aside", "nav", ".share")

    titles = ()
    headings = (Served("h1"),)  # a guess
    bodies = (
        Served("[itemprop=articleBody]", since="2026-10-03"),
        Served('div[class^="Content__Wrapper-"]', until="2026-10-02"),
    )
    times = (Served("div.date"),)
    title_suffix = r"(?s)\s*[-|_]\s*希望之[声聲].*$"
    bylines = Bylines("希望之[声聲]")
    listings = (Listing("body", "div.item"),)
    listed_titles = "div.title"
    next_links = "a[rel=next], a.next"  # a guess
    pagers = 'a[href*="page="]'
    page_number = r"[?&]page=(\d{1,6})"  # a guess

    def is_section(self, section: str) -> bool:
        return bool(_SECTION_RE.fullmatch(section))

    def section_id(self, name: str) -> str | None:
        section = f"soh-{name.removeprefix('soh-').removeprefix('term/')}"
        return section if self.is_section(section) else None

    def section_url(self, section: str) -> str:
        return self.page_url(section, 1)

    def page_url(self, section: str, number: int) -> str:
        first = f"{self.url}/term/{section.removeprefix('soh-')}"
        return first if number == 1 else f"{first}?page={number}"

    def section_at(self, url: str) -> str:
        folder, _, name = urlsplit(url).path.strip("/").rpartition("/")
        return (self.section_id(name) or "") if folder == "term" else ""

    def address(self, url: str) -> Address | None:
        return _address(self.accepted, url)

    def address_day(self, url: str) -> date | None:
        return None


SITE = SoundOfHope


@lru_cache(_CACHED_ADDRESSES)
def _address(hosts: tuple[str, ...], url: str) -> Address | None:
    found = _ARTICLE_RE.fullmatch(plain_address(url))
    if not found or (found[1] or "").lower() not in hosts:
        return None
    return Address(f"soh{found[2]}", f"{SoundOfHope.url}/post/{found[2]}")
