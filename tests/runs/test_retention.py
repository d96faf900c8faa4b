"""Fewer pages in the tree than in the database: limits, and homes that are full."""

from __future__ import annotations

import posixpath
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timezone
from typing import TYPE_CHECKING

import pytest
from support.commands import command

from demo.articles import Article, made_up_articles
from demo.site import demo_pages
from mirror.config.limits import Fullness
from mirror.pages.retention import excess
from mirror.pages.tree import Tree
from mirror.store.closed_homes import close_home
from mirror.store.database import open_database
from mirror.store.moves import Move

if TYPE_CHECKING:
    from commands import Done
    from conftest import Mirror, Run

ARTICLES = made_up_articles(52)
SECTIONS = "nsc418,nsc413"
NEW = 18  # articles of the new home; one of them links to an older one
KEEP = {"MIRROR_KEEP_PAGES": 10}
OLD_URL = "https://github.com/example/mirror/blob/main"
NEW_URL = "https://github.com/example/mirror2/blob/main"

NewMirror = Callable[..., "Mirror"]


def crawl(mirror: Mirror, **settings: object) -> Run:
    return mirror.scrapy("crawl", "section", f"-aid={SECTIONS}", **settings)


def requested(run: Run) -> set[str]:
    """The ids of the articles that a run asked for."""
    return {path.split("/")[-1].removesuffix(".htm") for path in run.asked if "/n1" in path}


def newest(section: str, count: int) -> list[Article]:
    listed = [article for article in ARTICLES if section in article.sections]
    return sorted(listed, key=lambda a: (a.published, a.id), reverse=True)[:count]


def dead_links(mirror: Mirror) -> list[str]:
    files = mirror.files()
    return [
        f"{path} -> {target}"
        for path, text in mirror.texts().items()
        for target in re.findall(r"\]\(((?!\w+:)[^()\s]+\.md)\)", text)
        if posixpath.normpath(posixpath.join(posixpath.dirname(path), target)) not in files
    ]


def clean(mirror: Mirror, **settings: object) -> bool:
    return "0 differences" in command(mirror, "verify", **settings).output


# ---- limits


@pytest.fixture(scope="module")
def whole(new_mirror: NewMirror) -> Mirror:
    """Two sections mirrored. Only to be read; `new_mirror` copies it."""
    mirror = new_mirror(demo_pages(ARTICLES))
    assert crawl(mirror).returncode == 0
    return mirror


@pytest.fixture(scope="module")
def purged(new_mirror: NewMirror, whole: Mirror) -> tuple[Mirror, Done]:
    """The same with ten pages a section. Only to be read."""
    mirror = new_mirror(demo_pages(ARTICLES), whole)
    return mirror, command(mirror, "purge", **KEEP)


def test_newest_pages_of_each_section_stay(purged: tuple[Mirror, Done], whole: Mirror) -> None:
    mirror, run = purged
    kept = {article.id for section in SECTIONS.split(",") for article in newest(section, 10)}
    assert mirror.articles() == kept
    assert 10 < len(kept) < 20  # one stays for its other section alone
    assert f"{len(whole.articles()) - len(kept)} pages purged, 0 restored" in run.output
    codes = {path for path in mirror.files() if path.startswith("pages/") and path.endswith(".png")}
    assert len(codes) == len(kept)


def test_nothing_that_stays_leads_to_what_is_gone(
    purged: tuple[Mirror, Done], whole: Mirror
) -> None:
    mirror, _ = purged
    assert dead_links(mirror) == []
    assert "indexes/nsc418/2018-09.md" in whole.files()
    months = {path for path in mirror.files() if path.startswith("indexes/nsc418/")}
    assert months == {"indexes/nsc418/2021-12.md"}
    assert "2018年9月" not in mirror.texts()["indexes/nsc418.md"]


def test_purged_articles_are_not_fetched_and_come_back_with_the_limit(
    purged: tuple[Mirror, Done], new_mirror: NewMirror, whole: Mirror
) -> None:
    mirror, raised = (new_mirror(demo_pages(ARTICLES), purged[0]) for _ in range(2))
    before = mirror.stamps()
    run = crawl(mirror, **KEEP)
    command(raised, "render", MIRROR_KEEP_PAGES=1000)
    assert requested(run) == set()
    assert mirror.stamps() == before
    assert raised.files() == whole.files()
    assert clean(mirror, **KEEP)


def test_end_of_a_crawl_purges_and_updates_stay_in_the_database(
    purged: tuple[Mirror, Done], new_mirror: NewMirror, whole: Mirror
) -> None:
    old = next(a for a in ARTICLES if a.id in whole.articles() - purged[0].articles())
    changed = replace(old, title="改过的题目")
    mirror = new_mirror(demo_pages([changed if a is old else a for a in ARTICLES]), purged[0])
    before = mirror.files()
    run = crawl(mirror, **KEEP)
    assert requested(run) == {old.id}
    assert run.stats["mirror/purged"] == 1
    assert mirror.files() == before
    command(mirror, "render")
    pages = [text for path, text in mirror.texts().items() if path.endswith(f"/{old.id}.md")]
    assert [page.splitlines()[0] for page in pages] == ["### 改过的题目"]
    assert mirror.articles() == whole.articles()


def test_old_pages_go_by_age(new_mirror: NewMirror, whole: Mirror) -> None:
    mirror = new_mirror(demo_pages(ARTICLES), whole)
    days = (datetime.now(timezone.utc).date() - date(2021, 1, 1)).days
    assert command(mirror, "purge", MIRROR_KEEP_DAYS=days).returncode == 0
    assert mirror.articles() == {
        a.id for a in ARTICLES if a.published.year == 2021 and a.id in whole.articles()
    }
    assert dead_links(mirror) == []


def test_limit_that_is_no_number_is_refused(whole: Mirror) -> None:
    run = command(whole, "purge", MIRROR_KEEP_PAGES="many")
    assert run.returncode == 2
    assert "MIRROR_KEEP_PAGES=many: must be a whole number" in run.output


# ---- homes


@pytest.fixture(scope="module")
def moved(new_mirror: NewMirror) -> tuple[Mirror, Mirror, dict[str, bytes], Run]:
    """An old home closed with half the articles, and the new one after a crawl with all of them.
    Only to be read."""
    old = new_mirror(demo_pages(ARTICLES[NEW:]))
    crawl(old)
    files = old.files()
    new = new_mirror(demo_pages(ARTICLES))
    run = command(old, "rollover", "--public-url", NEW_URL, "--output", str(new.tree))
    assert run.returncode == 0, run.output
    assert f"MIRROR_PUBLIC_URL={NEW_URL}" in run.output
    shutil.copytree(old.folder / "state", old.folder / "backup")
    old.server = new.server
    return old, new, files, crawl(old, MIRROR_OUTPUT=new.tree, MIRROR_PUBLIC_URL=NEW_URL)


def test_full_tree_refuses_a_crawl_and_says_what_to_do(whole: Mirror) -> None:
    run = crawl(whole, MIRROR_FULL_PAGES=20)
    assert (run.returncode, run.asked) == (8, [])
    assert "51 pages, more than MIRROR_FULL_PAGES=20" in run.output
    assert "scrapy rollover --public-url NEW --output NEWDIR" in run.output
    assert "bytes, more than MIRROR_FULL_BYTES=9" in excess(Fullness(bytes=9), Tree(whole.tree))
    assert excess(Fullness(pages=51), Tree(whole.tree)) == ""


@pytest.mark.parametrize("again", ["rollover", "publish", "render"])
def test_rollover_that_was_cut_off_is_finished(
    new_mirror: NewMirror, whole: Mirror, again: str
) -> None:
    """Killed after the old home was closed, before the first page of the new one."""
    mirror, new = new_mirror({}, whole), new_mirror({})
    open_database.cache_clear()
    database = open_database(f"sqlite:///{mirror.folder}/state/mirror.db")
    close_home(database, Move(OLD_URL, NEW_URL, str(new.tree)))
    there = {"MIRROR_PUBLIC_URL": NEW_URL, "MIRROR_OUTPUT": new.tree}
    wrong = command(mirror, "rollover", "--public-url", f"{NEW_URL}x", "--output", str(new.tree))
    assert (wrong.returncode, new.files()) == (2, {})
    assert f"scrapy rollover --public-url {NEW_URL} --output {new.tree}" in wrong.output
    if again == "rollover":
        run = command(mirror, again, "--public-url", NEW_URL, "--output", str(new.tree))
        assert run.returncode == 0
        assert f"{len(whole.articles())} articles stay at {OLD_URL}" in run.output
        assert command(mirror, again, "--public-url", NEW_URL, "--output", str(new.tree)) == run
    else:
        run = command(mirror, again)
        assert run.returncode == 2
        assert f"this home was closed on {date.today().year}" in run.output
        assert NEW_URL in run.output
    assert f"]({OLD_URL}/README.md)" in new.texts()["README.md"]
    assert clean(mirror, **there)
    assert mirror.files() == whole.files()


def test_new_home_has_the_new_articles_only_and_the_old_one_is_untouched(
    moved: tuple[Mirror, Mirror, dict[str, bytes], Run],
) -> None:
    old, new, files, run = moved
    wanted = {a.id for a in ARTICLES[:NEW] if {*a.sections} & {"nsc418", "nsc413"}}
    assert (run.returncode, requested(run)) == (0, wanted)
    assert new.articles() == wanted
    assert old.files() == files
    assert dead_links(new) == []
    assert clean(old, MIRROR_OUTPUT=new.tree, MIRROR_PUBLIC_URL=NEW_URL)


def test_new_home_links_to_the_old_one(
    moved: tuple[Mirror, Mirror, dict[str, bytes], Run],
) -> None:
    _, new, files, _ = moved
    texts = new.texts()
    assert f"]({OLD_URL}/README.md)" in texts["README.md"]
    for section in ("nsc418", "nsc413"):
        assert f"]({OLD_URL}/indexes/{section}.md)" in texts[f"indexes/{section}.md"]
    pages = "".join(text for path, text in texts.items() if path.startswith("pages/"))
    targets = set(re.findall(rf"\]\({OLD_URL}/(pages/[^)]+)\)", pages))
    assert targets
    assert targets <= files.keys()


def test_database_older_than_the_new_home_is_brought_up_to_date(
    moved: tuple[Mirror, Mirror, dict[str, bytes], Run],
) -> None:
    old, new, _, _ = moved
    shutil.rmtree(old.folder / "state")
    shutil.copytree(old.folder / "backup", old.folder / "state")
    settings = {"MIRROR_OUTPUT": new.tree, "MIRROR_PUBLIC_URL": NEW_URL}
    assert f"{len(new.articles())} articles adopted" in command(old, "adopt", **settings).output
    assert clean(old, **settings)


def test_closed_home_is_not_written_to_again(
    moved: tuple[Mirror, Mirror, dict[str, bytes], Run],
) -> None:
    old, _, files, _ = moved
    run = command(old, "render")
    assert run.returncode == 2
    assert f"MIRROR_PUBLIC_URL={OLD_URL}: this home was closed on " in run.output
    assert old.files() == files
