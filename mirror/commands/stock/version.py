"""scrapy version: Scrapy's own."""

from scrapy.commands import version

from mirror.calls import StockCommand


class Command(StockCommand, version.Command):
    """Print the version of Scrapy."""
