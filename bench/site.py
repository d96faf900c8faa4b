"""The demo site with as many articles as wanted, its pages as heavy as the real site's.

Of more than POOL articles each body serves several, so that the server stays small, with other characters
each time: none tells the story of another one. Each has a title, a time and an address of its own, too.
The small second source of the demo is there as well.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle, islice
from typing import overload

from bench.furniture import furnished
from demo.articles import MAIN_SECTION, Article, made_up_articles
from demo.listings import listing_page, page_count
from demo.markup import article_page
from demo.second import SECOND_SECTION, second_articles, second_pages
from demo.server import Page
from demo.story import Address, address

POOL = 1000
SECTION = MAIN_SECTION  # all articles are listed there
SECTIONS = f"{SECTION},ntd:{SECOND_SECTION}"  # with the second source's
_BODIES = (1, 2, 1, 1, 3)  # of the demo in one here: together as long as the real site's
_STEP = 31  # characters, from one use of a body to the next
_LINKED = 4  # one in so many of the demo's articles with links keeps them: 4 %, as at the site
_NUMBER = "第〇号"  # in a page, where the number of its article goes
_BODY = "第〇篇"  # where its body goes
_KEPT = set(
    "的一是在不了和有大纪元年月日讯记者综合报导编译责任辑"
)  # characters that mean something to the mirror
_LINK_RE = re.compile(r"<a\b[^>]*/n\d+\.htm[^>]*>(.*?)</a>", re.DOTALL)
_ROBOTS = b"User-agent: *\nDisallow: /wp-admin/\n"
_ADDRESS_RE = re.compile(r"/(gb|b5)/\d+/\d+/\d+/(n\d+)\.htm")
_LISTING_RE = re.compile(rf"/gb/{SECTION}(?:_(\d+))?\.htm")


class Site:
    """`count` articles, newest first."""

    def __init__(self, count: int, pool: int = POOL):
        self.count = count
        self.pool = _pool(count, min(count, pool))
        self.pages: list[_Page] = []
        self.places = {address(index, count).path: index for index in range(count)}
        self.listings: dict[int, bytes] = {}
        used = set().union(*(article.body_html for article in self.pool)) - _KEPT
        self.characters = sorted(ord(character) for character in used if "一" <= character <= "龥")
        self.tables: dict[int, dict[int, int]] = {}
        self.second = second_pages(second_articles(self.pool))

    def prepare(self) -> None:
        """Render and compress the pages of all articles, so that answering costs nothing."""
        self.pages = [_Page(article, self.pool) for article in self.pool]

    def answer(self, path: str) -> bytes | None:
        """Return the gzipped page at a path, None if there is none; `prepare` comes first."""
        index = self.places.get(path)
        if index is not None:
            published = address(index, self.count).published.isoformat()
            page, body = self.pages[self.pooled(index)], self.body(index)
            return page.of(_number(index), path, published, body)
        if path == "/robots.txt":
            return gzip.compress(_ROBOTS)
        if (second := self.second.get(path)) and not isinstance(second, Page):
            return _gzipped(second({}).body.decode())
        found = _LISTING_RE.fullmatch(path)
        number = int(found[1] or 1) if found else 0
        return self._listing(number) if 1 <= number <= page_count(self.count) else None

    def article(self, index: int) -> Article:
        """Return the index-th newest article."""
        where: Address = address(index, self.count)
        body = self.pool[self.pooled(index)]
        title = f"{_number(index)} {body.title}"
        own = {"id": where.id, "path": where.path, "published": where.published, "title": title}
        return replace(body, body_html=self.body(index), **own)

    def body(self, index: int) -> str:
        """Return the body of the index-th newest article."""
        return self.pool[self.pooled(index)].body_html.translate(
            self._table(index // len(self.pool))
        )

    def pooled(self, index: int) -> int:
        """Return which body of the pool an article has."""
        return index % len(self.pool)

    def _table(self, turn: int) -> dict[int, int]:
        """Return which character stands for which, as a body is used for the turn-th time."""
        if turn not in self.tables:
            start = turn * _STEP % len(self.characters)
            turned = self.characters[start:] + self.characters[:start]
            self.tables[turn] = dict(zip(self.characters, turned, strict=True))
        return self.tables[turn]

    def _listing(self, number: int) -> bytes:
        if number not in self.listings:
            page = listing_page(SECTION, number, _Listed(self), self.pool)
            self.listings[number] = _gzipped(furnished(page, f"listing {number}"))
        return self.listings[number]


class _Listed(Sequence[Article]):
    """All articles of a site, made when they are asked for."""

    def __init__(self, site: Site):
        self.site = site

    def __len__(self) -> int:
        return self.site.count

    @overload
    def __getitem__(self, at: int) -> Article: ...
    @overload
    def __getitem__(self, at: slice) -> list[Article]: ...
    def __getitem__(self, at: int | slice) -> Article | list[Article]:
        if isinstance(at, int):
            return self.site.article(at)
        return [self.site.article(index) for index in range(*at.indices(len(self)))]


def _pool(count: int, size: int) -> list[Article]:
    """Return some articles of the demo, spread over the addresses of all, links among them too."""
    made = iter(made_up_articles(size * sum(_BODIES) // len(_BODIES) + sum(_BODIES)))
    bodies = [list(islice(made, count)) for count in islice(cycle(_BODIES), size)]
    written = [first for first, *_ in bodies]
    places = {a.id: address(index, count) for index, a in enumerate(written)}

    def moved(html: str) -> str:
        return _ADDRESS_RE.sub(
            lambda m: places[m[2]].path.replace("/gb/", f"/{m[1]}/") if m[2] in places else m[0],
            html,
        )

    articles = []
    for index, article in enumerate(written):
        where = places[article.id]
        body = "\n".join(part.body_html for part in bodies[index])
        body = _LINK_RE.sub(r"\1", body) if index % _LINKED else moved(body)
        changed = {"id": where.id, "path": where.path, "published": where.published}
        articles.append(replace(article, body_html=body, updated=None, **changed))
    return articles


def _number(index: int) -> str:
    return f"第{index + 1}号"


class _Page:
    """A page that is compressed but for what differs between its articles: a gzip file may have
    several members, one after the other (RFC 1952, section 2.2)."""

    def __init__(self, article: Article, pool: list[Article]):
        numbered = replace(
            article,
            title=f"{_NUMBER} {article.title}",
            body_html=f"<p>{_NUMBER}</p>\n{_BODY}",
        )
        page = furnished(article_page(numbered, pool), article.id)
        own = [_NUMBER, article.path, article.published.isoformat(), _BODY]
        parts = re.split(f"({'|'.join(map(re.escape, own))})", page)
        self.fixed = [_gzipped(part) for part in parts[::2]]
        self.own = [own.index(part) for part in parts[1::2]]

    def of(self, *own: str) -> bytes:
        """Return the page of one article by its number, path, time and body."""
        shown = [_gzipped(text) for text in own]
        inserted = (shown[place] for place in self.own)
        return self.fixed[0] + b"".join(map(bytes.__add__, inserted, self.fixed[1:]))


def _gzipped(page: str) -> bytes:
    return gzip.compress(page.encode(), 3, mtime=0)
