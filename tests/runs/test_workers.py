"""Crawls that several processes share, wherever their output goes and whatever becomes of them."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from support.mirrors import ROOT, Mirror

from demo.articles import made_up_articles
from demo.server import Page
from demo.site import demo_pages
from mirror.settings import EXTENSIONS

ARTICLES = [article for article in made_up_articles(130) if "nsc418" in article.sections]
LATE_SECONDS = 30.0  # more than three processes need to die
SECTION = ("crawl", "section", "-aid=nsc418")


def test_output_may_go_to_a_file(new_mirror: Callable[..., Mirror]) -> None:
    """As under cron, with >> crawl.log: the streams of the others lead elsewhere than to that file."""
    mirror = new_mirror(demo_pages(ARTICLES))
    command = mirror._command(SECTION, {"MIRROR_WORKERS": 2})
    log = mirror.folder / "crawl.log"
    with log.open("wb") as file:
        done = subprocess.run(command, cwd=ROOT, stdout=file, stderr=file, timeout=60, check=False)
    said = log.read_text("utf-8")
    assert done.returncode == 0, said
    assert "died" not in said
    assert mirror.articles() == {article.id for article in ARTICLES}


def test_input_may_be_closed(new_mirror: Callable[..., Mirror]) -> None:
    """As under a daemon: none of what is opened then may take its number."""
    mirror = new_mirror(demo_pages(ARTICLES))
    closed = ("sh", "-c", 'exec "$@" <&-', "sh", *mirror._command(SECTION, {"MIRROR_WORKERS": 2}))
    done = subprocess.run(closed, cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert mirror.articles() == {article.id for article in ARTICLES}


def test_crawl_goes_on_alone_where_others_die_at_once(
    new_mirror: Callable[..., Mirror], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = demo_pages(ARTICLES)
    deaths = tmp_path / "deaths"
    monkeypatch.setenv("DEATHS_FILE", str(deaths))
    path = urlsplit(ARTICLES[0].url).path  # under way from the beginning: the crawl is never idle
    pages[path] = partial(_after_deaths, pages[path], deaths)
    mirror = new_mirror(pages)
    extensions = json.dumps({**EXTENSIONS, "tests.support.stages.Stillborn": 50})
    run = mirror.scrapy(*SECTION, MIRROR_WORKERS=2, EXTENSIONS=extensions)
    assert run.returncode == 0, run.output
    assert run.stats["mirror/workers_died"] == 3
    assert len(re.findall("the crawl goes on without", run.output)) == 1
    assert mirror.articles() == {article.id for article in ARTICLES}


@pytest.mark.parametrize("workers", [1, 4])
def test_limit_is_that_of_all_processes_together(
    new_mirror: Callable[..., Mirror], workers: int
) -> None:
    mirror = new_mirror(demo_pages(ARTICLES))
    call = (*SECTION, "-alimit=61")  # the third listing page shows more
    run = mirror.scrapy(*call, MIRROR_WORKERS=workers, CONCURRENT_REQUESTS=2)
    assert run.returncode == 0, run.output
    assert len(mirror.articles()) == run.stats["mirror/new"] == 61


@pytest.mark.parametrize("workers", [1, 2])
def test_few_open_files_make_it_slower_not_wrong(
    new_mirror: Callable[..., Mirror], workers: int
) -> None:
    mirror = new_mirror(demo_pages(ARTICLES))
    command = mirror._command(SECTION, {"MIRROR_WORKERS": workers})
    limited = ("sh", "-c", 'ulimit -n 40; exec "$@"', "sh", *command)
    done = subprocess.run(limited, cwd=ROOT, capture_output=True, timeout=60, check=False)
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == 0, said
    assert "No more than 40 files may be open" in said
    assert mirror.articles() == {article.id for article in ARTICLES}


def _after_deaths(
    page: Page | Callable[[dict[str, str]], Page], deaths: Path, headers: dict[str, str]
) -> Page:
    """Answer once three processes have died, so that the crawl cannot end before."""
    give_up = time.monotonic() + LATE_SECONDS
    while time.monotonic() < give_up and len(_lines(deaths)) < 3:
        time.sleep(0.05)
    return page(headers) if callable(page) else page


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []
