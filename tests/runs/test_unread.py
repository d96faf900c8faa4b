"""`scrapy ... | head`: nobody reads the rest of what a command says, or nobody reads it at all."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable

import pytest
from support.commands import command
from support.mirrors import ROOT, Mirror

from demo.articles import made_up_articles
from demo.site import demo_pages

ARTICLES = [a for a in made_up_articles(12) if "nsc418" in a.sections]
SECTION = ("crawl", "section", "-aid=nsc418")
READING = (  # what only says something
    ("status",),
    ("status", "--json"),
    ("show", ARTICLES[0].id),
    ("sync", "--dry-run"),
    ("accept",),
    ("themes",),
    ("list",),
    ("settings", "--get=LOG_LEVEL"),
    ("purge", "--help"),
    ("--help",),
)


@pytest.fixture(scope="module")
def mirror(new_mirror: Callable[..., Mirror]) -> Mirror:
    mirror = new_mirror(demo_pages(ARTICLES))
    assert mirror.section("nsc418").returncode == 0
    return mirror


def unread(mirror: Mirror, *call: str, both: bool = False, shell: str = "") -> tuple[int, str]:
    """Run the program with an output that was closed at its other end; or as a shell says. Return its
    status, and what it wrote to the standard error, if that is not the same."""
    reading, writing = os.pipe()
    os.close(reading)
    words = mirror._command(call, {})
    if call[0] == "--help":
        words = words[: words.index("--help") + 1]
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {shell}', "sh", *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=writing,
        stderr=writing if both else subprocess.PIPE,
        timeout=60,
        check=False,
    )
    os.close(writing)
    return done.returncode, (done.stderr or b"").decode()


@pytest.mark.parametrize("call", READING, ids=" ".join)
def test_command_that_only_says_something_ends_quietly(
    mirror: Mirror, call: tuple[str, ...]
) -> None:
    assert unread(mirror, *call) == (0, "")


@pytest.mark.parametrize("shell", ["", ">&-", ">&- 2>&-"])
def test_command_that_changes_something_does_all_of_it(
    mirror: Mirror, new_mirror: Callable[..., Mirror], shell: str
) -> None:
    copy = new_mirror(demo_pages(ARTICLES), mirror)
    before = copy.files()
    for page in copy.tree.glob("pages/**/*.md"):
        page.unlink()
    assert unread(copy, "verify", shell=shell) == (7, "")
    assert unread(copy, "verify", "--repair", shell=shell) == (0, "")
    assert copy.files() == before


def test_a_wrong_call_keeps_its_status(mirror: Mirror) -> None:
    assert unread(mirror, "status", "--nope", both=True) == (2, "")


@pytest.mark.parametrize("shell", ["", ">&- 2>&-"])
def test_a_crawl_goes_on_to_its_end(new_mirror: Callable[..., Mirror], shell: str) -> None:
    mirror = new_mirror(demo_pages(ARTICLES))
    assert unread(mirror, *SECTION, both=True, shell=shell)[0] == 0
    assert mirror.articles() == {article.id for article in ARTICLES}
    assert command(mirror, "verify").output == "0 differences, 0 mended\n"
