"""scrapy startproject: refused."""

from mirror.cli import RefusedCommand


class Command(RefusedCommand):
    """This is one."""

    instead = "scrapy init begins a mirror"
