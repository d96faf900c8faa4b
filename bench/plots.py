"""The curves: throughput against articles known, memory against articles crawled."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot

Rows = Sequence[dict[str, Any]]


def plot_known(rows: Rows, file: Path) -> None:
    """Draw the throughput of new articles against how many were known before."""
    figure, axes = _axes("articles known before", "new articles a second, one process")
    counts = [row["known"] for row in rows]
    middle = [row["per_second"]["median"] for row in rows]
    lowest = [min(row["per_second"]["rounds"]) for row in rows]
    highest = [max(row["per_second"]["rounds"]) for row in rows]
    axes.fill_between(counts, lowest, highest, alpha=0.2, label="all rounds")
    axes.plot(counts, middle, "o-", label="median")
    _save(figure, axes, file)


def plot_memory(rows: Rows, file: Path) -> None:
    """Draw the peak memory against how many articles were crawled."""
    figure, axes = _axes("articles crawled", "peak memory, MB")
    counts = [row["articles"] for row in rows]
    axes.plot(counts, [row["peak_mb"]["median"] for row in rows], "o-", label="all processes")
    axes.plot(counts, [row["largest_mb"]["median"] for row in rows], "o-", label="the largest")
    _save(figure, axes, file)


def _axes(across: str, up: str) -> tuple[Any, Any]:
    figure, axes = pyplot.subplots(figsize=(6.4, 3.6), dpi=120)
    axes.set_xscale("log")
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    axes.grid(alpha=0.3)
    return figure, axes


def _save(figure: Any, axes: Any, file: Path) -> None:
    axes.set_ylim(bottom=0)
    axes.legend()
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, bbox_inches="tight", metadata={"Software": None})
    pyplot.close(figure)
