"""scrapy genspider: refused."""

from mirror.calls import RefusedCommand


class Command(RefusedCommand):
    """Sites are no spiders."""

    instead = "a site is a file in mirror/sites/, see docs/add-a-site.md"
