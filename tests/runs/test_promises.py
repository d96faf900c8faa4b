"""A dry run promises what the command then does: the same refusal with the same status, the same figures."""

from __future__ import annotations

import fcntl
import json
import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest
from support.commands import Done, command
from support.mirrors import PUBLIC_URL, Mirror

NEW_URL = "https://b.example/news"
CALLS: dict[str, tuple[str, ...]] = {
    "purge": (),
    "sync": (),
    "publish": (),
    "adopt": (),
    "rebase": (f"--public-url={NEW_URL}",),
    "repath": ("--page-path=p/{id}.md",),
    "rollover": (f"--public-url={NEW_URL}", "--output={folder}/new"),
}


def call(mirror: Mirror, name: str, *more: str, **settings: object) -> Done:
    given = (word.format(folder=mirror.folder, id="{id}") for word in CALLS[name])
    return command(mirror, name, *given, *more, **settings)


def pair(mirror: Mirror, name: str, *more: str, **settings: object) -> tuple[Done, Done]:
    """Rehearse a command, then call it."""
    return (
        call(mirror, name, *more, "--dry-run", **settings),
        call(mirror, name, *more, **settings),
    )


def same_refusal(mirror: Mirror, name: str, *more: str, **settings: object) -> tuple[int, str]:
    """Return status and reason of a refusal, which a dry run has foretold."""
    promised, done = pair(mirror, name, *more, **settings)
    assert promised == done
    assert done.output.count("\n") == 1
    return done.returncode, done.output


# ---- refusals


@pytest.mark.parametrize("name", CALLS)
def test_nothing_is_there_yet(new_mirror: Callable[..., Mirror], name: str) -> None:
    mirror = new_mirror({})
    promised, done = pair(mirror, name)
    assert promised.returncode == done.returncode == (2 if name == "rollover" else 0)


@pytest.mark.parametrize("name", [name for name in CALLS if name != "rebase"])
def test_home_at_another_address(mirror: Mirror, name: str) -> None:
    status, reason = same_refusal(mirror, name, MIRROR_PUBLIC_URL="https://c.example")
    assert (status, f"show {PUBLIC_URL}" in reason) == (2, True)


@pytest.mark.parametrize("name", [name for name in CALLS if name not in ("rebase", "rollover")])
def test_home_that_was_closed(mirror: Mirror, name: str) -> None:
    assert call(mirror, "rollover").returncode == 0
    status, reason = same_refusal(mirror, name)
    assert (status, "this home was closed" in reason) == (2, True)


def test_home_that_is_to_begin_was_closed(mirror: Mirror) -> None:
    assert call(mirror, "rollover").returncode == 0
    there = {"MIRROR_PUBLIC_URL": NEW_URL, "MIRROR_OUTPUT": mirror.folder / "new"}
    for name, more in (("rebase", ()), ("rollover", (f"--output={mirror.folder}/third",))):
        back = (f"--public-url={PUBLIC_URL}", *more)
        status, reason = same_refusal(mirror, name, *back, **there)
        assert (status, "this home was closed" in reason) == (2, True)


@pytest.mark.parametrize("name", CALLS)
def test_another_run_at_work(mirror: Mirror, name: str) -> None:
    folder = os.open(mirror.tree, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    try:
        assert same_refusal(mirror, name)[0] == 5
    finally:
        os.close(folder)


@pytest.mark.parametrize("name", CALLS)
def test_folder_that_cannot_be(mirror: Mirror, name: str) -> None:
    file = mirror.folder / "file"
    file.touch()
    status, reason = same_refusal(mirror, name, MIRROR_OUTPUT=file / "out")
    assert (status, "cannot make this folder: Not a directory" in reason) == (2, True)


@pytest.mark.parametrize("name", [name for name in CALLS if name != "adopt"])
def test_tree_that_was_lost(mirror: Mirror, name: str) -> None:
    for page in mirror.tree.glob("pages/**/*.md"):
        page.unlink()
    status, reason = same_refusal(mirror, name)
    assert (status, "newest pages are missing" in reason) == (2, True)


def test_page_that_was_lost_is_not_taken_from_readers(mirror: Mirror) -> None:
    next(mirror.tree.glob("pages/**/*.md")).unlink()
    for _ in range(2):  # what was refused is staged, and counts all the same
        status, reason = same_refusal(mirror, "publish")
        assert (status, "1 files that should be there" in reason) == (11, True)
    promised, done = pair(mirror, "publish", "--allow-removals=1")
    assert promised.returncode == done.returncode == 0
    assert "1 files would be committed" in promised.output


@pytest.mark.parametrize("name", ["publish", "rebase", "repath"])
def test_pages_that_nobody_knows_are_not_taken_from_readers(mirror: Mirror, name: str) -> None:
    unknown = [mirror.tree / f"pages/nsc418/n{number}.md" for number in range(700001, 700010)]
    for page in unknown:
        page.write_text("# foreign\n")
    assert call(mirror, "publish").returncode == 0
    for page in unknown:
        page.unlink()
    promised, done = pair(mirror, name)
    assert promised.returncode == done.returncode == 11
    assert promised.output == done.output
    assert "9 of " in done.output


@contextmanager
def database(mirror: Mirror) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(mirror.folder / "state/mirror.db")) as opened, opened:
        yield opened


@pytest.mark.parametrize("url", ["", "https://c.example"])
@pytest.mark.parametrize("name", CALLS)
def test_move_that_was_cut_off(mirror: Mirror, name: str, url: str) -> None:
    with database(mirror) as opened:
        opened.execute("update present set url = ?, whole = 0", [NEW_URL])
        opened.execute("insert into moves values (?, ?, '')", [NEW_URL, PUBLIC_URL])
    promised, done = pair(mirror, name, **({"MIRROR_PUBLIC_URL": url} if url else {}))
    assert promised.returncode == done.returncode
    if done.returncode:
        assert promised.output == done.output
    elif name != "rebase":
        assert f"taking it back, as MIRROR_PUBLIC_URL is {PUBLIC_URL}" in promised.output


def test_articles_that_are_not_there(mirror: Mirror) -> None:
    assert "nothing is known of it" in same_refusal(mirror, "purge", "n999")[1]
    known = min(mirror.articles())
    assert "was not withdrawn" in same_refusal(mirror, "purge", "--undo", known)[1]
    assert call(mirror, "purge", known).returncode == 0
    promised, done = pair(mirror, "purge", "--undo", known)
    assert promised.output.startswith("1 articles would be due again")
    assert done.output.startswith("1 articles are due again")


def test_copy_is_adopted_into_an_empty_folder_alone(mirror: Mirror) -> None:
    copy = mirror.folder / "copy.zip"
    copy.write_bytes(b"PK")
    status, reason = same_refusal(mirror, "adopt", str(copy))
    assert (status, "into an empty folder alone" in reason) == (2, True)


# ---- figures


def figures(output: str) -> list[str]:
    return re.findall(r"\d+ (?:pages )?(?:purged|made|restored|relinked|adopted)", output)


@pytest.mark.parametrize("name", ["purge", "sync"])
def test_pages_beyond_a_limit_and_within_a_higher_one(mirror: Mirror, name: str) -> None:
    for limit in (3, 3, 5, 0):
        promised, done = pair(mirror, name, MIRROR_KEEP_PAGES=limit)
        before = promised.output.replace("would be ", "")
        told = [figure for figure in figures(before) if figure in figures(done.output)]
        assert told == figures(before), (limit, promised.output, done.output)
        assert command(mirror, "verify", MIRROR_KEEP_PAGES=limit).returncode == 0


def test_article_that_is_withdrawn_beside_pages_beyond_a_limit(
    mirror: Mirror, published: Mirror
) -> None:
    assert call(mirror, "purge", MIRROR_KEEP_PAGES=3).returncode == 0
    here = sorted(mirror.articles())
    for article, limit in ((here[0], 5), (here[1], 2)):
        before = mirror.articles()
        promised, done = pair(mirror, "purge", article, MIRROR_KEEP_PAGES=limit)
        gone = set(re.findall(r"would go: .*/(n\d+)\.md", promised.output)) | {article}
        back = set(re.findall(r"would come back: .*/(n\d+)\.md", promised.output))
        assert mirror.articles() == before - gone | back, promised.output
        assert f"{article}: pages/nsc418/{article}.md and its QR code would go" in promised.output
    purged = min(published.articles() - mirror.articles() - {*here[:2]})
    promised, done = pair(mirror, "purge", purged, MIRROR_KEEP_PAGES=2)
    assert f"{purged}: it has no page here" in promised.output
    assert f"{purged}: it has no page here" in done.output


def test_homes_that_are_new_change_the_home_page(mirror: Mirror) -> None:
    home = {"name": "disk", "public_url": PUBLIC_URL, "branch": "main"}
    homes = json.dumps([{**home, "remote": str(mirror.folder / "home.git")}])
    promised = call(mirror, "publish", "--dry-run", MIRROR_HOMES=homes)
    assert "changed: README.md" in promised.output
