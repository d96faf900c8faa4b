"""scrapy list: Scrapy's own."""

from scrapy.commands import list

from mirror.calls import StockCommand


class Command(StockCommand, list.Command):
    """Print the names of the spiders."""
