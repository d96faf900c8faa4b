"""scrapy runspider: refused."""

from mirror.calls import RefusedCommand


class Command(RefusedCommand):
    """Spiders outside the project would pass by its checks."""

    instead = "scrapy crawl runs the project's spiders"
