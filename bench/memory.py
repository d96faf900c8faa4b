"""How much memory the full job needs at its peak, for crawls of different sizes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from bench import full
from bench.samples import figures
from bench.server import serving


def memory(counts: Sequence[int], folder: Path) -> list[dict[str, Any]]:
    """Return the peak of all processes of a crawl together and of its largest, one crawl each,
    into a folder."""
    found = []
    for count in counts:
        with serving(count) as server:
            found.append(figures([full.crawl(server.url, Path(mkdtemp(dir=folder)), count, {})]))
    return found
