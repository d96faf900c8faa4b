"""Measure the mirror against bare Scrapy and against its peers: `python -m bench`.

All in one run on one machine, in rounds, each job in every round; ratios are taken within a round.
Only this machine is asked for anything, and all that is started is stopped.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench import daily
from bench.exports import exports
from bench.jobs import BARE, CORES, START, full_job, jobs, measure
from bench.known import known
from bench.load import requests_per_second
from bench.memory import memory
from bench.report import report
from bench.samples import Sample, figure, figures, ratios
from bench.server import Served, serving
from bench.stages import stages

GROUPS = (
    "server",
    "bare",
    "full",
    "polite",
    "peers",
    "stages",
    "known",
    "memory",
    "exports",
    *daily.GROUPS,
)
_STAGED = 300  # articles that show what the stages cost


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for; print it, and write it down where that is asked for."""
    given = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with TemporaryDirectory(prefix="bench-") as folder:
        result = _measure(given, Path(folder))
        print(report(result), end="", flush=True)  # to remove all that was written takes a while
        if given.json:
            given.json.parent.mkdir(parents=True, exist_ok=True)
            given.json.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", "utf-8")
        if given.plots:
            _plot(result, given.plots)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--articles", type=_positive, default=5000, help="of the site that is mirrored"
    )
    parser.add_argument("--rounds", type=_positive, default=3)
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write the figures")
    parser.add_argument("--plots", type=Path, metavar="DIR", help="where to draw the curves")
    parser.add_argument(
        "--only", type=_groups, default=GROUPS, metavar="GROUPS", help=f"some of {','.join(GROUPS)}"
    )
    parser.add_argument(
        "--known",
        type=_numbers,
        default="1000,10000,30000",
        metavar="COUNTS",
        help="of articles known before; 1000,10000,100000 takes some minutes more",
    )
    parser.add_argument(
        "--everyday",
        type=_numbers,
        default="1000,100000,1000000",
        metavar="COUNTS",
        help="of articles known before an everyday run, whole thousands; of a million each round "
        "leaves 1.3 GB to the end",
    )
    parser.add_argument(
        "--published",
        type=_positive,
        default=100_000,
        metavar="COUNT",
        help="of pages in the trees that are published, whole thousands",
    )
    parser.add_argument(
        "--memory",
        type=_numbers,
        default="500,1500,5000",
        metavar="COUNTS",
        help="of articles to crawl for the memory it takes; 5000,20000,100000 takes half an hour",
    )
    parser.add_argument(
        "--exports",
        type=_numbers,
        default="1000,5000",
        metavar="COUNTS",
        help="of articles in the files to pass on, the least first",
    )
    return parser


def _measure(given: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Measure what is asked for.

    What is written stays in a folder to the end: ext4 makes files slowly for a minute after many were
    removed (it leaves their inodes alone, see recently_deleted() in Linux's fs/ext4/ialloc.c).
    """
    began, load = time.time(), os.getloadavg()[0]
    result: dict[str, Any] = {"machine": {}, "articles": given.articles, "rounds": given.rounds}
    wanted = [job for job in jobs() if job.group in given.only]
    if wanted or "server" in given.only:
        with serving(given.articles) as server:
            result |= _compare(server, wanted, given, folder)
    if "stages" in given.only:
        _say("stages")
        measured = stages(min(given.articles, _STAGED), given.rounds)
        result["stages"] = measured | _whole(measured, result.get("jobs", {}))
    if "known" in given.only:
        _say(f"known before: {given.known}")
        result["known"] = known(given.known, given.rounds, folder)
    if groups := [name for name in daily.GROUPS if name in given.only]:
        counts, pages = given.everyday, given.published
        result["daily"] = daily.daily(
            groups, counts, pages, given.articles, given.rounds, folder, _say
        )
    if "memory" in given.only:
        _say(f"memory: {given.memory}")
        result["memory"] = memory(given.memory, folder)
    if "exports" in given.only:
        result["exports"] = exports(given.exports, given.rounds, folder, _say)
    result["machine"] = _machine([load, os.getloadavg()[0]]) | {
        "seconds": round(time.time() - began)
    }
    return result


def _compare(
    server: Served, wanted: Sequence[Any], given: argparse.Namespace, folder: Path
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "server" in given.only:
        found["server"] = figure([requests_per_second(server) for _ in range(given.rounds)])
    able = [job for job in wanted if not job.skipped]
    samples = measure(server, able, given.rounds, folder, _say)
    found["jobs"] = {
        job.name: {"skipped": job.skipped} if job.skipped else figures(samples[job.name])
        for job in wanted
    }
    return found | _ratios(samples, wanted)


def _ratios(samples: dict[str, list[Sample]], wanted: Sequence[Any]) -> dict[str, Any]:
    best = [name for name in map(full_job, sorted({1, CORES})) if name in samples]
    others = [job.name for job in wanted if job.group == "peers" and job.name in samples]
    compared = [name for name in samples if name != START]
    return {
        "against_bare": {n: ratios(samples[n], samples[BARE]) for n in compared if BARE in samples},
        "best": best,
        "against_peers": {
            peer: {name: ratios(samples[name], samples[peer]) for name in best} for peer in others
        },
    }


def _whole(measured: dict[str, Any], compared: dict[str, Any]) -> dict[str, Any]:
    """Return the sum of the stages, and what the full job takes beside them and its start."""
    total = {
        k: sum(stage[k]["median"] for stage in measured.values()) for k in ("cpu_ms", "wall_ms")
    }
    rows = {"all stages": {kind: figure([value]) for kind, value in total.items()}}
    whole, start = (compared.get(name) for name in (full_job(1), START))
    if whole and start:
        count = whole["articles"]
        crawl = whole["cpu_ms"]["median"] - start["cpu_ms"]["median"] / count
        rows["Scrapy and the rest, of the full job in 1 process"] = {
            "cpu_ms": figure([crawl - total["cpu_ms"]])
        }
    return rows


def _machine(load: list[float]) -> dict[str, Any]:
    return {
        "cores": CORES,
        "python": platform.python_version(),
        "scrapy": version("scrapy"),
        "system": f"{platform.system()} {platform.machine()}",
        "load": load,
    }


def _plot(result: dict[str, Any], folder: Path) -> None:
    if find_spec("matplotlib") is None:
        _say("no curves: matplotlib is not installed")
        return
    from bench.plots import plot_known, plot_memory

    if result.get("known"):
        plot_known(result["known"], folder / "known.png")
    if result.get("memory") and result["memory"][0]["peak_mb"]:
        plot_memory(result["memory"], folder / "memory.png")


def _positive(value: str) -> int:
    if not value.isdecimal() or int(value) < 1:
        raise argparse.ArgumentTypeError(f"{value!r} is not a whole number, 1 or more")
    return int(value)


def _numbers(value: str) -> list[int]:
    return [_positive(part) for part in value.split(",")]


def _groups(value: str) -> tuple[str, ...]:
    chosen = tuple(value.split(","))
    for name in chosen:
        if name not in GROUPS:
            raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(GROUPS)}")
    return chosen


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
