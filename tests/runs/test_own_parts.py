"""Parts of an operator's own in a crawl: beside those of the project, whole or refused with a reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from support import program
from support.commands import command
from support.mirrors import Mirror, Run

from demo.articles import made_up_articles
from demo.site import demo_pages

ARTICLES = [article for article in made_up_articles(80) if "nsc418" in article.sections][:55]
SECTION = ("crawl", "section", "-aid=nsc418")
LISTS = ("ITEM_PIPELINES", "EXTENSIONS", "DOWNLOADER_MIDDLEWARES", "SPIDER_MIDDLEWARES")
STAGES = "tests.support.stages"

NewMirror = Callable[..., Mirror]
Together = Callable[..., list[Any]]


def crawl(new_mirror: NewMirror, workers: int, **parts: str) -> tuple[Mirror, Run]:
    """Crawl with a part of the operator's own in each of these lists."""
    mirror = new_mirror(demo_pages(ARTICLES))
    given = {name: json.dumps({part: 250}) for name, part in parts.items()}
    return mirror, mirror.scrapy(*SECTION, MIRROR_WORKERS=workers, **given)


def test_parts_of_ones_own_stand_beside_those_of_the_project(new_mirror: NewMirror) -> None:
    parts = dict.fromkeys(LISTS, f"{STAGES}.Counted") | {"ADDONS": f"{STAGES}.CountedAddon"}
    mirror, run = crawl(new_mirror, 1, **parts)
    assert (run.returncode, run.stats["test/counted"]) == (0, len(LISTS)), run.output
    assert "'BOT_NAME': 'counted'" in run.output
    assert mirror.articles() == {article.id for article in ARTICLES}


def test_parts_in_the_file_of_settings_do_too(new_mirror: NewMirror) -> None:
    mirror = new_mirror(demo_pages(ARTICLES))
    config = mirror.folder / "mirror.toml"
    config.write_text(f'[scrapy.EXTENSIONS]\n"{STAGES}.Counted" = 7\n', "utf-8")
    words = mirror._command(SECTION, {"MIRROR_WORKERS": 1})[3:]
    assert "'test/counted': 1" in program.run(words, MIRROR_CONFIG=str(config)).output
    assert mirror.articles() == {article.id for article in ARTICLES}


@pytest.mark.parametrize(
    ("name", "parts", "said"),
    [
        ("ITEM_PIPELINES", {"mirror.pipelines.QrPipeline": None}, "cannot do without it"),
        ("ADDONS", {"mirror.crawl.addons.KnownNames": None}, "cannot do without it"),
        ("ITEM_PIPELINES", {"mirror.pipelines.WritePipeline": 120}, "must come after"),
        ("EXTENSIONS", {f"{STAGES}.Counted": "first"}, "must be a number or null"),
    ],
)
def test_what_the_project_cannot_do_without_is_named(
    new_mirror: NewMirror, name: str, parts: dict[str, object], said: str
) -> None:
    mirror = new_mirror({})
    done = command(mirror, *SECTION, **{name: json.dumps(parts)})
    assert done.returncode == 2, done.output
    assert said in done.output
    assert next(iter(parts)).rpartition(".")[2] in done.output
    assert mirror.asked() == []


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("name", ["ITEM_PIPELINES", "ADDONS"])
def test_module_that_asks_for_the_reactor_gets_it(
    new_mirror: NewMirror, name: str, workers: int
) -> None:
    mirror, run = crawl(new_mirror, workers, **{name: "tests.support.reactor.Asks"})
    assert run.returncode == 0, run.output
    assert mirror.articles() == {article.id for article in ARTICLES}


def test_spiders_that_ask_for_the_reactor_are_refused(new_mirror: NewMirror) -> None:
    modules = "mirror.spiders,tests.support.reactor"
    run = new_mirror({}).scrapy(*SECTION, SPIDER_MODULES=modules, MIRROR_WORKERS=1)
    assert run.returncode == 2, run.output
    assert "imports twisted.internet.reactor" in run.output


def test_part_that_cannot_be_made_is_an_error(new_mirror: NewMirror, together: Together) -> None:
    broken = f"{STAGES}.Broken"
    calls = [
        partial(crawl, new_mirror, 1, ITEM_PIPELINES=broken),
        partial(crawl, new_mirror, 2, ITEM_PIPELINES=broken),
        partial(crawl, new_mirror, 1, EXTENSIONS=broken),
        partial(crawl, new_mirror, 1, ADDONS=broken),
    ]
    for mirror, run in together(*calls):
        said = "a part of the crawl cannot be made: ZeroDivisionError: a mistake"
        assert (run.returncode, mirror.asked()) == (1, []), run.output
        assert f"Ended with status 1 ERROR: {said}" in run.output
        assert run.output.count("Traceback") == 1


@pytest.mark.parametrize(
    ("handler", "reason"),
    [
        (f"{STAGES}.Broken", "cannot be made: a mistake"),
        (f"{STAGES}.NoSuchPart", "cannot be made: Module 'tests.support.stages' doesn't define"),
        (None, "cannot be made: no handler available for that scheme"),
    ],
)
def test_what_fetches_but_cannot_be_made_is_refused(
    new_mirror: NewMirror, together: Together, handler: str | None, reason: str
) -> None:
    mirrors = [new_mirror({}), new_mirror({})]
    given = json.dumps({"http": handler})
    calls = [
        partial(mirror.scrapy, *SECTION, MIRROR_WORKERS=workers, DOWNLOAD_HANDLERS=given)
        for workers, mirror in enumerate(mirrors, 1)
    ]
    for mirror, run in zip(mirrors, together(*calls), strict=True):
        assert (run.returncode, mirror.asked()) == (2, []), run.output
        named = f"={handler}" if handler else ""
        assert f"Ended with status 2 USAGE: DOWNLOAD_HANDLERS: http{named}: {reason}" in run.output


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("missing", ["tests.support.nowhere.Part", f"{STAGES}.NoSuchPart"])
def test_part_that_is_nowhere_is_named(new_mirror: NewMirror, missing: str, workers: int) -> None:
    _, run = crawl(new_mirror, workers, EXTENSIONS=missing)
    assert run.returncode == 1
    assert missing.split(".")[2] in run.output
    assert "a part of the crawl cannot be made: " in run.output


def test_part_that_fails_at_the_end_is_an_error_of_the_run(new_mirror: NewMirror) -> None:
    mirror, run = crawl(new_mirror, 1, EXTENSIONS=f"{STAGES}.Clumsy")
    assert (run.returncode, run.stats["mirror/errors"]) == (1, 1), run.output
    assert mirror.articles() == {article.id for article in ARTICLES}
