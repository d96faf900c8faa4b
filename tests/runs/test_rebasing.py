"""A new address for all that is published: every link and QR code, one commit, and the way back."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from support.commands import command

from demo.articles import made_up_articles
from demo.site import demo_pages
from mirror.store.database import open_database
from mirror.store.moves import begin_move

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

if TYPE_CHECKING:
    from conftest import Mirror

URL = "https://github.com/example/mirror/blob/main"
NEW_URL = "https://codeberg.example/new/src/branch/main"
THERE = {"MIRROR_PUBLIC_URL": NEW_URL}
NewMirror = Callable[..., "Mirror"]


def trees(mirror: Mirror) -> list[str]:
    """The trees of all commits, the newest first."""
    command = ["git", "-C", str(mirror.tree), "log", "--format=%T"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def published(mirror: Mirror) -> dict[str, bytes]:
    return {path: content for path, content in mirror.files().items() if path[:5] != ".git/"}


@pytest.fixture(scope="module")
def crawled(new_mirror: NewMirror) -> Mirror:
    """A section mirrored and committed. Only to be read."""
    mirror = new_mirror(demo_pages(made_up_articles(16)))
    assert mirror.section("nsc418").returncode == 0
    assert command(mirror, "publish").returncode == 0
    return mirror


@pytest.fixture
def mirror(new_mirror: NewMirror, crawled: Mirror) -> Mirror:
    return new_mirror({}, crawled)


def test_everything_moves_in_one_commit_and_back(
    mirror: Mirror, crawled: Mirror, decode: Callable[[bytes], list[str]]
) -> None:
    done = command(mirror, "rebase", "--public-url", f"{NEW_URL}/")
    assert done.returncode == 0
    assert f"MIRROR_PUBLIC_URL={NEW_URL}" in done.output
    files = published(mirror)
    for path, content in files.items():
        assert URL.encode() not in content
        if path.endswith(".png"):
            assert decode(content) == [f"{NEW_URL}/{path.removesuffix('.png')}"]
        elif re.match(r"pages/|README", path):
            assert f"\n{NEW_URL}/{path} <br/>\n".encode() in content
    assert "0 differences" in command(mirror, "verify", **THERE).output
    assert command(mirror, "rebase", "--public-url", URL, **THERE).returncode == 0
    assert published(mirror) == published(crawled)
    first, moved, back = reversed(trees(mirror))
    assert first == back != moved


def test_old_address_is_refused_afterwards(mirror: Mirror) -> None:
    command(mirror, "rebase", "--public-url", NEW_URL)
    before = mirror.stamps()
    for name in ("publish", "verify", "purge"):
        done = command(mirror, name)
        assert done.returncode == 2
        assert f"show {NEW_URL}; set it to that, or move them with scrapy rebase" in done.output
    done = command(mirror, "rebase", "--public-url", NEW_URL, **THERE)
    assert (done.returncode, mirror.stamps()) == (2, before)
    assert "show already" in done.output


def home(url: str) -> dict[str, str]:
    row = {"name": "GitHub", "public_url": url, "remote": "/nonexistent.git", "branch": "main"}
    return {"MIRROR_HOMES": json.dumps([row])}


def cut_off(mirror: Mirror, url: str, articles: int = 3) -> None:
    """Leave a tree as a killed rebase does, with so many pages of the new address."""
    database = open_database(f"sqlite:///{mirror.folder}/state/mirror.db")
    begin_move(database, url)
    for page in sorted(mirror.tree.glob("pages/**/*.md"))[:articles]:
        page.write_text(page.read_text().replace(URL, url))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, f"from {URL} to {NEW_URL} was cut off; taking it back"),
        (home(URL), f"from {URL} to {NEW_URL} was cut off; taking it back"),
        (THERE, f"from {URL} to {NEW_URL} was cut off; finishing it"),
        (THERE | home(NEW_URL), f"from {URL} to {NEW_URL} was cut off; finishing it"),
    ],
)
def test_next_command_finishes_a_rebase_that_was_cut_off_or_takes_it_back(
    mirror: Mirror, caplog: pytest.LogCaptureFixture, settings: dict[str, str], said: str
) -> None:
    cut_off(mirror, NEW_URL)
    assert "0 differences" in command(mirror, "verify", **settings).output
    assert said in caplog.text
    caplog.clear()
    assert command(mirror, "verify", **settings).returncode == 0
    assert not caplog.text


@pytest.mark.parametrize(
    "settings",
    [{}, THERE, home(URL), home(NEW_URL), home(URL) | THERE, home(NEW_URL) | THERE],
)
def test_rebase_that_was_cut_off_can_be_run_again_whatever_is_set_by_then(
    mirror: Mirror, settings: dict[str, str]
) -> None:
    cut_off(mirror, NEW_URL)
    done = command(mirror, "rebase", "--public-url", NEW_URL, **settings)
    assert done.returncode == 0, done.output
    assert f"moved from {URL}" in done.output
    homes = home(NEW_URL) if "MIRROR_HOMES" in settings else {}
    assert "0 differences" in command(mirror, "verify", **THERE, **homes).output


def test_rebase_that_was_cut_off_can_lead_back_or_elsewhere(
    mirror: Mirror, crawled: Mirror
) -> None:
    third = "https://third.example/x"
    cut_off(mirror, NEW_URL)
    refused = command(mirror, "publish", MIRROR_PUBLIC_URL=third)
    assert refused.returncode == 2
    assert f"finish it with scrapy rebase --public-url {NEW_URL}" in refused.output
    assert command(mirror, "rebase", "--public-url", third).returncode == 0
    assert "0 differences" in command(mirror, "verify", MIRROR_PUBLIC_URL=third).output
    cut_off(mirror, NEW_URL)
    assert command(mirror, "rebase", "--public-url", URL).returncode == 0
    assert published(mirror) == published(crawled)


def test_rebase_cut_off_by_an_earlier_version_must_be_finished(mirror: Mirror) -> None:
    with sqlite3.connect(mirror.folder / "state" / "mirror.db") as database:
        database.execute("UPDATE present SET url = ?, whole = 0", (NEW_URL,))
    for settings in ({}, THERE):
        done = command(mirror, "publish", **settings)
        assert done.returncode == 2
        assert f"finish it with scrapy rebase --public-url {NEW_URL}" in done.output
    assert command(mirror, "rebase", "--public-url", NEW_URL, **home(URL)).returncode == 0
    assert "0 differences" in command(mirror, "verify", **THERE, **home(NEW_URL)).output


def test_render_that_was_cut_off_is_finished(
    mirror: Mirror, caplog: pytest.LogCaptureFixture
) -> None:
    cut_off(mirror, URL)
    page = min(mirror.tree.glob("pages/**/*.md"))
    page.write_text("of another theme")
    assert command(mirror, "verify").returncode == 0
    assert "was cut off; going on with it" in caplog.text
    assert page.read_text() != "of another theme"


def test_render_moves_it_too(mirror: Mirror) -> None:
    assert command(mirror, "render", **THERE).returncode == 0
    assert command(mirror, "verify").returncode == 2
    assert "0 differences" in command(mirror, "verify", **THERE).output


def test_list_of_homes_follows(mirror: Mirror) -> None:
    assert command(mirror, "rebase", "--public-url", NEW_URL, **home(URL)).returncode == 0
    assert (
        f"- GitHub：[https&#58;//codeberg.example/new/src/branch/main/README.md]({NEW_URL}"
        in (mirror.texts()["README.md"])
    )
    moved = home(NEW_URL) | THERE
    assert "nothing new to commit" in command(mirror, "publish", **moved).output


@pytest.mark.parametrize("url", ["nonsense", "https://me:SECRET@a.example/x"])
def test_wrong_address_changes_nothing(mirror: Mirror, url: str) -> None:
    before = published(mirror)
    done = command(mirror, "rebase", "--public-url", url)
    assert (done.returncode, published(mirror)) == (2, before)
    assert "SECRET" not in done.output
