"""What a run cannot write beside its tree and its database: refused before the first request with the
setting and the path, or told at the end."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from support.commands import command
from support.mirrors import Mirror, Run

from demo.articles import made_up_articles
from demo.site import demo_pages

ARTICLES = made_up_articles(3)
NOWHERE = "{folder}/file/x"  # below what is a file
FULL = Path("/dev/full")  # takes no byte, see full(4)
BEGUN = ("--sections=nsc418", "--home=", "--since=", "--schedule=none", "--no-run")
BEGUN += ("--public-url=https://news.example",)
REFUSED = (
    ("LOG_FILE", NOWHERE, "cannot be written: Not a directory"),
    ("LOG_FILE", "{folder}", "cannot be written: Is a directory"),
    ("LOG_FILE", "{folder}/out/log", "which is published"),
    ("JOBDIR", "{folder}/out/job", "which is published"),
    ("HTTPCACHE_DIR", "{folder}/out/cache", "which is published"),
    ("MIRROR_STATS_FILE", NOWHERE, "cannot make this folder"),
    ("MIRROR_STATS_FILE", "{folder}", "must be a file"),
    ("MIRROR_METRICS_FILE", NOWHERE, "cannot make this folder"),
    ("MIRROR_METRICS_FILE", "{folder}", "must be a file"),
    ("MIRROR_NOTIFY", "{folder}/file", "no such program, or it may not be run"),
    ("MIRROR_NOTIFY", "no-such-program-here", "no such program, or it may not be run"),
)


@pytest.fixture(scope="module")
def mirror(new_mirror: Callable[..., Mirror]) -> Mirror:
    mirror = new_mirror(demo_pages(ARTICLES))
    (mirror.folder / "file").touch(0o644)
    return mirror


@pytest.mark.parametrize(("name", "value", "reason"), REFUSED)
def test_setting_that_nothing_can_be_written_by_is_refused(
    mirror: Mirror, name: str, value: str, reason: str
) -> None:
    value = value.format(folder=mirror.folder)
    given = f"{value} SECRET" if name == "MIRROR_NOTIFY" else value
    mirror.server.requests.clear()
    done = command(mirror, "crawl", "section", "-aid=nsc418", **{name: given})
    assert (done.returncode, mirror.asked()) == (2, []), done.output
    assert f"mirror: error: {name}={value}: " in done.output
    assert reason in done.output
    assert "Traceback" not in done.output and "SECRET" not in done.output


@pytest.mark.parametrize("feed", [NOWHERE, "{folder}", f"file://{NOWHERE}", f"{NOWHERE}/%(time)s/"])
def test_feed_that_cannot_be_written_is_refused(mirror: Mirror, feed: str) -> None:
    given = json.dumps({feed.format(folder=mirror.folder): {"format": "json"}})
    mirror.server.requests.clear()
    done = command(mirror, "crawl", "section", "-aid=nsc418", FEEDS=given)
    assert (done.returncode, mirror.asked()) == (2, []), done.output
    assert done.output.startswith("mirror: error: FEEDS=")


def test_log_of_a_stock_command_is_refused_too(mirror: Mirror) -> None:
    done = command(mirror, "fetch", "--logfile", f"{mirror.folder}/file/x", "http://127.0.0.1:1/")
    assert done.returncode == 2
    assert f"LOG_FILE={mirror.folder}/file/x: cannot be written" in done.output


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (("status", "--plot", NOWHERE), "--plot"),
        (("status", "--plot", "{folder}"), "--plot"),
        (("backup", NOWHERE), "file"),
        (("export", "epub", "-sMIRROR_EXPORT_FOLDER={folder}/file"), "MIRROR_EXPORT_FOLDER"),
        (("init", NOWHERE, *BEGUN), "folder"),
    ],
)
def test_what_a_command_cannot_write_is_refused_by_name(
    ended: dict[str, tuple[Mirror, Run]], call: tuple[str, ...], named: str
) -> None:
    mirror, _ = ended["metrics"]
    (mirror.folder / "file").touch()
    done = command(mirror, *(word.format(folder=mirror.folder) for word in call))
    assert done.returncode == 2, done.output
    assert f"mirror: error: {named}={mirror.folder}" in done.output


@pytest.fixture(scope="module")
def ended(
    new_mirror: Callable[..., Mirror], together: Callable[..., list[Any]]
) -> dict[str, tuple[Mirror, Run]]:
    """Runs that do not get rid of something at their end."""

    def made() -> Mirror:
        mirror = new_mirror(demo_pages(ARTICLES))
        (mirror.folder / "m.prom.tmp").symlink_to(FULL)
        return mirror

    metrics = {"MIRROR_METRICS_FILE": "{folder}/m.prom"}
    runs: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
        "metrics": ((), metrics),
        "refused": (("-apagess=1",), metrics),
        "feed": (("-o", f"{FULL}:json"), {}),
        "log": ((), {"LOG_FILE": str(FULL)}),
    }
    mirrors = {what: made() for what in runs}

    def run(what: str) -> Run:
        words, given = runs[what]
        shown = {name: value.format(folder=mirrors[what].folder) for name, value in given.items()}
        return mirrors[what].scrapy("crawl", "section", "-aid=nsc418", *words, **shown)

    done = together(*(partial(run, what) for what in runs))
    return {what: (mirrors[what], run) for what, run in zip(runs, done, strict=True)}


def test_metrics_that_cannot_be_written_are_a_warning(ended: dict[str, tuple[Mirror, Run]]) -> None:
    mirror, run = ended["metrics"]
    assert run.returncode == 0, run.output
    assert "WARNING: MIRROR_METRICS_FILE=" in run.output
    assert "is not of this run: [Errno 28]" in run.output
    assert mirror.articles() == {article.id for article in ARTICLES}
    assert ended["refused"][1].returncode == 2


def test_feed_that_did_not_fit_on_the_disk_is_an_error(
    ended: dict[str, tuple[Mirror, Run]],
) -> None:
    mirror, run = ended["feed"]
    assert run.returncode == 6, run.output
    assert mirror.articles() == {article.id for article in ARTICLES}


def test_log_that_takes_nothing_ends_the_run_before_its_first_request(
    ended: dict[str, tuple[Mirror, Run]],
) -> None:
    _, run = ended["log"]
    assert (run.returncode, run.asked) == (6, []), run.output
    assert "Traceback" not in run.output
