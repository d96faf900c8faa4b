"""Another place for the pages of a tree: one commit, old places that lead on, and what a kill leaves."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.commands import Done, command
from support.mirrors import PUBLIC_URL

from demo.articles import made_up_articles
from demo.site import demo_pages
from mirror.pages import rebasing
from mirror.pages.repathing import begin_repathing, repathing
from mirror.store.database import open_database
from mirror.store.signposts import expired

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

if TYPE_CHECKING:
    from conftest import Mirror

PATTERN = "pages/{section}/{year}/{month}/{id}.md"
NewMirror = Callable[..., "Mirror"]


def git(mirror: Mirror, *args: str) -> str:
    return subprocess.run(
        ["git", "-C", str(mirror.tree), *args], capture_output=True, text=True, check=True
    ).stdout


def commits(mirror: Mirror) -> int:
    return len(git(mirror, "log", "--format=%H").split())


def pages(mirror: Mirror) -> dict[str, str]:
    return {p: t for p, t in mirror.texts().items() if p.startswith("pages/")}


def signposts(mirror: Mirror) -> dict[str, str]:
    return {path: text for path, text in pages(mirror).items() if "本文已移至新的地址" in text}


def repath(mirror: Mirror, *args: str, pattern: str = PATTERN, **settings: object) -> Done:
    done = command(mirror, "repath", f"--page-path={pattern}", *args, **settings)
    assert done.returncode == 0, done.output
    return done


@pytest.fixture(scope="module")
def crawled(new_mirror: NewMirror) -> Mirror:
    """A section mirrored and committed. Only to be read."""
    mirror = new_mirror(demo_pages(made_up_articles(12)))
    assert mirror.section("nsc418").returncode == 0
    assert command(mirror, "publish").returncode == 0
    return mirror


@pytest.fixture
def mirror(new_mirror: NewMirror, crawled: Mirror) -> Mirror:
    return new_mirror(demo_pages(made_up_articles(12)), crawled)


def test_pages_move_in_one_commit_and_old_places_lead_on(
    mirror: Mirror, crawled: Mirror, decode: Callable[[bytes], list[str]]
) -> None:
    before, done = pages(crawled), repath(mirror)
    assert f"{len(before)} pages moved" in done.output
    assert f"MIRROR_PAGE_PATH={PATTERN}" in done.output
    assert commits(mirror) == commits(crawled) + 1
    posts = signposts(mirror)
    assert posts.keys() == before.keys()
    moved = pages(mirror).keys() - posts.keys()
    assert len(moved) == len(before)
    for path, text in posts.items():
        (link,) = re.findall(r"\]\(([^)]+)\)", text)
        target = (mirror.tree / path).parent / link
        assert target.resolve().relative_to(mirror.tree).as_posix() in moved
        assert not (mirror.tree / f"{path}.png").exists()
    for path in moved:
        assert re.fullmatch(r"pages/nsc418/\d{4}/\d\d/n\d+\.md", path)
        assert decode(mirror.files()[f"{path}.png"]) == [f"{PUBLIC_URL}/{path}"]
    assert "0 differences" in command(mirror, "verify").output


def test_nothing_is_lost_and_no_run_makes_anything_again(mirror: Mirror) -> None:
    repath(mirror)
    before = mirror.stamps()
    assert mirror.section("nsc418").returncode == 0
    assert mirror.stamps() == before
    assert "0 pages moved. It is committed already" in repath(mirror).output
    assert "nothing new to commit" in command(mirror, "publish").output


def test_and_back(mirror: Mirror, crawled: Mirror) -> None:
    repath(mirror)
    repath(mirror, "--lead-days=0", pattern="pages/{section}/{id}.md")
    assert pages(mirror) == pages(crawled)
    assert git(mirror, "show", "-s", "--format=%T", "HEAD", "HEAD~2").split()[0] == (
        git(crawled, "show", "-s", "--format=%T").strip()
    )
    assert "0 differences" in command(mirror, "verify").output


@pytest.mark.parametrize("articles", [0, 1])
def test_whatever_ends_it_the_next_command_finishes_it(
    mirror: Mirror, crawled: Mirror, articles: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off when the database says where the pages go, and when indexes are being made."""
    if articles:
        with monkeypatch.context() as changed:
            changed.setattr(rebasing, "update_indexes", interrupted)
            assert command(mirror, "repath", f"--page-path={PATTERN}").returncode == 3
    else:
        database = open_database(f"sqlite:///{mirror.folder}/state/mirror.db")
        moved = repathing(database, PATTERN).moved
        begin_repathing(database, PUBLIC_URL, moved, database.clock.day, 365)
    repath(mirror)
    assert "0 differences" in command(mirror, "verify").output
    assert signposts(mirror).keys() == pages(crawled).keys()
    assert commits(mirror) == commits(crawled) + 1


def interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def test_old_places_go_when_their_time_is_over_or_their_page_is_gone(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    repath(mirror, "--lead-days=30")
    first, *others = sorted(signposts(mirror))
    article = first.rpartition("/")[2].removesuffix(".md")
    assert command(mirror, "purge", article).returncode == 0
    assert sorted(signposts(mirror)) == others
    later = (date.today() + timedelta(days=30)).isoformat()
    monkeypatch.setattr("mirror.pages.signposts.expired", lambda db, _: expired(db, later))
    assert command(mirror, "publish").returncode == 0
    assert not signposts(mirror)
    assert "0 differences" in command(mirror, "verify").output


def test_other_homes_get_the_same(mirror: Mirror, tmp_path: Path) -> None:
    remote = tmp_path / "copy.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", remote], check=True)
    url = "https://b.example/x"
    rows = [
        {
            "name": "a",
            "public_url": PUBLIC_URL,
            "remote": str(tmp_path / "a.git"),
            "branch": "main",
        },
        {"name": "b", "public_url": url, "remote": str(remote), "branch": "main"},
    ]
    shutil.copytree(remote, tmp_path / "a.git")
    homes = {"MIRROR_HOMES": json.dumps(rows)}
    assert command(mirror, "publish", **homes).returncode == 0
    repath(mirror, **homes)
    assert command(mirror, "publish", **homes).returncode == 0
    there = ["git", "-C", str(remote), "ls-tree", "-r", "--name-only", "main"]
    paths = subprocess.run(there, capture_output=True, text=True, check=True).stdout.split()
    here = {path for path in mirror.files() if not path.startswith(".git/")}
    assert set(paths) == here


def test_rehearsal(mirror: Mirror) -> None:
    before = mirror.stamps()
    said = repath(mirror, "--dry-run").output
    assert f"{len(pages(mirror))} pages would move" in said
    assert "fullest folder: pages/nsc418 with" in said
    assert mirror.stamps() == before


@pytest.mark.parametrize("wrong", ["--page-path=x.md", f"--page-path={PATTERN} --lead-days=-1"])
def test_what_is_no_pattern_or_number_is_refused(mirror: Mirror, wrong: str) -> None:
    before = mirror.stamps()
    assert command(mirror, "repath", *wrong.split()).returncode == 2
    assert mirror.stamps() == before
