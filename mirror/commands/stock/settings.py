"""scrapy settings: Scrapy's own."""

from scrapy.commands import settings

from mirror.calls import StockCommand


class Command(StockCommand, settings.Command):
    """Print the value of a setting."""
