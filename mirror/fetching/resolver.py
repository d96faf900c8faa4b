"""Names to addresses, such that a public name cannot lead a crawl into a private network."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, cast
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.resolver import CachingHostnameResolver
from twisted.internet.interfaces import (
    IAddress,
    IHostnameResolver,
    IHostResolution,
    IResolutionReceiver,
)
from zope.interface.declarations import implementer

from mirror.fetching.name_lookup import NameLookup
from mirror.sites import site_names, source_url

logger = logging.getLogger(__name__)

# Names of machines nearby: RFC 6761 (localhost, test), 6762 (local), 8375 (home.arpa), and ICANN's
# resolution 2024.07.29.06 (internal).
_NAT64_NETWORK = IPv6Network("64:ff9b::/96")
_LOCAL_SUFFIXES = ("localhost", "local", "test", "internal", "home.arpa")


def is_public_name(host: str) -> bool:
    """Whether a host is a name that the public DNS answers for, and not an address.

    >>> [is_public_name(h) for h in ("www.example.org", "localhost", "replica", "a.internal", "::1")]
    [True, False, False, False, False]
    """
    try:
        ip_address(host)
    except ValueError:
        name = host.lower().rstrip(".")
        return "." in name and not any(name.endswith(f".{ending}") for ending in _LOCAL_SUFFIXES)
    return False


def is_public_address(address: str) -> bool:
    """Whether an IP address is reachable from everywhere; those that wrap another (IPv4-mapped,
    6to4, NAT64 of RFC 6052) are what they wrap.

    >>> [is_public_address(a) for a in ("93.184.216.34", "10.0.0.1", "169.254.169.254", "::1")]
    [True, False, False, False]
    >>> [is_public_address(a) for a in ("::ffff:127.0.0.1", "64:ff9b::7f00:1", "224.0.0.1")]
    [False, False, False]
    """
    found = _unwrapped(ip_address(address.partition("%")[0]))
    return found.is_global and not found.is_multicast


def _unwrapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64_NETWORK:
        return IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour or address


class PublicResolver(CachingHostnameResolver):
    """Scrapy's own for IPv4 and IPv6, without the private addresses of a public source. A proxy's
    name is not the source's: the operator may have one on this machine."""

    sources: frozenset[str] = frozenset()  # the sources' hosts that are public names

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> PublicResolver:
        resolver = super().from_crawler(crawler, reactor)
        setting = str(crawler.settings["MIRROR_SOURCE_URL"])
        addresses = (source_url(setting, name) for name in site_names())
        hosts = (urlsplit(address).hostname or "" for address in addresses)
        resolver.sources = frozenset(filter(is_public_name, hosts))
        return resolver

    def install_on_reactor(self) -> None:
        self.original_resolver = cast("IHostnameResolver", NameLookup(self.reactor))
        super().install_on_reactor()

    def resolveHostName(
        self,
        resolutionReceiver: IResolutionReceiver,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> IHostResolution:
        if hostName in self.sources:
            public = _PublicOnly(resolutionReceiver, hostName)
            resolutionReceiver = cast("IResolutionReceiver", public)
        return super().resolveHostName(
            resolutionReceiver, hostName, portNumber, addressTypes, transportSemantics
        )


@implementer(IResolutionReceiver)
class _PublicOnly:
    """Passes on what is public of the addresses of a name."""

    def __init__(self, receiver: Any, name: str):
        self.receiver = receiver
        self.name = name

    def resolutionBegan(self, resolution: Any) -> None:
        self.receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:
        if is_public_address(address.host):
            self.receiver.addressResolved(address)
        else:
            logger.error(
                "%(name)s resolves to %(host)s, which is no public address: nothing is asked there. "
                "If it is your own server, set MIRROR_SOURCE_URL to the address itself",
                {"name": self.name, "host": address.host},
            )

    def resolutionComplete(self) -> None:
        self.receiver.resolutionComplete()
