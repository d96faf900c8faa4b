"""Where the links of a page lead: to another page here, to the outside, or nowhere."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mirror.content.links import absolute_url, relative, without_tracking
from mirror.sites import get_site, site_names

if TYPE_CHECKING:
    from mirror.sites import Site

_CACHED_LINKS = 4096  # links: most lead to a tag, a country or a person, again and again


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
        here = self.page(article) if article else None
        return here if here is not None or article == self.own_id else outside

    def page(self, article: str) -> str | None:
        """Return the link to the page of an article by its id, None if there is none."""
        if article == self.own_id:
            return None
        self.targets[article] = None
        path = self.published(article)
        if path is None or "://" in path:
            return path
        return relative(path, self.folder)


@lru_cache(_CACHED_LINKS)
def _target(site: Site, url: str) -> tuple[str | None, str | None]:
    """Return the article that an address leads to, and the address as it is to be published as long as
    that has no page here; none for a page of the site, which readers cannot reach."""
    if article := site.article_id(url):
        return article, None
    if urlsplit(url).netloc and site.is_own(url):
        return None, None
    others = (get_site(name).article_id(url) for name in site_names() if name != site.name)
    return next(filter(None, others), None), without_tracking(url)
