"""What was measured as Markdown tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

Result = dict[str, Any]


def report(result: Result) -> str:
    """Return the tables of all that a result holds."""
    parts = (_machine, _server, _jobs, _peers, _stages, _daily, _known, _memory, _exports)
    return "\n".join(line for part in parts for line in part(result)) + "\n"


def _machine(result: Result) -> Iterator[str]:
    of = result["machine"]
    yield (
        f"{of['cores']} cores, Python {of['python']}, Scrapy {of['scrapy']}, {of['system']}; load "
        f"before {of['load'][0]:.1f}, after {of['load'][1]:.1f}. {result['rounds']} rounds, medians."
    )


def _server(result: Result) -> Iterator[str]:
    if "server" in result:
        yield f"\nThe server alone gives at least {_of(result['server']):,.0f} pages a second."


def _jobs(result: Result) -> Iterator[str]:
    if not result.get("jobs"):
        return
    title = (
        "job",
        "articles",
        "a second",
        "against one bare process",
        "CPU, ms an article",
        "peak MB",
    )
    yield from _head(title)
    for name, job in result["jobs"].items():
        if "skipped" in job:
            yield _row((name, "", f"skipped: {job['skipped']}", "", "", ""))
        else:
            ratio = _span(result["against_bare"].get(name))
            measured = (_of(job[kind]) for kind in ("cpu_ms", "peak_mb"))
            speed = f"{_of(job['per_second']):,.4g}"
            yield _row((name, f"{job['articles']:,}", speed, ratio, *map(_number, measured)))


def _peers(result: Result) -> Iterator[str]:
    if result.get("against_peers"):
        yield from _head(("the full job, times as fast as", *result["best"]))
        for name, by in result["against_peers"].items():
            yield _row((name, *(_span(by[job]) for job in result["best"])))


def _stages(result: Result) -> Iterator[str]:
    if not result.get("stages"):
        return
    yield from _head(("stage", "CPU, ms an article", "with waiting"))
    for name, stage in result["stages"].items():
        yield _row((name, *(_number(_of(stage.get(kind))) for kind in ("cpu_ms", "wall_ms"))))


def _daily(result: Result) -> Iterator[str]:
    if result.get("daily"):
        yield from _head(("run", "CPU, s", "with waiting, s"))
        for name, row in result["daily"].items():
            yield _row((name, _span(row["cpu"]), _span(row["wall"])))


def _known(result: Result) -> Iterator[str]:
    if result.get("known"):
        yield from _head(("articles known before", "new ones a second", "ms for each"))
        for row in result["known"]:
            yield _row((f"{row['known']:,}", *(_number(_of(row[k])) for k in ("per_second", "ms"))))


def _memory(result: Result) -> Iterator[str]:
    if result.get("memory"):
        yield from _head(("articles crawled", "peak MB", "of the largest process", "a second"))
        for row in result["memory"]:
            kinds = ("peak_mb", "largest_mb", "per_second")
            yield _row((f"{row['articles']:,}", *(_number(_of(row[kind])) for kind in kinds)))


def _exports(result: Result) -> Iterator[str]:
    if result.get("exports"):
        yield from _head(
            (
                "export",
                "articles",
                "CPU, ms an article",
                "against the least",
                "peak MB",
                "against the least",
            )
        )
        for row in result["exports"]:
            cells = (
                *(_number(_of(row["cpu_ms"])), _span(row["cpu_against"])),
                *(_number(_of(row["peak_mb"])), _span(row["peak_against"])),
            )
            yield _row((row["kind"], f"{row['articles']:,}", *cells))


def _of(figure: dict[str, Any] | None) -> float | None:
    return figure["median"] if figure else None


def _span(figure: dict[str, Any] | None) -> str:
    """Return a median with the range of its rounds."""
    if not figure:
        return ""
    low, high = min(figure["rounds"]), max(figure["rounds"])
    return f"{figure['median']:g} ({low:g}-{high:g})" if low < high else f"{figure['median']:g}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}" if value < 1000 else f"{value:,.0f}"


def _head(names: Sequence[str]) -> Iterator[str]:
    yield ""
    yield _row(names)
    yield "|---" * len(names) + "|"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
