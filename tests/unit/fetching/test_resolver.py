"""A public name cannot lead a crawl to this machine or into its network."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.resolver import dnscache
from twisted.internet.address import IPv4Address, IPv6Address

from mirror.config.fake_ip import fake_network
from mirror.errors import ArgumentError
from mirror.fetching.resolver import PublicResolver, is_public_address

NAMES = {
    "news.example.org": ["93.184.216.34", "127.0.0.1", "10.1.2.3", "169.254.169.254"],
    "six.example.org": ["2606:2800:220:1::1", "::1", "fe80::1", "fd00::1", "::ffff:192.168.0.1"],
    "proxy.example.org": ["127.0.0.1"],
    "localhost": ["127.0.0.1"],
    "replica": ["172.17.0.2"],
    "fake.example.org": ["198.18.0.5", "198.19.255.254", "198.20.0.1", "10.0.0.1"],
    "i.epochtimes.com": ["127.0.0.1", "93.184.216.34"],
}


class Answers:
    """A name resolver with the names above."""

    def resolveHostName(self, receiver: Any, name: str, *_: Any) -> None:
        receiver.resolutionBegan(SimpleNamespace(name=name))
        for host in NAMES[name]:
            kind = IPv6Address if ":" in host else IPv4Address
            receiver.addressResolved(kind("TCP", host, 0))
        receiver.resolutionComplete()


class Collector:
    """Receives what a name resolves to."""

    def __init__(self) -> None:
        self.hosts: list[str] = []

    def resolutionBegan(self, _: Any) -> None:
        pass

    def addressResolved(self, address: Any) -> None:
        self.hosts.append(address.host)

    def resolutionComplete(self) -> None:
        pass


def resolved(source: str, name: str, fake: str = "") -> list[str]:
    """What a name resolves to in a crawl of a source, asked for twice."""
    dnscache.clear()
    crawler = SimpleNamespace(settings=Settings(source, fake))
    resolver = PublicResolver.from_crawler(crawler, SimpleNamespace(nameResolver=Answers()))
    first, cached = Collector(), Collector()
    resolver.resolveHostName(first, name)
    resolver.resolveHostName(cached, name)
    dnscache.clear()
    assert first.hosts == cached.hosts
    return first.hosts


class Settings(dict):
    """The settings that the resolver asks for."""

    def __init__(self, source: str, fake: str) -> None:
        super().__init__(MIRROR_SOURCE_URL=source, MIRROR_FAKE_IP=fake)

    def getbool(self, _: str) -> bool:
        return True

    def getint(self, _: str) -> int:
        return 100


@pytest.mark.parametrize(
    ("source", "name", "hosts"),
    [
        ("https://news.example.org", "news.example.org", ["93.184.216.34"]),
        ("https://six.example.org", "six.example.org", ["2606:2800:220:1::1"]),
        ("https://news.example.org", "i.epochtimes.com", ["93.184.216.34"]),  # a site's own
        ("http://localhost:8000", "localhost", ["127.0.0.1"]),
        ("http://replica:8000", "replica", ["172.17.0.2"]),
        ("https://news.example.org", "proxy.example.org", ["127.0.0.1"]),  # not the source
    ],
)
def test_private_addresses_of_a_public_source_are_left_out(
    source: str, name: str, hosts: list[str]
) -> None:
    assert resolved(source, name) == hosts


@pytest.mark.parametrize(
    ("fake", "hosts"),
    [
        ("", ["198.20.0.1"]),
        ("198.18.0.0/15", ["198.18.0.5", "198.19.255.254", "198.20.0.1"]),
        ("198.18.0.0/16", ["198.18.0.5", "198.20.0.1"]),
    ],
)
def test_addresses_of_a_proxy_are_let_through_where_they_are_set(
    fake: str, hosts: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    assert resolved("https://fake.example.org", "fake.example.org", fake) == hosts
    assert ("set MIRROR_FAKE_IP=198.18.0.0/15" in caplog.text) == (len(hosts) < 3)


@pytest.mark.parametrize(
    "value", ["10.0.0.0/8", "198.16.0.0/13", "0.0.0.0/0", "fc00::/18", "x", "198.18.0.1/15"]
)
def test_no_other_network_can_be_a_proxys(value: str) -> None:
    with pytest.raises(ArgumentError, match=r"a network within 198\.18\.0\.0/15"):
        fake_network({"MIRROR_FAKE_IP": value})


@pytest.mark.parametrize(
    "address",
    [
        "::127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:0:127.0.0.1",
        "64:ff9b::192.168.1.1",
        "64:ff9b:1::1",
        "64:ff9b:1:ffff::93.184.216.34",
        "fec0::1",
        "feff::1",
        "2002:7f00:1::1",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
        "2606:2800:220:1:0:5efe:10.0.0.1",
        "2606:2800:220:1:200:5efe:127.0.0.1",
        "::1",
        "::",
    ],
)
def test_ipv6_that_leads_to_a_private_address_is_private(address: str) -> None:
    assert not is_public_address(address)


@pytest.mark.parametrize(
    "address", ["2606:2800:220:1::1", "64:ff9b::93.184.216.34", "::ffff:93.184.216.34"]
)
def test_public_ipv6_is_public(address: str) -> None:
    assert is_public_address(address)
