"""Addresses that a proxy on the operator's network gives for every name, in place of the true ones.

Clash, mihomo, sing-box and Surge do so ("fake-ip"): they answer from 198.18.0.0/15, which is set aside for
tests (RFC 2544) and leads nowhere else, and take what is sent there through the proxy.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Network, ip_network
from typing import Any

from mirror.errors import ArgumentError

FAKE_NETWORK = IPv4Network("198.18.0.0/15")
_NAME = "MIRROR_FAKE_IP"


def fake_network(settings: Mapping[str, Any]) -> IPv4Network | None:
    """Return the network whose addresses are a proxy's, None if there is none. Raises ArgumentError."""
    value = str(settings[_NAME]).strip()
    if not value:
        return None
    try:
        network = ip_network(value)
    except ValueError:
        network = None
    if not isinstance(network, IPv4Network) or not network.subnet_of(FAKE_NETWORK):
        allowed = f"must be empty, or a network within {FAKE_NETWORK}, which no other machine has"
        raise ArgumentError(_NAME, value, allowed)
    return network
