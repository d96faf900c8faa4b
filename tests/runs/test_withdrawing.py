"""Single articles taken out by `scrapy purge n123`, and rehearsals that change nothing."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from support.commands import command
from support.mirrors import PUBLIC_URL, Mirror

from demo.articles import made_up_articles
from demo.site import demo_pages

ARTICLES = made_up_articles(40)


@pytest.fixture(scope="module")
def crawled(new_mirror: Callable[..., Mirror]) -> Mirror:
    mirror = new_mirror(demo_pages(ARTICLES))
    assert mirror.section("nsc418").returncode == 0
    return mirror


@pytest.fixture
def mirror(crawled: Mirror, new_mirror: Callable[..., Mirror]) -> Mirror:
    return new_mirror(demo_pages(ARTICLES), crawled)


def linked(mirror: Mirror) -> tuple[str, str]:
    """The ids of an article and of one that links to it, both with pages."""
    query = (
        "SELECT target, source FROM links JOIN articles a ON a.id = target "
        "JOIN articles b ON b.id = source WHERE target != source ORDER BY 1, 2"
    )
    with closing(sqlite3.connect(mirror.folder / "state/mirror.db")) as database:
        return database.execute(query).fetchone()


def everything(folder: Path) -> dict[Path, bytes]:
    return {
        file: file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and file.suffix != ".db-shm"
    }


def test_withdrawn_article_is_nowhere_and_stays_away(mirror: Mirror) -> None:
    article, source = linked(mirror)
    (title,) = (made.title for made in ARTICLES if made.id == article)
    assert f"{article}.md" in mirror.texts()[f"pages/nsc418/{source}.md"]
    done = command(mirror, "purge", article)
    assert done.returncode == 0, done.output
    assert f"{article}: pages/nsc418/{article}.md and its QR code withdrawn" in done.output
    assert f"its link in pages/nsc418/{source}.md becomes text" in done.output
    again = mirror.section("nsc418", refresh="all")
    assert again.returncode == 0
    by_hand = mirror.article(next(a.url for a in ARTICLES if a.id == article))
    assert f"{article} was withdrawn" in by_hand.output
    for run in (again, by_hand):
        assert not [path for path in run.asked if article in path]
    assert not [path for path in mirror.files() if article in path]
    assert not [path for path, text in mirror.texts().items() if f"{article}.md" in text]
    assert not [path for path, text in mirror.texts().items() if f"[{title}]" in text]
    with closing(sqlite3.connect(mirror.folder / "state/mirror.db")) as database:
        assert database.execute("SELECT id FROM articles WHERE id = ?", [article]).fetchall() == []
    assert "0 differences" in command(mirror, "verify").output
    assert json.loads(command(mirror, "show", article, "--json").output)["address"]["state"] == (
        "withdrawn"
    )


@pytest.mark.parametrize("next_command", ["purge", "crawl", "sync"])
def test_killed_withdrawal_is_finished_by_what_comes_next(
    mirror: Mirror, next_command: str
) -> None:
    ids = sorted(mirror.articles())
    doomed = ids[1::2]
    with mirror.start("purge", *doomed) as purge:
        while purge.poll() is None and all(
            (mirror.tree / f"pages/nsc418/{article}.md").exists() for article in doomed
        ):
            time.sleep(0.0002)
        purge.kill()
    words = {"purge": doomed, "crawl": ["section", "-aid=nsc418"], "sync": []}
    done = mirror.scrapy(next_command, *words[next_command])
    assert done.returncode == 0, done.output
    assert mirror.articles() == {*ids[::2]}
    assert "0 differences" in command(mirror, "verify").output


def test_undone_withdrawal_brings_the_article_back(mirror: Mirror) -> None:
    article, _ = linked(mirror)
    before = mirror.files()
    command(mirror, "purge", article)
    assert command(mirror, "purge", article, "--undo").returncode == 0
    assert mirror.section("nsc418").stats["mirror/new"] == 1
    assert mirror.files() == before
    assert command(mirror, "purge", article, "--undo").returncode == 2


def test_an_article_that_is_not_known_yet_is_kept_out_by_its_address(
    new_mirror: Callable[..., Mirror],
) -> None:
    mirror = new_mirror(demo_pages(ARTICLES))
    article = next(a for a in ARTICLES if "nsc418" in a.sections)
    assert "its address would do" in command(mirror, "purge", article.id).output
    done = command(mirror, "purge", article.url)
    assert done.returncode == 0, done.output
    assert "no crawl fetches it from now on" in done.output
    run = mirror.section("nsc418")
    assert not [path for path in run.asked if article.id in path]
    assert len(mirror.articles()) == sum("nsc418" in a.sections for a in ARTICLES) - 1
    assert command(mirror, "purge", article.url).returncode == 0
    assert command(mirror, "purge", article.id, "--undo").returncode == 0
    assert mirror.section("nsc418").stats["mirror/new"] == 1


@pytest.mark.parametrize("words", [("n999999",), ("--from-history",), ("--undo",)])
def test_what_cannot_be_withdrawn_is_refused(mirror: Mirror, words: tuple[str, ...]) -> None:
    before, files = everything(mirror.tree), everything(mirror.folder).keys()
    assert command(mirror, "purge", *words).returncode == 2
    assert everything(mirror.tree) == before
    assert everything(mirror.folder).keys() == files


def test_rehearsed_purge_names_what_would_go_and_changes_nothing(mirror: Mirror) -> None:
    article, source = linked(mirror)
    before = everything(mirror.folder)
    one = command(mirror, "purge", article, "--dry-run").output
    assert f"{article}: pages/nsc418/{article}.md and its QR code would go" in one
    assert f"its link in pages/nsc418/{source}.md becomes text" in one
    limited = command(mirror, "purge", "--dry-run", MIRROR_KEEP_PAGES=3)
    assert limited.returncode == 0
    pages = len(mirror.articles())
    assert limited.output.count("would go: pages/nsc418/") == pages - 3
    assert f"{pages - 3} pages would be purged, 0 restored" in limited.output
    assert everything(mirror.folder) == before
    done = command(mirror, "purge", MIRROR_KEEP_PAGES=3)
    assert f"{pages - 3} pages purged" in done.output
    assert "3 restored" not in done.output
    back = command(mirror, "purge", "--dry-run")
    assert f"0 pages would be purged, {pages - 3} restored" in back.output


def test_rehearsal_without_a_mirror_makes_none(
    new_mirror: Callable[..., Mirror], tmp_path: Path
) -> None:
    empty = new_mirror(demo_pages([]))
    done = command(empty, "purge", "--dry-run")
    assert done.returncode == 0  # as it is without --dry-run
    assert "0 pages would be purged" in done.output
    assert list(empty.folder.iterdir()) == []


def test_what_stays_in_git_is_said_as_it_is(mirror: Mirror) -> None:
    article, _ = linked(mirror)
    home = mirror.folder / "home.git"
    homes = [{"name": "disk", "public_url": PUBLIC_URL, "remote": str(home), "branch": "main"}]
    assert "no past" in command(mirror, "purge", article, "--from-history", "--dry-run").output
    assert command(mirror, "publish").returncode == 0
    done = command(mirror, "purge", article, "--from-history", MIRROR_HOMES=json.dumps(homes))
    assert done.returncode == 0, done.output
    assert f"{article}: in commits from " in done.output
    assert "disk (" in done.output
    assert f"rm -rf {mirror.tree}/.git" in done.output


def test_page_that_an_old_copy_brings_back_is_not_adopted(mirror: Mirror) -> None:
    article, _ = linked(mirror)
    page = mirror.tree / f"pages/nsc418/{article}.md"
    content = page.read_bytes()
    assert command(mirror, "purge", article).returncode == 0
    page.write_bytes(content)
    done = command(mirror, "adopt")
    assert done.returncode == 7
    assert f"{article}.md: its article was withdrawn" in done.output
    assert "0 articles adopted" in done.output


def test_a_withdrawal_outlives_the_database(mirror: Mirror) -> None:
    article, _ = linked(mirror)
    assert command(mirror, "publish").returncode == 0
    assert command(mirror, "purge", article).returncode == 0
    assert command(mirror, "publish").returncode == 0
    for file in (mirror.folder / "state").iterdir():
        file.unlink()  # what lies beside the database, too: .git has it still
    adopted = command(mirror, "adopt")
    assert "1 withdrawals taken back" in adopted.output
    assert mirror.section("nsc418", refresh="all").returncode == 0
    assert article not in mirror.articles()
    listed = ["git", "-C", str(mirror.tree), "grep", "-l", article, "HEAD"]
    assert subprocess.run(listed, capture_output=True, check=False).stdout == b""  # not published
    assert command(mirror, "purge", "--undo", article).returncode == 0
    assert article not in (mirror.tree / ".git/mirror-withdrawn.jsonl").read_text()
    assert "withdrawals taken back" not in command(mirror, "adopt").output
