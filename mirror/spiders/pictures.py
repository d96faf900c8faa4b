"""scrapy crawl pictures: the lead pictures of the articles that are stored, kept small."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from mirror.config.options import Options
from mirror.config.pictures import Pictures
from mirror.engine.components import request_of
from mirror.errors import ArgumentError, PictureError, PostponedError
from mirror.fetching.browsers import AS_PICTURE
from mirror.fetching.middlewares import AT_OWN_HOST
from mirror.pictures.picture_book import PictureBook, all_names
from mirror.pictures.shelf import Shelf
from mirror.pictures.shrinking import shrink
from mirror.spiders.base import MirrorSpider, by_section, describe, positive

if TYPE_CHECKING:
    from typing_extensions import Self


class PicturesSpider(MirrorSpider):
    """Fetches what was never fetched, the newest articles' first; articles never wait for it."""

    name = "pictures"
    arguments = ("id", "limit")
    book: PictureBook
    shelf: Shelf
    wanted: Pictures
    cores: asyncio.Semaphore

    @classmethod
    def by_source(cls, arguments: Mapping[str, str]) -> list[dict[str, str]]:
        """Return the arguments of a crawl of each source of the sections in `id`."""
        return by_section(arguments) if "id" in arguments else [dict(arguments)]

    @classmethod
    def check_options(cls, options: Options) -> None:
        """Raise ArgumentError if no picture is wanted, or Pillow is missing."""
        options.pictures.check()

    def __init__(self, id: str = "", limit: str | None = None, **others: str):
        """Raises ArgumentError."""
        super().__init__(**others)
        self.sections = tuple(self._section(name) for name in id.split(",") if name)
        self.limit = positive("limit", limit)

    def _section(self, name: str) -> str:
        section = self.site.section_id(name.strip())
        if section is None:
            raise ArgumentError("id", name, "must be a section such as nsc418")
        return section

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        options = Options.from_settings(crawler.settings)
        spider.wanted = options.pictures
        spider.cores = asyncio.Semaphore(os.cpu_count() or 1)
        spider.book = PictureBook(spider.database, spider.site.name, options.pictures)
        spider.shelf = Shelf(options.picture_folder)
        return spider

    def begin(self) -> None:
        """Give back what a run that was killed had taken, and remove what it left on the shelf."""
        self.book.release()
        self.shelf.sweep(all_names(self.database))

    async def discover(self) -> None:
        """Record the pictures of articles that came since the last run."""
        found = self.book.record(self.sections, self.site.is_own)
        self.logger.info("%(found)d pictures are new", {"found": found})

    def count_due(self, before: float) -> int:
        return self.book.count_due(before, self.sections)

    def take(self, count: int, before: float, worker: int) -> list[Any]:
        return self.book.take(count, before, self.sections, worker)

    def article_request(self, address: Any) -> Request:
        """Return the request for a picture."""
        return Request(
            address.url,
            callback=self.parse_picture,
            errback=self.picture_failed,
            cb_kwargs={"url": address.url},
            dont_filter=True,
            meta={AS_PICTURE: True, AT_OWN_HOST: True},
        )

    async def parse_picture(self, response: Response, url: str) -> None:
        """Keep a picture, small."""
        try:
            async with self.cores:
                picture = await shrink(response.body, self.wanted.width, self.wanted.bytes)
        except PictureError as error:
            self.book.refuse(url, str(error))
            self._count("refused", url, str(error))
            return
        self.book.keep(url, self.shelf.put(picture), len(picture))
        self.crawler.stats.inc_value("mirror/pictures_kept")

    def picture_failed(self, failure: Failure) -> None:
        """Note that a picture could not be fetched this time."""
        if failure.check(PostponedError) or self.crawler.stats.get_value("mirror/halted"):
            return
        url = request_of(failure).cb_kwargs["url"]
        self.book.fail(url, describe(failure))
        self._count("failed", url, describe(failure))

    def _count(self, what: str, url: str, reason: str) -> None:
        self.crawler.stats.inc_value(f"mirror/pictures_{what}")
        said = {"what": what, "url": url, "reason": reason}
        self.logger.warning("Picture %(what)s %(url)s: %(reason)s", said)
