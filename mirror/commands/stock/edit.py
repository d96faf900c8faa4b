"""scrapy edit: refused."""

from mirror.calls import RefusedCommand


class Command(RefusedCommand):
    """Spiders are the same for all sites."""

    instead = "sites are in mirror/sites/, see docs/add-a-site.md"
