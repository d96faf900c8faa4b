"""scrapy parse: Scrapy's own."""

from scrapy.commands import parse

from mirror.calls import StockCommand


class Command(StockCommand, parse.Command):
    """Print what a spider makes of a page."""

    max_words = 1
