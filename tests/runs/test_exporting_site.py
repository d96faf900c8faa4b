"""The reader's site, made of the demo site by `scrapy export site`."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from zipfile import ZipFile

import lxml.html
import pytest
from lxml.html import HtmlElement
from support.commands import Done, command
from support.mirrors import PUBLIC_URL, Mirror

from demo.articles import made_up_articles
from demo.site import demo_pages

ARTICLES = made_up_articles(40)


@pytest.fixture(scope="module")
def mirror(new_mirror: Callable[..., Mirror]) -> Mirror:
    mirror = new_mirror(demo_pages(ARTICLES))
    assert mirror.section("nsc413,nsc418").returncode == 0
    return mirror


def export(mirror: Mirror, folder: Path, *args: str, **settings: object) -> Done:
    return command(mirror, "export", "site", *args, MIRROR_EXPORT_FOLDER=folder, **settings)


def unpacked(*zips: Path) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for name in zips:
        with ZipFile(name) as found:
            assert len({*found.namelist()}) == len(found.namelist())
            for path in found.namelist():
                assert path not in files, path
                files[path] = found.read(path)
    return files


@pytest.fixture(scope="module")
def files(mirror: Mirror, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("exports")
    done = export(mirror, folder)
    assert done.returncode == 0, done.output
    return unpacked(folder / "site/all.zip")


@pytest.fixture(scope="module")
def pages(files: dict[str, bytes]) -> dict[str, HtmlElement]:
    return {
        path: lxml.html.document_fromstring(content.decode())
        for path, content in files.items()
        if path.endswith(".html")
    }


def resolved(path: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), target))


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b-\u200f\ufeff]", "", text)


def test_text_of_each_article_is_on_its_page(mirror: Mirror, pages: dict[str, HtmlElement]) -> None:
    shown = {path.rpartition("/")[2][:-5]: page for path, page in pages.items() if path[:2] == "a/"}
    assert set(shown) == mirror.articles()
    for article in ARTICLES:
        if article.id in shown:
            text = squeezed(shown[article.id].text_content())
            paragraphs = re.findall(r"<p>([^<]{10,})</p>", article.body_html)
            lost = [p for p in map(unescape, paragraphs) if squeezed(p) not in text]
            assert lost == [], article.id
            assert squeezed(article.title) in text
            assert f"{PUBLIC_URL}/README.md" in text and f"/{article.id}.md" in text


def test_links_lead_to_files_of_the_site_and_nowhere_else(
    files: dict[str, bytes], pages: dict[str, HtmlElement]
) -> None:
    for path, page in pages.items():
        for element in page.iter():
            for name in ("href", "src", "action"):
                target = element.get(name, "data:,")
                if target != "data:,":
                    assert resolved(path, target) in files, path


def test_each_page_can_be_reached_from_the_home_page(pages: dict[str, HtmlElement]) -> None:
    seen, waiting = {"index.html"}, ["index.html"]
    while waiting:
        path = waiting.pop()
        for link in pages[path].iter("a"):
            target = resolved(path, link.get("href") or "")
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    assert seen == set(pages)


def test_no_page_may_ask_others_and_one_alone_runs_scripts(
    pages: dict[str, HtmlElement],
) -> None:
    for path, page in pages.items():
        (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert policy.startswith("default-src 'none';") and "http" not in policy
        assert ("script-src 'none'" in policy) == (path != "search.html")
        assert bool(page.xpath("//script")) == (path == "search.html")
        assert not page.xpath("//*[@style or @onclick or @onload]")


def test_same_articles_give_the_same_bytes(mirror: Mirror, tmp_path: Path) -> None:
    for name in ("a", "b"):
        export(mirror, tmp_path / name)
    assert (tmp_path / "a/site/all.zip").read_bytes() == (tmp_path / "b/site/all.zip").read_bytes()
    assert "0 new, 0 changed, 1 as they were" in export(mirror, tmp_path / "b").output


def test_parts_make_the_same_site(mirror: Mirror, files: dict[str, bytes], tmp_path: Path) -> None:
    assert export(mirror, tmp_path, "-asplit=months").returncode == 0
    parts = sorted((tmp_path / "site/all").glob("*.zip"))
    assert "frame" in [part.stem for part in parts]
    assert unpacked(*parts) == files


def test_of_parts_those_with_news_alone_change(
    new_mirror: Callable[..., Mirror], tmp_path: Path
) -> None:
    listed = [a for a in ARTICLES if {"nsc413", "nsc418"} & {*a.sections}]
    newest = max(listed, key=lambda a: a.published)
    mirror = new_mirror(demo_pages([a for a in ARTICLES if a is not newest]))
    mirror.section("nsc413,nsc418")
    export(mirror, tmp_path, "-asplit=months")
    old = {f.name: f.read_bytes() for f in (tmp_path / "site/all").glob("*.zip")}
    mirror.server.pages = demo_pages(ARTICLES)
    mirror.section("nsc413,nsc418")
    export(mirror, tmp_path, "-asplit=months")
    new = {f.name: f.read_bytes() for f in (tmp_path / "site/all").glob("*.zip")}
    changed = {name for name in new if old.get(name) != new[name]}
    assert changed == {"frame.zip", f"{newest.published:%Y-%m}.zip"}
    assert {*new} - changed == {"2018.zip", "search-years.zip"}


def test_a_part_of_the_articles_is_a_site_of_its_own(mirror: Mirror, tmp_path: Path) -> None:
    tag = next(tag for article in ARTICLES for tag in article.tags)
    assert export(mirror, tmp_path, f"-atag={tag}", "-aid=nsc418").returncode == 0
    found = unpacked(tmp_path / f"site/{tag}-nsc418.zip")
    listed = set(re.findall(r"n\d+(?=\.html)", " ".join(found)))
    assert listed and listed <= {a.id for a in ARTICLES if tag in a.tags}
    assert "sections/nsc413.html" not in found


def test_dry_run_tells_the_size_and_writes_nothing(mirror: Mirror, tmp_path: Path) -> None:
    done = export(mirror, tmp_path, "--dry-run")
    assert done.returncode == 0 and "1 files," in done.output
    assert not any(tmp_path.iterdir())


def test_a_wrong_argument_ends_it(mirror: Mirror, tmp_path: Path) -> None:
    done = export(mirror, tmp_path, "-asplit=weeks")
    assert done.returncode == 2 and "split=weeks: must be one of none, months" in done.output


def test_months_without_an_article_of_a_tag_are_not_in_its_site(
    mirror: Mirror, tmp_path: Path
) -> None:
    months: dict[str, set[str]] = {}
    for article in ARTICLES:
        if article.id in mirror.articles():
            for tag in article.tags:
                months.setdefault(tag, set()).add(f"{article.published:%Y-%m}")
    tag = next(tag for tag, found in sorted(months.items()) if found == {"2021-12"})
    assert export(mirror, tmp_path, f"-atag={tag}", "-asplit=months").returncode == 0
    parts = {file.name for file in tmp_path.rglob("*.zip")}
    assert parts == {"2021-12.zip", "frame.zip"}
