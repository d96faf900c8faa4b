"""www.quay.example, made up: its address forms and its markup, as seen in October 2026."""

from __future__ import annotations

import re
from datetime import date

from mirror.sites.base import Address
from mirror.sites.bylines import Bylines
from mirror.sites.markup import plain_address
from mirror.sites.news import Listing, NewsSite
from mirror.sites.selectors import Served
from mirror.sites.times import CHINA

_ARTICLE_RE = re.compile(
    r"(?:(?:https?:)?//([^/?#]*))?/story\?(?:[^#]*&)?id=(\d{1,9})(?:[&#].*)?", re.ASCII
)
_SECTION_RE = re.compile(r"qu-[a-z]{2,20}", re.ASCII)


class Quay(NewsSite):
    """The Quay Daily."""

    name = "quay"
    url = "https://www.quay.example"
    hosts = ("", "www.quay.example", "quay.example")
    timezone = CHINA
    sections = {"qu-port": "码头日报：港口", "qu-other": "码头日报：其他"}
    unsectioned = "qu-other"
    junk = (".ad", "aside")

    titles = (Served("h2.headline", since="2026-10-01"),)
    bodies = (Served("section.copy", since="2026-10-01"),)
    leads = (Served("div.hero", since="2026-10-01"),)
    captions = (Served("div.hero small", since="2026-10-01"),)
    times = (Served("p.meta", since="2026-10-01"),)
    tags = (Served("ul.topics li", since="2026-10-01"),)
    bylines = Bylines("码头日报")
    listings = (Listing("table.toc", "tr"),)
    listed_days = "td.d"
    next_links = "a.more"
    pagers = "p.pages a"
    page_number = r"/p(\d{1,6})\.html"

    def is_section(self, section: str) -> bool:
        return bool(_SECTION_RE.fullmatch(section))

    def section_url(self, section: str) -> str:
        return self.page_url(section, 1)

    def page_url(self, section: str, number: int) -> str:
        return f"{self.url}/list/{section.removeprefix('qu-')}/p{number}.html"

    def address(self, url: str) -> Address | None:
        found = _ARTICLE_RE.fullmatch(plain_address(url))
        if not found or (found[1] or "").lower() not in self.accepted:
            return None
        return Address(f"qu{found[2]}", f"{self.url}/story?id={found[2]}")

    def address_day(self, url: str) -> date | None:
        return None


SITE = Quay
