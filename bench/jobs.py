"""The jobs that are compared, each measured once in every round."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

from bench import bare, full, peers, processes
from bench.samples import Sample
from bench.server import Served
from bench.site import SECTIONS
from demo.second import SECOND_ARTICLES

CORES = os.cpu_count() or 1
BARE = "bare Scrapy, 1 process"
STOCK = "bare Scrapy as it comes, 1 process"
BOTH = "full job, bulk, 1 process, two sources"
START = "full job, 1 article"
_POLITE_ARTICLES = 10  # two a second at most


class Job(NamedTuple):
    """Something to measure; `rounds` limits how often."""

    name: str
    group: str
    measure: Callable[[Served, Path], Sample]  # server, empty folder
    rounds: int | None = None
    skipped: str | None = None


def jobs() -> list[Job]:
    """Return all jobs, those side by side that are compared."""
    return [
        Job(BARE, "bare", lambda server, _: _bare(server, 1)),
        Job(STOCK, "bare", lambda server, _: _bare(server, 1, "--stock")),
        *(_bare_job(count) for count in (CORES,) if count > 1),
        *(_full_job(workers) for workers in sorted({1, 2, CORES})),
        Job(BOTH, "full", _both),
        Job(START, "full", _start),
        Job("full job, polite", "polite", _polite, rounds=1),
        *(_peer_job(name) for name in peers.PEERS),
    ]


def full_job(workers: int) -> str:
    """Return the name of the full job with so many processes."""
    return f"full job, bulk, {workers} process{'es' if workers > 1 else ''}"


def _bare_job(count: int) -> Job:
    return Job(f"bare Scrapy, {count} processes", "bare", lambda server, _: _bare(server, count))


def _full_job(workers: int) -> Job:
    def measure(server: Served, folder: Path) -> Sample:
        return full.crawl(server.url, folder, server.articles, {"MIRROR_WORKERS": workers})

    return Job(full_job(workers), "full", measure)


def _peer_job(name: str) -> Job:
    def measure(server: Served, folder: Path) -> Sample:
        return peers.measure(name, server.url, server.articles, folder)

    return Job(name, "peers", measure, skipped=peers.missing(name))


def _start(server: Served, folder: Path) -> Sample:
    return full.crawl(server.url, folder, 1, {"MIRROR_WORKERS": 1}, "limit=1")


def _both(server: Served, folder: Path) -> Sample:
    count = server.articles + SECOND_ARTICLES
    return full.crawl(server.url, folder, count, {"MIRROR_WORKERS": 1}, sections=SECTIONS)


def _polite(server: Served, folder: Path) -> Sample:
    count = min(_POLITE_ARTICLES, server.articles)
    settings = {"MIRROR_PROFILE": "polite"}
    return full.crawl(server.url, folder, count, settings, "pages=1", f"limit={count}")


def _bare(server: Served, count: int, *more: str) -> Sample:
    commands = [bare.command(server.url, server.articles, n, count, *more) for n in range(count)]
    done = processes.run(commands, longest=60 + server.articles / 10)
    said = [json.loads(output) for output in done.outputs]
    if sum(one["articles"] for one in said) != server.articles:
        raise full.WrongError(f"not all pages were fetched: {said}")
    return Sample(
        articles=server.articles,
        seconds=max(one["seconds"] for one in said),
        whole_seconds=done.seconds,
        cpu_seconds=done.cpu_seconds,
        peak_bytes=done.peak_bytes,
        largest_bytes=done.largest_bytes,
    )


def measure(
    server: Served, wanted: Sequence[Job], rounds: int, folder: Path, say: Callable[[str], None]
) -> dict[str, list[Sample]]:
    """Measure the jobs in turn, round after round; what they write stays in a folder."""
    samples: dict[str, list[Sample]] = {}
    for number in range(rounds):
        for job in wanted:
            if number < (job.rounds or rounds):
                sample = job.measure(server, Path(mkdtemp(dir=folder)))
                samples.setdefault(job.name, []).append(sample)
                say(f"round {number + 1}: {job.name}: {sample.per_second:,.3g} a second")
    return samples
