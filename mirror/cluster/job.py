"""What the workers of a crawl are to do together, and how far they are with it."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Job:
    """What a crawl is to do, the same for all its workers."""

    asked: str  # the spider and its arguments, in one line
    sections: tuple[str, ...]
    only: tuple[str, ...] = ()
    limit: int | None = None  # of articles to fetch

    @property
    def key(self) -> str:
        """What tells this crawl from others, in the database and in Redis."""
        return sha256(self.asked.encode()).hexdigest()[:12]


class State(NamedTuple):
    """How a run stands, to one of its workers."""

    is_over: bool  # complete, or replaced by a new run as this worker was taken for dead
    is_discovered: bool
    is_walker: bool
    workers: int  # alive
