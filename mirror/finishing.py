"""What is left to do when the articles of a run are stored: limits, stale pages, indexes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timezone
from typing import TYPE_CHECKING, NamedTuple

from mirror.database import open_database
from mirror.indexing import update_indexes
from mirror.keeping import keep_within
from mirror.pipelines import CleanPipeline, MarkdownPipeline, QrPipeline, RenderPipeline
from mirror.tree import Tree, page_files

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from mirror.items import ArticleItem
    from mirror.options import Options


_AT_ONCE = 32  # pages


class Finished(NamedTuple):
    """How many pages or files were dealt with, by what was done."""

    purged: int
    restored: int
    relinked: int
    indexes: int


def finish(options: Options, make: Callable[[ArticleItem], ArticleItem]) -> Finished:
    """Keep the tree within its limits, then make anew what is out of date; `make` makes the page
    of an article as it is stored."""
    database, tree = open_database(options.database_url), Tree(options.output)
    purged, restored = keep_within(options.keep, database, tree, today())
    stale = database.stale("page")
    for start in range(0, len(stale), _AT_ONCE):
        ids = stale[start : start + _AT_ONCE]
        with database.remaking("page", ids):
            made = map(make, database.stored(ids))
            tree.write_all(file for item in made for file in page_files(item))
    indexes = update_indexes(database, options.renderer(), tree)
    return Finished(purged, restored, len(stale), indexes)


def today() -> date:
    """Return the day from which the age of pages counts."""
    return datetime.now(timezone.utc).date()


def page_maker(crawler: Crawler) -> Callable[[ArticleItem], ArticleItem]:
    """Return a function that makes the page of an article as it is stored, as the stages do."""
    clean, qr, render = (
        s.from_crawler(crawler) for s in (CleanPipeline, QrPipeline, RenderPipeline)
    )

    def make(item: ArticleItem) -> ArticleItem:
        for stage in (clean, MarkdownPipeline(), qr, render):
            item = stage.process_item(item)
        return item

    return make
