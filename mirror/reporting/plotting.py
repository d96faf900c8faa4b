"""A picture of the archive: how many articles each section has of each day, so that gaps show."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from mirror.errors import ArgumentError

_MAX_BARS = 800  # in a row at most


def plot(counts: Mapping[str, Mapping[str, int]], file: Path) -> None:
    """Draw a row of bars for each section: section -> day (ISO 8601) -> articles.

    What has none is marked red. Raises ArgumentError if nothing is there to be drawn, or no
    matplotlib to draw it; OSError.
    """
    pyplot = _pyplot()
    days = [date.fromisoformat(day) for found in counts.values() for day in found]
    if not days:
        raise ArgumentError("--plot", file, "no article is known yet")
    first, last = min(days), max(days)
    width = _width((last - first).days + 1)
    figure, rows = pyplot.subplots(
        len(counts), figsize=(14, 1 + 1.1 * len(counts)), sharex=True, squeeze=False
    )
    starts = [first + timedelta(n) for n in range(0, (last - first).days + 1, width)]
    for axes, (section, found) in zip(rows[:, 0], counts.items(), strict=True):
        bars = [0] * len(starts)
        for day, count in found.items():
            bars[(date.fromisoformat(day) - first).days // width] += count
        axes.bar(starts, bars, width=width, align="edge")
        gaps = [start for start, count in zip(starts, bars, strict=True) if not count]
        axes.bar(gaps, max(bars), width=width, align="edge", color="#d62728", alpha=0.25)
        axes.set_ylabel(section, rotation=0, ha="right", va="center")
        axes.margins(x=0)
        axes.spines[["top", "right"]].set_visible(False)
    unit = {1: "day", 7: "week"}.get(width, f"{width} days")
    figure.suptitle(f"articles a {unit}, by section; red: none")
    figure.tight_layout()
    figure.savefig(file, format="png", dpi=110, metadata={"Software": None})
    pyplot.close(figure)


def _width(days: int) -> int:
    """Return how many days a bar stands for, of so many in all."""
    return next((w for w in (1, 7) if days <= w * _MAX_BARS), 28)


def _pyplot():
    try:
        import matplotlib
    except ImportError:
        raise ArgumentError(
            "--plot", "needs matplotlib", "install it with pip install -r requirements-plot.txt"
        ) from None
    matplotlib.use("Agg")
    from matplotlib import pyplot

    return pyplot
