"""Times and sizes in words, as an operator reads them."""

from __future__ import annotations

from itertools import pairwise

_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))  # of time, in seconds


def duration(seconds: float) -> str:
    """Return a time in words, by its two largest units.

    >>> [duration(s) for s in (4.2, 61, 600, 3_700, 200_000)]
    ['4.2 s', '1 min 1 s', '10 min', '1 h 1 min', '2 d 7 h']
    """
    for (unit, length), (smaller, part) in pairwise(_UNITS):
        if seconds >= length:
            rest = int(seconds % length // part)
            return f"{seconds // length:.0f} {unit}" + (f" {rest} {smaller}" if rest else "")
    return f"{seconds:.1f} s"


def counted(count: int, thing: str) -> str:
    """Return a number of things in words.

    >>> counted(1, "listing page"), counted(1_200, "article")
    ('1 listing page', '1,200 articles')
    """
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


def megabytes(size: int) -> str:
    """Return a size in bytes as MB or GB (of 1,000).

    >>> megabytes(1_234_567), megabytes(12_345_678_901)
    ('1.2 MB', '12.3 GB')
    """
    return f"{size / 1e9:,.1f} GB" if size >= 1e9 else f"{size / 1e6:,.1f} MB"
