"""scrapy startproject: refused."""

from mirror.calls import RefusedCommand


class Command(RefusedCommand):
    """This is one."""

    instead = "scrapy init begins a mirror"
