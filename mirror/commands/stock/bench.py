"""scrapy bench: refused."""

from mirror.calls import RefusedCommand


class Command(RefusedCommand):
    """There is no benchmark of Scrapy alone here."""

    instead = "bench/ measures this project, see docs/performance.md"
