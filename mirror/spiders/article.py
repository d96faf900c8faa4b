"""scrapy crawl article -a url=...: one article, by any form of its address."""

from __future__ import annotations

from collections.abc import Mapping

from mirror.errors import ArgumentError
from mirror.items import Link
from mirror.sites import get_site, site_names
from mirror.spiders.base import DEFAULT_SITE, MirrorSpider
from mirror.store.frontier_table import WITHDRAWN


class ArticleSpider(MirrorSpider):
    """Fetches one article, whether it is known or not."""

    name = "article"
    arguments = ("url",)

    @classmethod
    def by_source(cls, arguments: Mapping[str, str]) -> list[dict[str, str]]:
        """Return the arguments with the site whose article it is, if none is given."""
        url = arguments.get("url", "")
        names = [name for name in site_names() if get_site(name).article_id(url)]
        if "site" in arguments or not names or DEFAULT_SITE in names:
            return [dict(arguments)]
        return [{**arguments, "site": names[0]}]

    def __init__(self, url: str = "", **others: str):
        """Raises ArgumentError."""
        super().__init__(**others)
        article, canonical = self.site.article_id(url), self.site.canonical_url(url)
        if article is None or canonical is None:
            raise ArgumentError("url", url, f"must be an article's address at {self.site.url}")
        self.link = Link(article, canonical, "")
        self.only = (article,)

    async def discover(self) -> None:
        """Make the address due in the frontier."""
        self.frontier.add(self.link)
        if WITHDRAWN in self.frontier.states([self.link]):
            self.logger.warning(
                "%(id)s was withdrawn by the operator and is not fetched; scrapy purge --undo %(id)s "
                "lets it back",
                {"id": self.link.id},
            )
