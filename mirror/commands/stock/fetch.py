"""scrapy fetch: Scrapy's own."""

from scrapy.commands import fetch

from mirror.calls import StockCommand


class Command(StockCommand, fetch.Command):
    """Print a page as a crawl gets it."""

    max_words = 1
