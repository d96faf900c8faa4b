"""scrapy view: Scrapy's own."""

from scrapy.commands import view

from mirror.calls import StockCommand


class Command(StockCommand, view.Command):
    """Show a page as a crawl gets it in a browser."""

    max_words = 1
