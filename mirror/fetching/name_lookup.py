"""Looking up names without Twisted's pool of threads: where a machine has none left, it never answers."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from threading import Thread
from typing import TYPE_CHECKING, Any

from scrapy.resolver import HostResolution
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver
from zope.interface.declarations import implementer

if TYPE_CHECKING:
    from twisted.internet.base import ReactorBase
    from twisted.internet.interfaces import IAddress

_KINDS = {socket.AF_INET: IPv4Address, socket.AF_INET6: IPv6Address}


@implementer(IHostnameResolver)
class NameLookup:
    """Asks the system for the addresses of a name: in a thread of its own, or else on the spot."""

    def __init__(self, reactor: ReactorBase):
        self.reactor = reactor

    def resolveHostName(
        self,
        resolutionReceiver: Any,  # zope's interfaces have no types
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> Any:
        """See twisted.internet.interfaces.IHostnameResolver; it is always asked for TCP."""
        resolution = HostResolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)

        def deliver(found: list[IAddress]) -> None:
            for address in found:
                resolutionReceiver.addressResolved(address)
            resolutionReceiver.resolutionComplete()

        def look_up() -> None:
            self.reactor.callFromThread(deliver, _addresses(hostName, portNumber))

        try:
            Thread(target=look_up, daemon=True).start()
        except RuntimeError:  # no thread can be started; the answer is kept, so it is one wait
            look_up()
        return resolution


def _addresses(name: str, port: int) -> list[IAddress]:
    """Return what a name resolves to, nothing if that cannot be told."""
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):  # the latter for what is no name
        return []
    return [_KINDS[kind]("TCP", *place) for kind, _, _, _, place in found if kind in _KINDS]
