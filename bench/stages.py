"""The single stages of the job: milliseconds of CPU, and of waiting, an article."""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse
from scrapy.settings import Settings

from bench import processes
from bench.samples import figure
from bench.site import SECTION, Site
from mirror import settings as project
from mirror.content.selecting import selector_of
from mirror.items import Link
from mirror.pipelines import WatchPipeline, WritePipeline
from mirror.quality.coverage import UsualCoverage
from mirror.quality.observer import Observer
from mirror.sites import get_site
from mirror.spiders.section import SectionSpider
from mirror.store.database import open_database
from mirror.store.frontier import Frontier

_LISTED = 30  # articles on a listing page
_TAKEN = 8  # addresses taken from the frontier at once


def stages(articles: int, rounds: int) -> dict[str, Any]:
    """Return the stages in running order, measured in a process of their own."""
    given = ["--articles", str(articles), "--rounds", str(rounds)]
    command = [sys.executable, "-m", "bench.stages", *given]
    return json.loads(processes.run([command], longest=60 + articles * rounds / 5).outputs[0])


class _Clock:
    """Adds up what each stage takes."""

    def __init__(self) -> None:
        self.taken: dict[str, list[float]] = {}  # stage -> CPU, all

    def time(self, stage: str, function: Callable[..., Any], *arguments: Any) -> Any:
        cpu, began = time.process_time(), time.perf_counter()
        result = function(*arguments)
        taken = self.taken.setdefault(stage, [0.0, 0.0])
        taken[0] += time.process_time() - cpu
        taken[1] += time.perf_counter() - began
        return result


def _measure(articles: int, rounds: int) -> dict[str, Any]:
    site = Site(articles)
    site.prepare()
    taken = []
    with TemporaryDirectory(prefix="bench-") as folder:
        for number in range(rounds + 1):  # the first one warms up
            clock = _Clock()
            _round(site, Path(folder) / str(number), clock)
            taken.append(clock.taken)
    return {
        stage: {
            kind: figure([stages[stage][place] / articles * 1000 for stages in taken[1:]])
            for place, kind in enumerate(("cpu_ms", "wall_ms"))
        }
        for stage in taken[0]
    }


def _round(site: Site, folder: Path, clock: _Clock) -> None:
    folder.mkdir()
    url = f"sqlite:///{folder}/mirror.db"
    settings = Settings()
    settings.setmodule(project)
    settings.update({"MIRROR_OUTPUT": str(folder / "out"), "MIRROR_DATABASE_URL": url})
    crawler, source = Crawler(SectionSpider, settings), get_site("epochtimes")
    frontier = Frontier(open_database(url))
    listed = [site.article(index) for index in range(site.count)]
    links = [Link(a.id, source.canonical_url(a.url), a.title, a.published.date()) for a in listed]
    for start in range(0, site.count, _LISTED):
        clock.time("record", frontier.record, SECTION, links[start : start + _LISTED])
    for _ in range(0, site.count, _TAKEN):
        clock.time("take", frontier.take, _TAKEN, time.time() + 1, [SECTION])
    makers = _pipelines(crawler, settings)
    watch = Observer(UsualCoverage(open_database(url)))
    for link in links:
        body = gzip.decompress(site.answer(link.url.removeprefix(source.url)))
        response = HtmlResponse(link.url, body=body, encoding="utf-8")
        page = clock.time("parse", lambda text=response.text: selector_of(source.part(text)))
        item = clock.time("site.article", source.article, page, link.url)
        item = replace(item, section=SECTION)
        clock.time("Watch", watch.see, item, None)
        if watch.is_full:
            watch.publish()
            clock.time("Watch", watch.accept)
        for stage, pipeline in makers.items():
            item = clock.time(stage, pipeline.process_item, item)
    for pipeline in makers.values():
        if isinstance(pipeline, WritePipeline):
            clock.time("Write", pipeline.close_spider)


def _pipelines(crawler: Crawler, settings: Settings) -> dict[str, Any]:
    """Return the project's pipelines in running order by their names, but for that which only works
    within a crawl; what it calls is measured by itself."""
    from scrapy.utils.misc import build_from_crawler, load_object

    order = settings.getdict("ITEM_PIPELINES")
    classes = [load_object(name) for name in sorted(order, key=order.__getitem__)]
    classes.remove(WatchPipeline)
    return {
        cls.__name__.removesuffix("Pipeline"): build_from_crawler(cls, crawler) for cls in classes
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, required=True)
    parser.add_argument("--rounds", type=int, required=True)
    wanted = parser.parse_args()
    print(json.dumps(_measure(wanted.articles, wanted.rounds)))
