"""Every page of the demo site by its path, each rendered when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from demo.articles import Article
from demo.feeds import feed
from demo.furniture import ALIASES
from demo.listings import listing_page, page_count, page_path
from demo.markup import article_page
from demo.server import Page, Pages

_RSS = "application/rss+xml; charset=UTF-8"
_ROBOTS = b"User-agent: *\nDisallow: /wp-admin/\n"


def demo_pages(articles: Sequence[Article]) -> Pages:
    """Article pages, listings, feeds and robots.txt of these articles, newest first."""
    pages: Pages = {"/robots.txt": Page(_ROBOTS, "text/plain")}
    for article in articles:
        pages[article.path] = partial(_article, article, articles)
    for section, listed in by_section(articles).items():
        pages.update(_section_pages(section, listed, articles))
    return pages


def by_section(articles: Sequence[Article]) -> dict[str, list[Article]]:
    """The articles of each section, with the sections that show another one's."""
    sections: dict[str, list[Article]] = {}
    for article in articles:
        for section in article.sections:
            sections.setdefault(section, []).append(article)
    shown_again = {name: sections[of] for name, of in ALIASES.items() if of in sections}
    return {**sections, **shown_again}


def _section_pages(section: str, listed: list[Article], articles: Sequence[Article]) -> Pages:
    pages: Pages = {}
    for number in range(1, page_count(len(listed)) + 1):
        render = partial(listing_page, section, number, listed, articles)
        pages[page_path(section, number)] = partial(_listing, render, listed)
    pages[f"/gb/{section}_1.htm"] = pages[page_path(section, 1)]
    pages[f"/gb/{section}.xml"] = pages[f"/gb/{section}.htm/feed"] = partial(_feed, section, listed)
    return pages


def _article(article: Article, articles: Sequence[Article], _headers: dict[str, str]) -> Page:
    return Page(article_page(article, articles).encode(), modified=article.modified)


def _listing(render: Callable[[], str], listed: list[Article], _headers: dict[str, str]) -> Page:
    return Page(render().encode(), modified=listed[0].published)


def _feed(section: str, listed: list[Article], _headers: dict[str, str]) -> Page:
    return Page(feed(section, listed).encode(), _RSS, modified=listed[0].published)
