"""What was measured of a job in one round, and the medians of several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

MEGA = 1_000_000


@dataclass(frozen=True)
class Sample:
    """One run of a job; the CPU time and the memory are those of all its processes."""

    articles: int
    seconds: float  # from the first request to the last
    whole_seconds: float  # of the command, with its start and its end
    cpu_seconds: float  # of the command
    peak_bytes: int | None = None
    largest_bytes: int | None = None  # of the largest process

    @property
    def per_second(self) -> float:
        return self.articles / self.seconds

    @property
    def cpu_ms(self) -> float:
        """CPU time an article, with a share of the start."""
        return self.cpu_seconds / self.articles * 1000


Figure = dict[str, object]  # {"median": ..., "rounds": [...]}


def figure(values: Sequence[float], digits: int = 3) -> Figure:
    """Return the median of some values beside them."""
    return {"median": _short(median(values), digits), "rounds": [_short(v, digits) for v in values]}


def figures(samples: Sequence[Sample]) -> dict[str, object]:
    """Return what is reported of a job."""
    of: dict[str, Callable[[Sample], float | None]] = {
        "per_second": lambda s: s.per_second,
        "seconds": lambda s: s.seconds,
        "whole_seconds": lambda s: s.whole_seconds,
        "cpu_ms": lambda s: s.cpu_ms,
        "peak_mb": lambda s: s.peak_bytes and s.peak_bytes / MEGA,
        "largest_mb": lambda s: s.largest_bytes and s.largest_bytes / MEGA,
    }
    found = {name: [value(sample) for sample in samples] for name, value in of.items()}
    return {"articles": samples[0].articles} | {
        name: figure([v for v in values if v is not None]) if None not in values else None
        for name, values in found.items()
    }


def ratios(samples: Sequence[Sample], others: Sequence[Sample]) -> Figure:
    """Return how many times as fast a job was as another, round by round."""
    return figure([s.per_second / o.per_second for s, o in zip(samples, others, strict=False)])


def _short(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")
