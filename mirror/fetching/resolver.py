"""Names to addresses, such that a public name cannot lead a crawl into a private network."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
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

from mirror.config.fake_ip import FAKE_NETWORK, fake_network
from mirror.fetching.name_lookup import NameLookup
from mirror.sites import get_site, site_names, source_url

logger = logging.getLogger(__name__)

# Names of machines nearby: RFC 6761 (localhost, test), 6762 (local), 8375 (home.arpa), and ICANN's
# resolution 2024.07.29.06 (internal).
_LOCAL_SUFFIXES = ("localhost", "local", "test", "internal", "home.arpa")

# Networks whose addresses end with an IPv4 address: IPv4-compatible (RFC 4291), IPv4-translated (RFC 2765),
# NAT64 (RFC 6052). ISATAP (RFC 5214) has it behind a mark, in any network.
_WRAPPING_NETWORKS = tuple(map(IPv6Network, ("::/96", "::ffff:0:0:0/96", "64:ff9b::/96")))
_ISATAP_MARKS = (b"\x00\x00\x5e\xfe", b"\x02\x00\x5e\xfe")
# NAT64 of one's own network (RFC 8215), site-local (RFC 3879): Python's is_global knows neither.
_LOCAL_NETWORKS = tuple(map(IPv6Network, ("64:ff9b:1::/48", "fec0::/10")))


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
    """Whether an IP address is reachable from everywhere, and hides none that is not.

    >>> [is_public_address(a) for a in ("93.184.216.34", "10.0.0.1", "169.254.169.254", "::1")]
    [True, False, False, False]
    >>> [is_public_address(a) for a in ("::ffff:127.0.0.1", "64:ff9b::7f00:1", "::127.0.0.1", "fec0::1")]
    [False, False, False, False]
    """
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        if any(found in network for network in _LOCAL_NETWORKS):
            return False
        if (hidden := _hidden(found)) is not None:
            return hidden.is_global and not hidden.is_multicast
    return found.is_global and not found.is_multicast


def _hidden(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 address leads to, None if it is none of that kind."""
    if any(address in network for network in _WRAPPING_NETWORKS):
        return IPv4Address(address.packed[-4:])
    if address.packed[8:12] in _ISATAP_MARKS:
        return IPv4Address(address.packed[-4:])
    teredo = address.teredo  # its server, and its client
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


class PublicResolver(CachingHostnameResolver):
    """Scrapy's own for IPv4 and IPv6, without the private addresses of a public source. A proxy's
    name is not the source's: the operator may have one on this machine."""

    sources: frozenset[str] = frozenset()  # the sources' hosts that are public names
    fake: IPv4Network | None = None  # the addresses that a proxy gives in place of the true ones

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> PublicResolver:
        resolver = super().from_crawler(crawler, reactor)
        setting = str(crawler.settings["MIRROR_SOURCE_URL"])
        addresses = (source_url(setting, name) for name in site_names())
        hosts = (urlsplit(address).hostname or "" for address in addresses)
        resolver.sources = frozenset(filter(is_public_name, hosts))
        resolver.fake = fake_network(crawler.settings)
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
        if hostName in self.sources or _is_own(hostName):
            public = _PublicOnly(resolutionReceiver, hostName, self.fake)
            resolutionReceiver = cast("IResolutionReceiver", public)
        return super().resolveHostName(
            resolutionReceiver, hostName, portNumber, addressTypes, transportSemantics
        )


def _is_own(host: str) -> bool:
    """Whether a host is one of a site, such as that of its pictures."""
    return any(get_site(name).is_own(f"https://{host}/") for name in site_names())


@implementer(IResolutionReceiver)
class _PublicOnly:
    """Passes on what is public of the addresses of a name, or a proxy's that stands for it."""

    def __init__(self, receiver: Any, name: str, fake: IPv4Network | None):
        self.receiver = receiver
        self.name = name
        self.fake = fake

    def resolutionBegan(self, resolution: Any) -> None:
        self.receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:
        if is_public_address(address.host) or _is_in(address.host, self.fake):
            self.receiver.addressResolved(address)
        else:
            said = {"name": self.name, "host": address.host, "why": _why_not(address.host)}
            logger.error("%(name)s resolves to %(host)s: nothing is asked there. %(why)s", said)

    def resolutionComplete(self) -> None:
        self.receiver.resolutionComplete()


def _is_in(address: str, network: IPv4Network | None) -> bool:
    found = ip_address(address.partition("%")[0])
    return network is not None and isinstance(found, IPv4Address) and found in network


def _why_not(address: str) -> str:
    if _is_in(address, FAKE_NETWORK):
        return (
            "Clash, mihomo, sing-box and Surge give such an address in place of the true one; if one of "
            f"them is yours, set MIRROR_FAKE_IP={FAKE_NETWORK} (docs/proxies.md)"
        )
    return (
        "It is no public address. If it is that of your own server, set MIRROR_SOURCE_URL to the "
        "address itself"
    )
