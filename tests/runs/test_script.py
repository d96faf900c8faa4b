"""Pages in Traditional characters: whole, the same from one run to the next, and never mixed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from lxml import html
from support.commands import command
from support.mirrors import PUBLIC_URL, Mirror

from demo.articles import made_up_articles
from demo.site import demo_pages
from mirror.config.themes import template_files
from mirror.exports.site_texts import Folding, read_variants

pytest.importorskip("zhconv_rs", reason="requirements-script.txt")

ARTICLES = [
    replace(article, title=f"头发与发展：{article.title}") for article in made_up_articles(12)
]
NEW = {article.id for article in ARTICLES[:2]}
HANT = {"MIRROR_SCRIPT": "hant", "MIRROR_FEEDS": 3}
ARGS = ("crawl", "section", "-aid=nsc418,nsc413")
HANT_URL = "https://github.com/example/mirror/blob/hant"
SIMPLIFIED = re.compile("[发页码长网链这说报们国]")
ADDRESS = re.compile(r"\]\([^)]*\)|https?://\S+|'[^']*/[^']*'")


@pytest.fixture(scope="module")
def crawled(new_mirror: Callable[..., Mirror]) -> Mirror:
    mirror = new_mirror(demo_pages(ARTICLES[2:]))
    run = mirror.scrapy(*ARGS, **HANT)
    assert run.returncode == 0, run.output
    return mirror


@pytest.fixture
def mirror(crawled: Mirror, new_mirror: Callable[..., Mirror]) -> Mirror:
    return new_mirror(demo_pages(ARTICLES[2:]), crawled)


def test_all_that_is_read_is_traditional(crawled: Mirror) -> None:
    texts = crawled.texts()
    assert {"README.md", "indexes/nsc418.md"} <= texts.keys()
    for path, text in texts.items():
        assert not SIMPLIFIED.search(ADDRESS.sub("", text)), path
    assert all("頭髮與發展" in texts[path] for path in texts if path.startswith("pages/"))
    feed = json.loads((crawled.tree / "feeds/nsc418.json").read_text())
    assert feed["language"] == "zh-Hant" and feed["title"] == "國際"
    assert all(item["title"].startswith("頭髮與發展") for item in feed["items"])
    assert 'lang="zh-Hant"' in (crawled.tree / "feeds/home.xml").read_text()


def test_a_run_without_news_writes_nothing(mirror: Mirror) -> None:
    before = mirror.stamps()
    assert mirror.scrapy(*ARGS, **HANT).returncode == 0
    assert mirror.stamps() == before
    assert command(mirror, "sync", "--check", **HANT).returncode == 0


def test_pages_in_two_scripts_are_not_mixed(mirror: Mirror) -> None:
    before = mirror.stamps()
    run = mirror.scrapy(*ARGS)
    assert (run.returncode, run.asked) == (2, [])
    assert "MIRROR_SCRIPT" in run.output and "scrapy sync" in run.output
    assert mirror.stamps() == before


def test_sync_writes_all_in_the_script_that_is_set(
    mirror: Mirror, new_mirror: Callable[..., Mirror]
) -> None:
    plain = new_mirror(demo_pages(ARTICLES[2:]))
    assert plain.scrapy(*ARGS, MIRROR_FEEDS=3).returncode == 0
    assert command(mirror, "sync", MIRROR_FEEDS=3).returncode == 0
    assert mirror.files() == plain.files()
    assert mirror.scrapy(*ARGS, MIRROR_FEEDS=3).returncode == 0


def test_a_wrong_script_is_refused_before_the_first_request(mirror: Mirror) -> None:
    run = mirror.scrapy(*ARGS, MIRROR_SCRIPT="tw")
    assert (run.returncode, run.asked) == (2, [])
    assert "MIRROR_SCRIPT" in run.output and "hans, hant" in run.output


def words(content: bytes) -> str:
    """What is read of a page, addresses left out."""
    page = html.fromstring(content)
    alts = page.xpath("//@alt | //@placeholder | //@aria-label")
    return ADDRESS.sub("", " ".join([page.text_content(), *alts]))


def test_files_to_pass_on_are_in_a_script_of_their_own(
    crawled: Mirror, new_mirror: Callable[..., Mirror], tmp_path: Path
) -> None:
    plain = new_mirror(demo_pages(ARTICLES[2:]))
    assert plain.scrapy(*ARGS).returncode == 0
    for kind in ("epub", "site"):
        folder = {"MIRROR_EXPORT_FOLDER": tmp_path}
        done = command(plain, "export", kind, "-ascript=hant", **folder)
        assert done.returncode == 0, done.output
    for file in [*(tmp_path / "epub-hant").glob("*.epub"), *(tmp_path / "site-hant").glob("*.zip")]:
        with ZipFile(file) as archive:
            pages = {
                n: archive.read(n) for n in archive.namelist() if "htm" in n.rpartition(".")[2]
            }
        assert pages
        for name, content in pages.items():
            assert not SIMPLIFIED.search(words(content)), (file, name)
            assert b'lang="zh-Hant"' in content
        assert any("頭髮與發展" in words(content) for content in pages.values())


def test_a_site_in_traditional_is_found_by_words_of_both_scripts(
    crawled: Mirror, tmp_path: Path
) -> None:
    done = command(crawled, "export", "site", MIRROR_EXPORT_FOLDER=tmp_path, **HANT)
    assert done.returncode == 0, done.output
    (file,) = (tmp_path / "site").glob("*.zip")
    with ZipFile(file) as archive:
        script = archive.read("search.js").decode()
        files = [archive.read(n).decode() for n in archive.namelist() if n.startswith("search/")]
    assert "沒有找到" in script and any("頭髮與發展" in text for text in files)
    folding = Folding(read_variants(template_files("site")["variants.txt"]))
    assert folding("頭髮與發展") == folding("头发与发展")


def test_a_wrong_script_of_an_export_is_refused(crawled: Mirror, tmp_path: Path) -> None:
    done = command(crawled, "export", "epub", "-ascript=tw", MIRROR_EXPORT_FOLDER=tmp_path, **HANT)
    assert done.returncode == 2 and "script" in done.output
    assert not list(tmp_path.iterdir())


# ---- both


def git(folder: Path, *args: str) -> str:
    done = subprocess.run(["git", "-C", folder, *args], capture_output=True, text=True, check=True)
    return done.stdout


def pages_at(folder: Path) -> dict[str, str]:
    """The Markdown of a home's branch by its path."""
    names = git(folder, "-c", "core.quotePath=off", "ls-tree", "-r", "--name-only", "main")
    paths = [path for path in names.splitlines() if path.endswith(".md")]
    return {path: git(folder, "show", f"main:{path}") for path in paths}


def both(tmp_path: Path) -> tuple[Path, Path, dict[str, object]]:
    """Two homes, the second in Traditional, and the settings of a mirror that has them."""
    remotes = [tmp_path / "gb.git", tmp_path / "hant.git"]
    for remote in remotes:
        git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", remote.name)
    rows = [
        {"name": "GB", "public_url": PUBLIC_URL, "remote": str(remotes[0]), "branch": "main"},
        {
            "name": "Hant",
            "public_url": HANT_URL,
            "remote": str(remotes[1]),
            "branch": "main",
            "script": "hant",
        },
    ]
    return remotes[0], remotes[1], {"MIRROR_HOMES": json.dumps(rows)}


def test_a_home_has_the_same_pages_in_another_script(
    new_mirror: Callable[..., Mirror], tmp_path: Path
) -> None:
    mirror = new_mirror(demo_pages(ARTICLES[2:]))
    here, there, homes = both(tmp_path)
    assert mirror.scrapy(*ARGS, MIRROR_PUBLISH=1, **homes).returncode == 0
    given, other = pages_at(here), pages_at(there)
    assert given.keys() == other.keys() == mirror.texts().keys()
    for path, text in other.items():
        assert not SIMPLIFIED.search(ADDRESS.sub("", text)), path
        assert f"[簡體版]({PUBLIC_URL}/{path})" in text
        assert f"[繁體版]({HANT_URL}/{path})" in given[path]
        assert SIMPLIFIED.search(given[path])
    # what changes, changes in both
    page = next(path for path in given if path.startswith("pages/"))
    article = page.rpartition("/")[2].removesuffix(".md")
    assert command(mirror, "purge", article, **homes).returncode == 0
    assert command(mirror, "publish", **homes).returncode == 0
    assert page in given.keys() - pages_at(here).keys()
    assert pages_at(here).keys() == pages_at(there).keys()
    pattern = "a/{year}/{id}.md"
    assert command(mirror, "repath", f"--page-path={pattern}", **homes).returncode == 0
    homes["MIRROR_PAGE_PATH"] = pattern
    assert command(mirror, "publish", **homes).returncode == 0
    given, other = pages_at(here), pages_at(there)
    moved = [path for path in given if path.startswith("a/")]
    assert moved and given.keys() == other.keys()
    assert all(f"[簡體版]({PUBLIC_URL}/{path})" in other[path] for path in moved)
    assert command(mirror, "sync", "--check", **homes).returncode == 0
    assert "has it all" in command(mirror, "publish", **homes).output


def test_a_lost_database_is_made_again_from_pages_that_lead_to_another_script(
    new_mirror: Callable[..., Mirror], tmp_path: Path
) -> None:
    mirror = new_mirror(demo_pages(ARTICLES[2:]))
    _, _, homes = both(tmp_path)
    assert mirror.scrapy(*ARGS, **homes).returncode == 0
    before = mirror.files()
    lost = new_mirror(demo_pages(ARTICLES[2:]))
    shutil.copytree(mirror.tree, lost.tree)
    done = command(lost, "adopt", **homes)
    assert done.returncode == 0, done.output
    assert command(lost, "sync", "--all", **homes).returncode == 0
    assert lost.files().keys() == before.keys()
    pages = {p: c for p, c in lost.files().items() if p.startswith("pages/")}
    assert pages == {p: before[p] for p in pages}


def test_a_home_in_another_script_is_known_to_all_pages_or_none(
    mirror: Mirror, tmp_path: Path
) -> None:
    _, _, homes = both(tmp_path)
    assert command(mirror, "sync", MIRROR_FEEDS=3).returncode == 0
    run = mirror.scrapy(*ARGS, **homes)
    assert (run.returncode, run.asked) == (2, [])
    assert "scrapy sync" in run.output
    assert command(mirror, "sync", **homes).returncode == 0
    assert mirror.scrapy(*ARGS, **homes).returncode == 0
    assert all(f"]({HANT_URL}/{path})" in text for path, text in mirror.texts().items())


@pytest.mark.parametrize(
    ("first", "told"),
    [
        ({"script": "hant"}, "is that of MIRROR_SCRIPT at MIRROR_PUBLIC_URL"),
        ({"script": "tw"}, "must be one of hans, hant"),
    ],
)
def test_a_wrong_script_of_a_home_is_refused(
    mirror: Mirror, tmp_path: Path, first: dict[str, str], told: str
) -> None:
    _, _, homes = both(tmp_path)
    rows = json.loads(str(homes["MIRROR_HOMES"]))
    run = mirror.scrapy(*ARGS, MIRROR_HOMES=json.dumps([{**rows[0], **first}, rows[1]]))
    assert (run.returncode, run.asked) == (2, [])
    assert "MIRROR_HOMES GB script" in run.output and told in run.output
