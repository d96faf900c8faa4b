"""How long an article takes when many are known: new ones on top of a database that is full already."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from bench import full, processes
from bench.samples import Sample, figure
from bench.server import serving
from bench.site import SECTION, Site
from demo.articles import Article
from mirror.config.page_paths import page_path
from mirror.items import ArticleItem, Link
from mirror.pages.ledger import Ledger
from mirror.pages.tree import Tree
from mirror.sites import get_site
from mirror.store.database import Database
from mirror.store.frontier import Frontier

NEW = 500
_PATTERN = "pages/{section}/{id}.md"
_BATCH = 1000


def known(counts: Sequence[int], rounds: int, folder: Path, new: int = NEW) -> list[dict[str, Any]]:
    """Return what an article costs, for each of the numbers of articles known before, which fill
    a folder."""
    for count in counts:
        fill_beside(count, new, folder / f"{count}.db")
    samples: dict[int, list[Sample]] = {count: [] for count in counts}
    for _ in range(rounds):
        for count in counts:
            samples[count].append(_crawl(count, new, folder))
    return [
        {
            "known": count,
            "new": new,
            "per_second": figure([s.per_second for s in measured]),
            "ms": figure([1000 / s.per_second for s in measured]),
            "whole_seconds": figure([s.whole_seconds for s in measured]),
        }
        for count, measured in samples.items()
    ]


def _crawl(count: int, new: int, folder: Path) -> Sample:
    """Crawl the new articles on top of a copy of what is known."""
    here = Path(mkdtemp(dir=folder))
    shutil.copy(folder / f"{count}.db", here / "mirror.db")
    known = folder / f"{count}.out"
    shutil.copytree(known, here / "out", copy_function=os.link)  # files are replaced, never changed
    with serving(count + new) as server:
        return full.crawl(server.url, here, new, {"MIRROR_WORKERS": 1})


def fill_beside(count: int, new: int, database: Path) -> None:
    """Fill a database in another process, so that nothing of it stays in this one."""
    given = ["--count", str(count), "--new", str(new), str(database)]
    processes.run([[sys.executable, "-m", "bench.known", *given]], longest=60 + count / 100)


def _fill(count: int, new: int, file: Path) -> None:
    """Write down all articles but the newest as a crawl does, without fetching them."""
    site, source = Site(count + new), get_site("epochtimes")
    database = Database(f"sqlite:///{file}")
    frontier, ledger = Frontier(database), Ledger(database, Tree(file.with_suffix(".out")))
    for first in range(new, count + new, _BATCH):
        listed = [site.article(n) for n in range(first, min(first + _BATCH, count + new))]
        urls = [source.canonical_url(article.url) for article in listed]
        links = [Link(a.id, url, a.title) for a, url in zip(listed, urls, strict=True)]
        frontier.record(SECTION, links)
        for article, url in zip(listed, urls, strict=True):
            ledger.publish(
                ArticleItem(
                    id=article.id,
                    site=source.name,
                    url=url,
                    section=SECTION,
                    title=article.title,
                    body=article.body_html,
                    published=article.published,
                    etag='"0"',
                    path=_path(article),
                    page=article.title,
                    qr=b"no code",
                )
            )
    ledger.flush()
    database.reading.close()
    database.engine.dispose()


def _path(article: Article) -> str:
    return page_path(_PATTERN, SECTION, article.id, article.published)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--new", type=int, required=True)
    parser.add_argument("file", type=Path)
    wanted = parser.parse_args()
    _fill(wanted.count, wanted.new, wanted.file)
