"""A lost database, rebuilt from the published tree: this project's own and the predecessor's."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from support.commands import command

from demo.articles import Article, made_up_articles
from demo.site import demo_pages
from mirror.pages.rendering import Renderer
from mirror.recovery.dating import publication_times
from mirror.recovery.reading import PageReader

if TYPE_CHECKING:
    from commands import Done
    from conftest import Mirror, Run

ARTICLES = made_up_articles(52)
SECTIONS = "nsc418,nsc413"
LISTED = [a for a in ARTICLES if {"nsc418", "nsc413"} & {*a.sections}]
THEME = """\
<h1>{{ article.title }}</h1>
{{ article.published.strftime("%Y-%m-%d %H:%M") }} ({{ article.section }})
{% if article.updated %}
updated {{ article.updated.isoformat() }}
{% endif %}
{% for tag in article.tags %}
* {{ tag | line }}
{% endfor %}
{{ article.reporter | line }} / {{ article.editor }}
{% include "lead.md.j2" %}

{{ article.markdown }}
[{{ url }}]({{ article.url | address }})
"""
MENU = "#### [首页](https://github.com/example/mirror/blob/main/README.md) | [教程](https://a.example/)"
PROMOTED = "#### [ 🎬  视频](https://a.example/v)\n\n#### [ 💥  禁书](https://a.example/b)"

PUBLIC_URL = "https://github.com/example/mirror/blob/main"

NewMirror = Callable[..., "Mirror"]


def requested(run: Run) -> list[str]:
    """The ids of the articles that a run asked for."""
    return [path.split("/")[-1].removesuffix(".htm") for path in run.asked if "/n1" in path]


def without_database(mirror: Mirror) -> Mirror:
    shutil.rmtree(mirror.folder / "state")
    (mirror.folder / "state").mkdir()
    return mirror


@pytest.fixture(scope="module")
def whole(new_mirror: NewMirror) -> Mirror:
    """Two sections mirrored. Only to be read; `new_mirror` copies it."""
    mirror = new_mirror(demo_pages(ARTICLES))
    assert mirror.section(SECTIONS).returncode == 0
    return mirror


@pytest.fixture(scope="module")
def adopted(new_mirror: NewMirror, whole: Mirror) -> tuple[Mirror, Done]:
    """The same with a database made from the tree alone. Only to be read."""
    mirror = without_database(new_mirror(demo_pages(ARTICLES), whole))
    return mirror, command(mirror, "adopt")


def test_adopting_reads_every_page_and_touches_none(
    whole: Mirror, adopted: tuple[Mirror, Done]
) -> None:
    mirror, run = adopted
    assert run.returncode == 0
    counts = f"{len(LISTED)} articles adopted, 0 known, 0 further copies, 0 pages unreadable"
    assert counts in run.output
    assert mirror.files() == whole.files()


def test_after_adopting_nothing_is_fetched_changed_or_different(
    adopted: tuple[Mirror, Done], new_mirror: NewMirror
) -> None:
    crawled, rendered = (new_mirror(demo_pages(ARTICLES), adopted[0]) for _ in range(2))
    before = crawled.stamps()
    shutil.rmtree(rendered.tree)
    run, render = crawled.section(SECTIONS), command(rendered, "render")
    assert (run.returncode, render.returncode) == (0, 0)
    assert run.asked == ["/robots.txt", "/gb/nsc418.htm", "/gb/nsc413.htm"]
    assert crawled.stamps() == before
    assert rendered.files() == crawled.files()
    assert "0 differences" in command(crawled, "verify").output


def test_after_an_older_backup_known_articles_are_in_all_their_sections_again(
    new_mirror: NewMirror, tmp_path: Path
) -> None:
    mirror, backup = new_mirror(demo_pages(ARTICLES)), tmp_path / "backup.db"
    assert mirror.section("nsc418").returncode == 0
    assert command(mirror, "backup", str(backup)).returncode == 0
    assert mirror.section("nsc413").returncode == 0
    before = mirror.files()
    shutil.copy(backup, without_database(mirror).folder / "state/mirror.db")
    assert command(mirror, "adopt").returncode == 0
    assert "0 differences" in command(mirror, "verify").output
    assert command(mirror, "render").returncode == 0
    assert mirror.files() == before


def test_new_title_of_an_adopted_article_is_an_update(
    adopted: tuple[Mirror, Done], new_mirror: NewMirror
) -> None:
    changed = replace(LISTED[3], title="改过的题目")
    site = [changed if article is LISTED[3] else article for article in ARTICLES]
    mirror = new_mirror(demo_pages(site), adopted[0])
    before = mirror.texts()
    run = mirror.section(SECTIONS)
    assert requested(run) == [changed.id]
    after = mirror.texts()
    differ = {path for path in after if alone(after[path]) != alone(before.get(path, ""))}
    page = next(path for path in after if path.endswith(f"/{changed.id}.md"))
    assert page in differ
    assert after.keys() == before.keys()
    assert {
        path for path in differ - {page} if not path.startswith(("indexes/", "README"))
    } == set()
    assert alone(after[page]) == alone(before[page]).replace(LISTED[3].title, changed.title)


def test_pages_of_any_theme_can_be_read(whole: Mirror, tmp_path: Path) -> None:
    (tmp_path / "article.md.j2").write_text(THEME)
    standard = PageReader(Renderer("default", PUBLIC_URL))
    other = Renderer(str(tmp_path), PUBLIC_URL)
    reader = PageReader(other)
    by_id = {article.id: article for article in ARTICLES}
    pages = sorted(p for p in whole.files() if re.fullmatch(r"pages/.*n\d+\.md", p))
    for number, path in enumerate(pages):
        item = standard.read(path, (whole.tree / path).read_bytes())
        true = by_id[item.id]
        times = {"published": true.published, "updated": true.updated}
        item = replace(item, **times, tags=true.tags[: number % 4], removed=number % 5 == 0)
        page = other.article(item)
        found = reader.read(path, page.encode())
        assert other.article(found) == page
        minute = item.published.replace(second=0, microsecond=0)
        assert found == replace(item, published=minute, title=true.title)


def test_unreadable_pages_are_named_and_fetched_again(whole: Mirror, new_mirror: NewMirror) -> None:
    mirror = without_database(new_mirror(demo_pages(ARTICLES), whole))
    before = mirror.files()
    target = linked_page(mirror)
    other = f"pages/nsc418/{LISTED[0].id}.md"
    (mirror.tree / target).write_bytes(before[target][len(before[target]) // 2 :])
    (mirror.tree / other).write_bytes(b"\xff\xfe")
    (mirror.tree / "notes").mkdir()
    (mirror.tree / "notes/n.md").write_text("the operator's own")
    run = command(mirror, "adopt")
    assert run.returncode == 7
    lines = [line for line in run.output.splitlines() if line.startswith("unreadable: ")]
    assert sorted(line.split(": ")[1] for line in lines) == sorted([target, other])
    assert "2 pages unreadable" in run.output
    again = command(mirror, "adopt")
    assert f"0 articles adopted, {len(LISTED) - 2} known" in again.output
    run = mirror.section(SECTIONS)
    assert set(requested(run)) == {Path(path).stem for path in (target, other)}
    shutil.rmtree(mirror.tree / "notes")
    after = mirror.files()
    assert after.keys() == before.keys()
    assert {path for path in after if after[path] != before[path]} <= listing_their_day(before)


def listing_their_day(files: dict[str, bytes]) -> set[str]:
    """Indexes: an article fetched anew knows its hour, those adopted with it only their day."""
    return {path for path in files if path.startswith(("indexes/", "README"))}


def linked_page(mirror: Mirror) -> str:
    """The path of a page to which another one links."""
    for path, text in sorted(mirror.texts().items()):
        if path.startswith("pages/") and (found := re.search(r"\]\((n\d+\.md)\)", text)):
            return f"{path.rpartition('/')[0]}/{found[1]}"
    raise AssertionError("no page links to another")


# ---- the predecessor's pages


def predecessor_page(article: Article, section: str) -> str:
    """A page as the gfw-breaker mirror made it."""
    soup = BeautifulSoup(f"<div>{article.body_html}</div>", "html.parser")
    for link in soup.find_all("a"):
        link.name = "ok"
    url = f"https://github.com/example/mirror/blob/main/pages/{section}/{article.id}.md"
    image = f'<img alt="{article.title}" src="{article.lead_image}"/>'
    caption = f'<div class="caption">\n {article.lead_caption}\n</div>'
    lead = f"<div>{image}\n{caption}</div><hr/>\n\n" if article.lead_image else ""
    share = f"{url} <br/>\n<a href='{url}'><img src='{url}.png'/></a> <br/>"
    return (
        f"### {article.title}\n------------------------\n\n{MENU}  \n\n\n\n{lead}{PROMOTED}\n\n"
        f"{soup.prettify()}\n<hr/>\n手机上长按并复制下列链接或二维码分享本文章：<br/>\n{share}\n"
        f"原文地址（需翻墙访问）：{article.url}\n\n\n------------------------\n{MENU}\n\n\n"
        f"<img src='http://tracker.example/{section}/{article.id}.md' width='0px' height='0px'/>"
    )


@pytest.fixture(scope="module")
def inherited(new_mirror: NewMirror) -> tuple[Mirror, Done, dict[str, bytes]]:
    """A tree of the predecessor, adopted; with the files that it had."""
    mirror = new_mirror(demo_pages(ARTICLES))
    for article in LISTED:
        for section in {"nsc418", "nsc413"} & {*article.sections}:
            page = mirror.tree / f"pages/{section}/{article.id}.md"
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(predecessor_page(article, section))
    (mirror.tree / "pages/link3.md").write_text("#### [视频](https://a.example/)")
    before = mirror.files()
    return mirror, command(mirror, "adopt"), before


def test_predecessor_pages_are_adopted_once_with_all_their_sections(
    inherited: tuple[Mirror, Done, dict[str, bytes]], new_mirror: NewMirror
) -> None:
    known, run, before = inherited
    twice = sum({"nsc418", "nsc413"} <= {*article.sections} for article in LISTED)
    assert twice
    assert f"{len(LISTED)} articles adopted, 0 known, {twice} further copies, 0 pages" in run.output
    assert run.returncode == 0
    mirror = new_mirror(demo_pages(ARTICLES), known)
    assert mirror.files() == before
    assert requested(mirror.section(SECTIONS)) == []
    assert {path: mirror.files()[path] for path in before} == before


def test_rendering_gives_predecessor_pages_a_new_form_at_their_old_addresses(
    inherited: tuple[Mirror, Done, dict[str, bytes]], new_mirror: NewMirror, whole: Mirror
) -> None:
    mirror = new_mirror(demo_pages(ARTICLES), inherited[0])
    assert command(mirror, "render").returncode == 0
    texts, made = mirror.texts(), whole.texts()
    coded = {path.removesuffix(".png") for path in mirror.files() if path.endswith(".md.png")}
    pages = {path for path in coded if path.startswith("pages/")}
    assert pages <= inherited[2].keys()
    assert not any("<ok" in texts[path] or "tracker" in texts[path] for path in pages)
    assert any(relative_links(texts[path]) for path in pages)
    for path in pages & made.keys():  # such pages tell the day alone: their order is another one
        assert relative_links(alone(texts[path])) == relative_links(alone(made[path])), path


def relative_links(page: str) -> set[str]:
    return set(re.findall(r"\]\(((?!\w+:)[^)]+)\)", page))


def alone(page: str) -> str:
    """A page without the line that leads on, to its neighbours among others."""
    return re.sub(r"\n.*\[本栏目录\].*\n", "\n", page)


# ---- times


@given(
    st.lists(st.integers(0, 3_000_000), min_size=1, max_size=30),
    st.lists(st.integers(0, 40), max_size=5),
    st.lists(st.sets(st.integers(0, 29)), max_size=3),
)
def test_times_keep_the_order_of_the_indexes(
    seconds: list[int], wrong: list[int], shown: list[set[int]]
) -> None:
    start = datetime(2021, 11, 20)
    true = {f"n{n:02}": start + timedelta(seconds=s) for n, s in enumerate(seconds)}
    hints = {a: t.replace(hour=0, minute=0, second=0) for a, t in true.items()}
    for n, days in enumerate(wrong):
        if f"n{n:02}" in hints:
            hints[f"n{n:02}"] += timedelta(days=days - 20)
    oldest_first = sorted(true, key=lambda article: (true[article], article))
    months = [
        (month, [a for a in oldest_first if int(a[1:]) in section and f"{true[a]:%Y-%m}" == month])
        for section in shown
        for month in ("2021-11", "2021-12")
    ]
    times = publication_times(hints, months)
    assert times.keys() == hints.keys()
    for month, articles in months:
        assert sorted(articles, key=lambda a: (times[a], a)) == articles
        assert all(f"{times[a]:%Y-%m}" == month for a in articles)


def test_days_that_fit_the_order_are_kept() -> None:
    days = {f"n{n}": datetime(2021, 12, day) for n, day in enumerate((1, 2, 30, 3, 4))}
    times = publication_times(days, [("2021-12", ["n0", "n1", "n2", "n3", "n4"])])
    assert [time.day for time in times.values()] == [1, 2, 2, 3, 4]
