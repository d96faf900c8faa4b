"""scrapy check: refused."""

from mirror.calls import RefusedCommand


class Command(RefusedCommand):
    """Spiders have no contracts here."""

    instead = "scrapy check-site checks a site's file"
