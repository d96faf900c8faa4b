"""Every crawl ends, with a status and a line that says why, whatever it meets."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from support.mirrors import Mirror, Run

from demo.articles import made_up_articles
from demo.server import Page, Pages
from demo.site import demo_pages

ARTICLES = [a for a in made_up_articles(20) if "nsc418" in a.sections][:6]
HOME = "https://cn.epochtimes.com"

NewMirror = Callable[..., Mirror]
Together = Callable[..., list[Any]]


def moved(pages: Pages) -> Pages:
    """The same addresses, each of which leads to the same at another host."""
    paths = ["/robots.txt", *pages]
    return {path: Page(b"", status=301, headers={"Location": HOME + path}) for path in paths}


@pytest.fixture(scope="module")
def ended(new_mirror: NewMirror, together: Together) -> dict[str, Run]:
    """Runs that used to go on for ever, or far too long."""
    pages, first = demo_pages(ARTICLES), ARTICLES[0].path
    not_modified = {**pages, first: Page(b"", status=304, headers={"ETag": '"x"'})}
    in_a_circle = {**pages, first: Page(b"", status=302, headers={"Location": first})}
    stages = json.dumps({"tests.support.stages.NeverDone": 50})
    extensions = json.dumps({"tests.support.stages.Faulty": 50})
    runs: dict[str, tuple[Pages, dict[str, object]]] = {
        "304": (not_modified, {}),
        "circle": (in_a_circle, {}),
        "moved": (moved(pages), {}),
        "stalled": (pages, {"ITEM_PIPELINES": stages, "MIRROR_STALL_TIMEOUT": 3}),
        "error": (pages, {"EXTENSIONS": extensions, "MIRROR_WORKERS": 1}),
    }
    command = ("crawl", "section", "-aid=nsc418")
    done = together(
        *(partial(new_mirror(site).scrapy, *command, **given) for site, given in runs.values())
    )
    return dict(zip(runs, done, strict=True))


def test_304_to_what_was_not_known_is_a_failure_of_that_page(ended: dict[str, Run]) -> None:
    run = ended["304"]
    assert run.returncode == 3
    assert run.asked.count(ARTICLES[0].path) == 1
    assert (run.stats["mirror/failed"], run.stats["mirror/new"]) == (1, len(ARTICLES) - 1)


def test_page_that_redirects_to_itself_is_asked_once(ended: dict[str, Run]) -> None:
    run = ended["circle"]
    assert run.asked.count(ARTICLES[0].path) == 1
    assert "redirected in a circle" in run.output
    assert run.stats["mirror/new"] == len(ARTICLES) - 1


def test_site_that_is_elsewhere_is_named_with_what_to_set(ended: dict[str, Run]) -> None:
    run = ended["moved"]
    assert (run.returncode, run.asked) == (3, ["/robots.txt"])
    assert f"set MIRROR_SOURCE_URL={HOME}" in run.output


def test_crawl_without_progress_is_ended_and_says_what_it_waits_for(ended: dict[str, Run]) -> None:
    run = ended["stalled"]
    assert run.returncode == 3
    assert "Nothing has happened for 3.0 s" in run.output
    assert "nothing happened any more" in run.output.splitlines()[-1]
    assert re.search(r"it was waiting for .*the stages of \d pages? \(http://127", run.output)


def test_error_beside_the_spider_ends_the_crawl(ended: dict[str, Run]) -> None:
    run = ended["error"]
    assert run.returncode == 1
    assert "An error in the program, ZeroDivisionError: a mistake" in run.output
    assert run.output.count("Traceback") == 1
