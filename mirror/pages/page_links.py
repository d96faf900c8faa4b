"""Where the links of a page lead: to another page here, to the outside, or nowhere."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mirror.content.links import absolute_url, relative, without_tracking

if TYPE_CHECKING:
    from mirror.sites import Site

_REMEMBERED = 4096  # links: most lead to a tag, a country or a person, again and again


class PageLinks:
    """Decides the links of one page; called with an href it returns the new one, or None for text.

    `targets` collects the ids of the articles linked to, published here or not.
    """

    def __init__(self, site: Site, url: str, path: str, published: Callable[[str], str | None]):
        """`url` is the article's canonical address, `path` its page's path in the tree, `published`
        gives the page path of an article by its id, or its address at an older home; None as long
        as it has no page."""
        self.site = site
        self.url = url
        self.folder = posixpath.dirname(path)
        self.published = published
        self.own_id = site.article_id(url)
        self.targets: dict[str, None] = {}

    def __call__(self, href: str) -> str | None:
        url = absolute_url(href, self.url)
        if url is None:
            return None
        article, outside = _target(self.site, url)
        return self.page(article) if article else outside

    def page(self, article: str) -> str | None:
        """Return the link to the page of an article by its id, None if there is none."""
        if article == self.own_id:
            return None
        self.targets[article] = None
        path = self.published(article)
        if path is None or "://" in path:
            return path
        return relative(path, self.folder)


@lru_cache(_REMEMBERED)
def _target(site: Site, url: str) -> tuple[str | None, str | None]:
    """Return the article that an address leads to, or else the address as it is to be published;
    neither for another page of the site."""
    if article := site.article_id(url):
        return article, None
    own = urlsplit(url).netloc and site.is_own(url)
    return None, None if own else without_tracking(url)
