"""Whole runs from a file of settings, and without an address of one's own."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from support import program
from support.commands import command
from support.mirrors import PUBLIC_URL, Mirror

from demo.articles import made_up_articles
from demo.site import demo_pages

NOBODY = "https://mirror.invalid"


def scrapy(config: Path, *args: str, **given: str) -> program.Done:
    return program.run(args, MIRROR_CONFIG=str(config), **given)


def test_a_crawl_takes_its_sections_and_places_from_the_file(
    tmp_path: Path, new_mirror: Callable[..., Mirror]
) -> None:
    mirror = new_mirror(demo_pages(made_up_articles(40)))
    config = tmp_path / "mirror.toml"
    config.write_text(
        f'source_url = "{mirror.server.url}"\npublic_url = "{PUBLIC_URL}"\noutput = "news"\n'
        'database_url = "sqlite:///state/mirror.db"\nsections = ["nsc418", "nsc413"]\n'
        'since = 2018-01-01\npinned = ["n13460088"]\n[groups]\n"新闻" = ["nsc413", "nsc418"]\n',
        "utf-8",
    )
    run = scrapy(config, "crawl", "section")
    assert run.returncode == 0, run.output
    assert "crawl section" not in run.output
    assert list(tmp_path.glob("news/pages/nsc418/n*.md"))
    assert (tmp_path / "state/mirror.db").exists()
    home = (tmp_path / "news/README.md").read_text("utf-8")
    assert re.search(r"\n新闻：\[.*\]\(indexes/nsc413.md\)、\[.*\]\(indexes/nsc418.md\)\n", home)
    assert re.search(r"\n### 置顶\n\n- .*\(pages/nsc418/n13460088.md\)\n", home)
    assert "section id=nsc418,nsc413 since=2018-01-01" in run.output
    shown = scrapy(config, "show", "n999", MIRROR_DATABASE_URL="sqlite:////nowhere.db")
    assert "nothing is there yet" in shown.output


def test_a_misspelt_setting_stops_commands_of_scrapy_before_the_first_request(
    tmp_path: Path, new_mirror: Callable[..., Mirror]
) -> None:
    mirror = new_mirror(demo_pages(made_up_articles(1)))
    config = tmp_path / "mirror.toml"
    config.write_text('proxis = "http://127.0.0.1:1"\n', "utf-8")
    run = scrapy(config, "fetch", mirror.server.url)
    assert run.returncode != 0
    assert "proxis: no such setting; the nearest is proxies" in run.output
    assert mirror.asked() == []


def test_without_an_address_of_ones_own_a_crawl_says_so_and_nothing_is_published(
    new_mirror: Callable[..., Mirror],
) -> None:
    mirror = new_mirror(demo_pages(made_up_articles(1)))
    run = mirror.scrapy("crawl", "section", "-aid=nsc418", MIRROR_PUBLIC_URL=NOBODY)
    assert run.returncode == 0
    assert run.output.count("MIRROR_PUBLIC_URL is not set") == 2
    refused = mirror.scrapy(
        "crawl", "section", "-aid=nsc418", MIRROR_PUBLIC_URL=NOBODY, MIRROR_PUBLISH=1
    )
    published = command(mirror, "publish", MIRROR_PUBLIC_URL=NOBODY)
    assert (refused.returncode, published.returncode, refused.asked) == (2, 2, [])
    assert "set it to the address at which readers find" in published.output
    assert not (mirror.tree / ".git").exists()
    moved = command(mirror, "rebase", f"--public-url={PUBLIC_URL}", MIRROR_PUBLIC_URL=NOBODY)
    assert moved.returncode == 0, moved.output
    assert command(mirror, "publish").returncode == 0


def test_the_address_of_a_repository_is_none_of_its_pages(
    new_mirror: Callable[..., Mirror],
) -> None:
    mirror, repository = new_mirror(demo_pages(made_up_articles(1))), "https://github.com/example/a"
    call, given = ("crawl", "section", "-aid=nsc418"), {"MIRROR_PUBLIC_URL": f"{repository}.git"}
    run = mirror.scrapy(*call, **given)
    said = f"but at an address like {repository}/blob/main"
    assert (run.returncode, run.output.count(said)) == (0, 2)
    refused = mirror.scrapy(*call, **given, MIRROR_PUBLISH=1)
    assert (refused.returncode, said in refused.output, refused.asked) == (2, True, [])
    for words in (("publish",), ("rebase", f"--public-url={repository}")):
        done = command(mirror, *words, **given)
        assert (done.returncode, said in done.output) == (2, True), done.output
    moved = command(mirror, "rebase", f"--public-url={PUBLIC_URL}", **given, MIRROR_PUBLISH=1)
    assert moved.returncode == 0, moved.output


def test_quiet_crawls_print_what_somebody_has_to_read_and_nothing_else(
    tmp_path: Path, new_mirror: Callable[..., Mirror]
) -> None:
    mirror = new_mirror(demo_pages(made_up_articles(4)))
    call, quiet = ("crawl", "section", "-aid=nsc418"), {"MIRROR_DISPLAY": "quiet"}
    metrics, log = tmp_path / "mirror.prom", tmp_path / "mirror.log"
    assert mirror.scrapy(*call, **quiet, MIRROR_METRICS_FILE=metrics).output == ""
    assert mirror.scrapy(*call, **quiet, LOG_FILE=log).output == ""
    assert 'mirror_pages{section="nsc418"}' in metrics.read_text("utf-8")
    gone = mirror.scrapy("crawl", "section", "-aid=nsc000", **quiet, LOG_FILE=log)
    assert gone.returncode == 4
    assert "Ended with status 4 NO_SECTION" in gone.output
    assert len(gone.output.splitlines()) == 1
