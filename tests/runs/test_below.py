"""What stands below an article: the way on in its section, and other homes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from support.commands import command
from support.mirrors import PUBLIC_URL, Mirror

from demo.articles import made_up_articles
from demo.site import demo_pages

ARTICLES = [a for a in made_up_articles(40) if a.sections == ("nsc418",)]
BY_TIME = sorted(ARTICLES, key=lambda article: (article.published, article.id))
OTHER_HOME = "https://other.example/news"
HOMES = [
    {"name": name, "public_url": url, "remote": f"git@host.example:{name}/b.git", "branch": "main"}
    for name, url in (("此处", PUBLIC_URL), ("别处", OTHER_HOME))
]


def crawled(new_mirror: Callable[..., Mirror], **settings: object) -> Mirror:
    mirror = new_mirror(demo_pages(BY_TIME[-2::-1]))  # newest first, as listings have them
    run = mirror.scrapy("crawl", "section", "-aid=nsc418", **settings)
    assert run.returncode == 0, run.output
    return mirror


def beside(page: str) -> dict[str, str]:
    return dict(re.findall(r"\[(较[早新])一篇\]\(([^)]+)\.md\)", page))


def path(place: int) -> str:
    return f"pages/nsc418/{BY_TIME[place].id}.md"


@pytest.mark.parametrize("workers", [1, 2])
def test_pages_lead_through_their_section_whoever_made_them(
    new_mirror: Callable[..., Mirror], workers: int
) -> None:
    texts = crawled(new_mirror, MIRROR_WORKERS=workers).texts()
    ids = [article.id for article in BY_TIME[:-1]]
    for place, id in enumerate(ids):
        older = {"较早": ids[place - 1]} if place else {}
        newer = {"较新": ids[place + 1]} if place + 1 < len(ids) else {}
        assert beside(texts[path(place)]) == older | newer, id


def test_a_new_article_changes_one_old_page_and_once(new_mirror: Callable[..., Mirror]) -> None:
    mirror = crawled(new_mirror)
    before = mirror.texts()
    mirror.server.pages.update(demo_pages(BY_TIME[::-1]))
    assert mirror.section("nsc418").returncode == 0
    after = mirror.texts()
    changed = {path for path in before if path.startswith("pages/") and after[path] != before[path]}
    assert changed == {path(-2)}
    assert beside(after[path(-2)])["较新"] == BY_TIME[-1].id
    stamps = mirror.stamps()
    assert mirror.section("nsc418").returncode == 0
    assert mirror.stamps() == stamps
    assert "0 differences" in command(mirror, "verify").output


def test_damaged_page_is_made_again_from_the_database(new_mirror: Callable[..., Mirror]) -> None:
    mirror = crawled(new_mirror)
    page = mirror.tree / path(-2)
    whole = page.read_bytes()
    page.write_bytes(whole.replace(b"\n", b"\xff\n", 1))
    mirror.server.pages.update(demo_pages(BY_TIME[::-1]))
    assert mirror.section("nsc418").returncode == 0
    text = page.read_text("utf-8")
    assert beside(text).pop("较新") == BY_TIME[-1].id
    assert [line for line in text.splitlines() if "较新一篇" not in line] == [
        line for line in whole.decode().splitlines() if "本栏目录" not in line
    ]


def test_withdrawn_article_is_passed_over(new_mirror: Callable[..., Mirror]) -> None:
    mirror = crawled(new_mirror)
    assert command(mirror, "purge", BY_TIME[3].id).returncode == 0
    texts = mirror.texts()
    assert beside(texts[path(2)])["较新"] == BY_TIME[4].id
    assert beside(texts[path(4)])["较早"] == BY_TIME[2].id
    assert "0 differences" in command(mirror, "verify").output


def test_pages_name_the_other_homes_that_were_set_when_all_were_written(
    new_mirror: Callable[..., Mirror],
) -> None:
    homes = json.dumps(HOMES)
    mirror = crawled(new_mirror, MIRROR_HOMES=homes)
    named = f"本站其他网址：[别处]({OTHER_HOME}/README.md)"
    pages = [text for path, text in mirror.texts().items() if path.startswith("pages/")]
    assert all(named in page for page in pages)
    assert not any("[此处]" in page for page in pages)
    new = {
        "name": "新处",
        "public_url": "https://new.example",
        "remote": "git@host.example:c/d.git",
    }
    added = [*HOMES, HOMES[1] | new]
    more = json.dumps(added)
    stamps = mirror.stamps()
    assert mirror.scrapy("crawl", "section", "-aid=nsc418", MIRROR_HOMES=more).returncode == 0
    pages_of = {path: stamp for path, stamp in stamps.items() if path.startswith("pages/")}
    assert {path: mirror.stamps()[path] for path in pages_of} == pages_of
    assert "pages/" not in command(mirror, "verify", MIRROR_HOMES=more).output
    assert command(mirror, "sync", "--all", MIRROR_HOMES=more).returncode == 0
    texts = mirror.texts()
    assert all(
        f"{named}、[新处](https://new.example/README.md)" in texts[path]
        for path in pages_of
        if path.endswith(".md")
    )


def test_pages_of_a_new_home_name_the_homes_that_are_set_for_it(
    new_mirror: Callable[..., Mirror],
) -> None:
    mirror = crawled(new_mirror, MIRROR_HOMES=json.dumps(HOMES))
    here, there = "https://host.example/here2", "https://other.example/there2"
    output = mirror.folder / "new"
    rollover = ("rollover", "--public-url", here, "--output", str(output))
    assert command(mirror, *rollover, MIRROR_HOMES=json.dumps(HOMES)).returncode == 0
    homes = [home | {"public_url": url} for home, url in zip(HOMES, (here, there), strict=True)]
    now_set = {
        "MIRROR_OUTPUT": output,
        "MIRROR_PUBLIC_URL": here,
        "MIRROR_HOMES": json.dumps(homes),
    }
    mirror.server.pages.update(demo_pages(BY_TIME[::-1]))
    assert mirror.scrapy("crawl", "section", "-aid=nsc418", **now_set).returncode == 0
    page = (output / path(-1)).read_text("utf-8")
    assert f"本站其他网址：[别处]({there}/README.md)" in page
    assert OTHER_HOME not in page
    assert "0 differences" in command(mirror, "verify", **now_set).output
