"""scrapy homes: exit status, notice, and what scrapy status remembers of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.commands import Done, command

from demo.articles import made_up_articles
from demo.server import Page
from demo.site import demo_pages

if TYPE_CHECKING:
    from conftest import Mirror


@pytest.fixture(scope="module")
def mirror(new_mirror: Callable[..., Mirror]) -> Mirror:
    mirror = new_mirror(demo_pages(made_up_articles(2)))
    assert mirror.section("nsc418").returncode == 0
    return mirror


def homes(mirror: Mirror, *args: str, **settings: object) -> Done:
    return command(
        mirror, "homes", *args, MIRROR_PUBLIC_URL=f"{mirror.server.url}/home", **settings
    )


def test_a_home_that_is_there(mirror: Mirror) -> None:
    mirror.server.pages["/home/README.md"] = Page(b"news")
    done = homes(mirror)
    assert (done.returncode, done.output) == (
        0,
        f"127.0.0.1: reachable; {mirror.server.url}/home\n",
    )
    assert "Home 127.0.0.1: reachable, asked 20" in command(mirror, "status").output


def test_a_home_that_is_gone_is_heard_of(mirror: Mirror, tmp_path: Path) -> None:
    mirror.server.pages["/home/README.md"] = Page(b"", status=451)
    heard = tmp_path / "heard.json"
    done = homes(mirror, "--json", MIRROR_NOTIFY=f"cp /dev/stdin {heard}")
    assert done.returncode == 12
    (home,) = json.loads(done.output)
    assert (home["state"], home["told"]) == ("blocked", "status 451")
    told = json.loads(heard.read_text("utf-8"))
    assert (told["command"], told["name"]) == ("homes", "UNREACHABLE")
    assert "To do: begin an empty repository elsewhere" in told["message"]
    assert json.loads(command(mirror, "status", "--json").output)["homes"] == [home]


def test_nothing_is_asked_without_an_address_of_ones_own(mirror: Mirror) -> None:
    mirror.server.requests.clear()
    assert command(mirror, "homes", MIRROR_PUBLIC_URL="https://mirror.invalid").returncode == 2
    assert mirror.server.requests == []
