"""scrapy verify finds what differs between tree and database, and mends it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

import pytest
from support.commands import command
from support.mirrors import Mirror

from demo.articles import made_up_articles
from demo.site import demo_pages
from mirror.items import ArticleItem
from mirror.pages import page_maker
from mirror.pages.advance import heard_by
from mirror.pages.ledger import store
from mirror.store.database import Database

ARTICLES = made_up_articles(40)
IDS = [article.id for article in ARTICLES]


def page(number: int) -> str:
    return f"pages/nsc418/{IDS[number]}.md"


def plant(tree: Path) -> set[str]:
    """Damage a tree in many ways; return the lines that must be reported, at least."""
    (tree / page(1)).unlink()
    (tree / f"{page(2)}.png").unlink()
    (tree / page(3)).write_text((tree / page(3)).read_text() + "x")
    (tree / page(4)).write_bytes(b"")
    (tree / f"{page(5)}.png").write_bytes((tree / f"{page(6)}.png").read_bytes())
    (tree / page(7)).write_text("[x](n11111111.md)")
    (tree / "README.md").unlink()
    (tree / "README.md.png").write_bytes(b"png")
    (tree / "indexes/nsc418.md").write_text("")
    (tree / "indexes/nsc418/2021-12.md").unlink()
    (tree / "pages/nsc418/n99999999.md").write_text("foreign")
    (tree / "pages/nsc418/notes.txt").write_text("foreign")
    (tree / "indexes/nsc1.md").write_text("foreign")
    (tree / f"{page(8)}.mirror-tmp").write_text("half")
    return {
        f"missing: {page(1)}",
        f"missing: {page(2)}.png",
        f"altered: {page(3)}",
        f"altered: {page(4)}",
        f"altered: {page(5)}.png",
        f"altered: {page(7)}",
        f"dead link: {page(7)} -> pages/nsc418/n11111111.md",
        "missing: README.md",
        "altered: README.md.png",
        "altered: indexes/nsc418.md",
        "missing: indexes/nsc418/2021-12.md",
        "foreign: pages/nsc418/n99999999.md",
        "foreign: pages/nsc418/notes.txt",
        "foreign: indexes/nsc1.md",
        f"half-written: {page(8)}.mirror-tmp",
    }


@pytest.fixture(scope="module")
def mirror(new_mirror: Callable[..., Mirror]) -> Mirror:
    mirror = new_mirror(demo_pages(ARTICLES))
    assert mirror.section("nsc418").returncode == 0
    return mirror


def test_tree_as_published_has_no_differences(mirror: Mirror) -> None:
    run = mirror.scrapy("verify")
    assert run.returncode == 0
    assert "0 differences" in run.output


def test_every_planted_fault_is_reported_and_mended(
    mirror: Mirror, new_mirror: Callable[..., Mirror]
) -> None:
    damaged = new_mirror(demo_pages(ARTICLES), mirror)
    planted = plant(damaged.tree)
    run = damaged.scrapy("verify")
    assert run.returncode == 7
    assert planted <= set(run.output.splitlines())
    damaged.scrapy("verify", "--repair")
    foreign = {"pages/nsc418/n99999999.md", "pages/nsc418/notes.txt", "indexes/nsc1.md"}
    left = damaged.files()
    assert left.keys() - mirror.files().keys() == foreign
    assert {path: left[path] for path in mirror.files()} == mirror.files()


@pytest.mark.parametrize("processes", [1, 2])
def test_processes_that_share_the_work_find_and_write_the_same(
    mirror: Mirror,
    new_mirror: Callable[..., Mirror],
    monkeypatch: pytest.MonkeyPatch,
    processes: int,
) -> None:
    monkeypatch.setattr(page_maker, "_PORTION_ARTICLES", 7)
    shared = new_mirror({}, mirror)
    planted = plant(shared.tree)
    run = command(shared, "verify", MIRROR_WORKERS=processes)
    found = run.output.splitlines()
    assert planted <= set(found)
    pages = [line for line in found if ".md" in line and "missing: pages" in line]
    assert pages == sorted(pages)
    assert command(shared, "render", MIRROR_WORKERS=processes).output.startswith("40 articles")
    written = shared.files()
    assert {path: written[path] for path in mirror.files()} == mirror.files()
    for path in map(page, range(20)):
        (shared.tree / path).unlink()
    assert command(shared, "fill", MIRROR_WORKERS=processes).output.startswith("20 pages made")


def test_article_lost_from_the_database_is_fetched_again(
    mirror: Mirror, new_mirror: Callable[..., Mirror]
) -> None:
    damaged = new_mirror(demo_pages(ARTICLES), mirror)
    with sqlite3.connect(damaged.folder / "state" / "mirror.db") as database:
        database.execute("DELETE FROM articles WHERE id = ?", [IDS[3]])
        database.execute("DELETE FROM listings WHERE article = ?", [IDS[4]])
    run = damaged.scrapy("verify", "--repair")
    assert f"lost: {page(3)} (mended)" in run.output.splitlines()
    assert f"unlisted: {IDS[4]} (mended)" in run.output.splitlines()
    damaged.section("nsc418")
    assert damaged.scrapy("verify").returncode == 0
    assert damaged.files() == mirror.files()


def test_pages_of_a_site_with_other_ids_are_no_foreigners(
    new_mirror: Callable[..., Mirror],
) -> None:
    mirror = new_mirror({})
    assert command(mirror, "render").returncode == 0  # makes the database
    item = ArticleItem(
        id="rv7",
        site="epochtimes",
        url="https://river.example/story?id=7",
        section="rv-boats",
        title="题目",
        body="<p>正文。</p>",
        published=datetime(2023, 4, 28, tzinfo=timezone.utc),
        path="pages/rv-boats/rv7.md",
    )
    database = Database(f"sqlite:///{mirror.folder}/state/mirror.db")
    with database.engine.begin() as connection:
        store(connection, database, [item])
    assert command(mirror, "render").returncode == 0
    assert "pages/rv-boats/rv7.md" in mirror.files()
    assert command(mirror, "verify").output == "0 differences, 0 mended\n"


def test_sync_makes_the_tree_what_the_database_says(
    new_mirror: Callable[..., Mirror], mirror: Mirror
) -> None:
    ours, whole = new_mirror({}, mirror), mirror.files()
    assert command(ours, "sync").returncode == 0
    assert command(ours, "sync", "--check").output == "0 differences\n"
    for path in (page(1), f"{page(2)}.png", "indexes/nsc418.md"):
        (ours.tree / path).unlink()
    found = command(ours, "sync", "--check")
    assert (found.returncode, found.output.splitlines()[-1]) == (7, "3 differences")
    assert command(ours, "sync").returncode == 0
    assert ours.files() == whole
    (ours.tree / page(3)).write_text("as another version wrote it")
    assert "0 pages made" in command(ours, "sync").output
    assert command(ours, "sync", "--check").output.startswith(f"altered: {page(3)}\n")
    assert command(ours, "sync", "--all").returncode == 0
    assert ours.files() == whole
    refused = command(ours, "sync", "--all", "--check")
    assert refused.returncode == 2
    assert "--check" in refused.output


def test_long_commands_say_how_far_they_are_and_can_be_interrupted(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[str, int, int]] = []
    with heard_by(lambda *said: heard.append(said)):
        assert command(mirror, "sync", "--all").returncode == 0
    pages = len(mirror.articles())
    assert ("pages", pages, pages) in heard

    def interrupted(what: str, done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with heard_by(interrupted):
        stopped = command(mirror, "sync", "--all")
    assert stopped.returncode == 3
    assert "stopped; the same call again goes on" in stopped.output
    assert command(mirror, "sync", "--all").returncode == 0
    assert "0 differences" in command(mirror, "verify").output
