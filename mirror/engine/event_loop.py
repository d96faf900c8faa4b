"""The event loop of a process, opened once, before anything that an operator's modules may open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.utils.reactor import install_reactor, is_reactor_installed

from mirror.errors import ArgumentError

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


def open_event_loop(settings: BaseSettings) -> None:
    """Have Twisted run on the event loop of the settings, whichever module asks for it first. Raises
    ArgumentError if one has by now, as the spiders were looked for."""
    if not settings.getbool("TWISTED_REACTOR_ENABLED"):
        return
    if is_reactor_installed():
        allowed = "a module there imports twisted.internet.reactor; do so where it is used"
        raise ArgumentError("SPIDER_MODULES", None, allowed)
    install_reactor(settings["TWISTED_REACTOR"], settings["ASYNCIO_EVENT_LOOP"])
