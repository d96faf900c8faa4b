"""Reading the articles of a crawl: each its own, within bounds, of a time that can be."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from mirror.errors import RetryLaterError
from mirror.quality.bounds import bounded
from mirror.quality.dating import dated, is_day_alone, is_possible, kept
from mirror.quality.mistaken import has_foreign_title, known_titles, shown_instead
from mirror.quality.reading import article_in
from mirror.store.frontier import Frontier

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from mirror.items import ArticleItem
    from mirror.sites import Site
    from mirror.store.database import Database

logger = logging.getLogger(__name__)


class Reader:
    """Reads articles of a site, and counts what it does not believe."""

    def __init__(self, crawler: Crawler, site: Site, database: Database):
        self.crawler = crawler
        self.site = site
        self.database = database
        self.frontier = Frontier(database)

    def article(self, response: Response, article: str, url: str) -> ArticleItem:
        """Return the article that was asked for by its id and its canonical address.

        Raises NotAnArticleError and RetryLaterError, see mirror.quality.reading.
        """
        item = self._bounded(article_in(response, self.site, article, url))
        known = known_titles(self.database, article)
        if other := shown_instead(self.database, item, known):
            raise RetryLaterError(f"the page shows {other}, by its title")
        if has_foreign_title(item, known):
            reason = f"a title unlike those that it is known by: {item.title}"
            if not self.frontier.has_insisted(article, reason):
                raise RetryLaterError(reason, "title")
        return self._dated(item)

    def _bounded(self, item: ArticleItem) -> ArticleItem:
        found = bounded(item)
        for name in found.left_out:
            said = {"name": name, "url": item.url}
            logger.warning("Too long, so left out: %(name)s of %(url)s", said)
            self._count("mirror/fields_left_out")
        return found.item

    def _dated(self, item: ArticleItem) -> ArticleItem:
        now = self.database.clock.latest
        is_right = is_possible(item.published, now)
        is_right &= is_possible(item.updated or item.published, now)
        if is_right and not is_day_alone(item.published):
            return item
        stored = self.database.article(item.id)
        known = stored.published if stored else None
        if is_right:
            return kept(item, known)
        self._count("mirror/dates_disbelieved")
        return dated(item, self.site, now, known)

    def _count(self, name: str) -> None:
        self.crawler.stats.inc_value(name)
