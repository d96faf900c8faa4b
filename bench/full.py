"""The full job: `scrapy crawl section` from an empty folder to the last page on disk."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path

from bench import processes
from bench.samples import Sample
from bench.site import SECTION

_DUMP = "Dumping Scrapy stats:"
_OF_WHOLE_CRAWL = "'mirror/indexes'"
_STAT_RE = re.compile(r"^[ {]'([^']+)': ([\d.]+)[,}]", re.MULTILINE)
_SLOWEST = 4  # articles a second, below which something is wrong


class WrongError(Exception):
    """The job did not do what it is measured for."""


def crawl(
    url: str,
    folder: Path,
    expected: int,
    settings: Mapping[str, object],
    *arguments: str,
    sections: str = SECTION,
) -> Sample:
    """Mirror sections into a folder. Raises WrongError unless so many articles are published."""
    output = Path(str(settings.get("MIRROR_OUTPUT", folder / "out")))
    before = _pages(output)
    settings = {
        "MIRROR_SOURCE_URL": url,
        "MIRROR_OUTPUT": output,
        "MIRROR_DATABASE_URL": f"sqlite:///{folder}/mirror.db",
        "LOG_LEVEL": "INFO",
        **settings,
    }
    command = [
        sys.executable,
        "-m",
        "scrapy",
        "crawl",
        "section",
        f"-aid={sections}",
        *(f"-a{argument}" for argument in arguments),
        *(f"-s{name}={value}" for name, value in settings.items()),
    ]
    done = processes.run([command], longest=60 + expected / _SLOWEST)
    _, *dumps = done.errors[0].split(_DUMP)
    # of each source; processes that help log what they did themselves, which is in these
    stats = [dict(_STAT_RE.findall(dump)) for dump in dumps if _OF_WHOLE_CRAWL in dump]
    published = sum(int(found.get("mirror/published", 0)) for found in stats)
    pages = _pages(output) - before
    if published != expected or pages != expected:
        raise WrongError(f"{published} of {expected} articles published, {pages} pages: {command}")
    return Sample(
        articles=expected,
        seconds=max(float(found["elapsed_time_seconds"]) for found in stats),
        whole_seconds=done.seconds,
        cpu_seconds=done.cpu_seconds,
        peak_bytes=done.peak_bytes,
        largest_bytes=done.largest_bytes,
    )


def _pages(output: Path) -> int:
    return sum(1 for _ in output.glob("pages/**/[an]*.md"))
