"""How much of a mirror stays in its tree, and when the tree is full."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What stays: a section's newest pages, and pages up to an age; 0 is no limit."""

    pages: int = 0
    days: int = 0


@dataclass(frozen=True, slots=True)
class Fullness:
    """What a tree may hold; 0 is no limit."""

    pages: int = 0
    bytes: int = 0
