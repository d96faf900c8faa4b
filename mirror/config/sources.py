"""Where sites are asked: one address for all, or one for each, as MIRROR_SOURCE_URL gives them."""

from __future__ import annotations


def parse_sources(value: str) -> dict[str, str]:
    """Return addresses by names of sites; that of "" is for all that are not named.

    >>> parse_sources("http://127.0.0.1:8000/")
    {'': 'http://127.0.0.1:8000'}
    >>> parse_sources("epochtimes=http://127.0.0.1:8000, ntd=http://127.0.0.1:8001")
    {'epochtimes': 'http://127.0.0.1:8000', 'ntd': 'http://127.0.0.1:8001'}
    """
    return dict(source_pairs(value))


def source_pairs(value: str) -> list[tuple[str, str]]:
    """Return names and addresses as they stand there, a name twice if it is given twice."""
    pairs = (part.rpartition("=") for part in value.split(","))
    return [(name.strip(), address.strip().rstrip("/")) for name, _, address in pairs]
