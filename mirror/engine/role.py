"""Which process of a crawl this is: the one that was started by hand, or one that helps it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_ATTRIBUTE = "mirror_role"  # of a crawler


class Role(NamedTuple):
    """The number of a process, 0 for the one that was started by hand, and when that one was, in
    seconds since 1970."""

    worker: int
    started: float


def give_role(crawler: Crawler, role: Role) -> None:
    """Say which process a crawler runs in, before its components are made."""
    setattr(crawler, _ATTRIBUTE, role)


def role_of(crawler: Crawler) -> Role:
    """Return which process a crawler runs in."""
    if not hasattr(crawler, _ATTRIBUTE):
        give_role(crawler, Role(0, time.time()))
    role: Role = getattr(crawler, _ATTRIBUTE)
    return role
