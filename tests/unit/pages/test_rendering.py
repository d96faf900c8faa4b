"""Pages as a reader sees them: what they ask for, what a theme changes, how titles are shown."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from socket import create_server
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest
from support.hard_texts import TITLES

from mirror.config.themes import SHIPPED_THEMES
from mirror.errors import ArgumentError
from mirror.items import ArticleItem
from mirror.pages.rendering import Entry, Renderer, SectionEntry, SectionGroup

if TYPE_CHECKING:
    from conftest import Mirror
    from lxml.html import HtmlElement

PUBLIC_URL = "https://github.com/example/mirror/blob/main"
LEAD = "https://i.epochtimes.com/assets/uploads/2021/12/id1-lamp-600x400.jpg"
INSIDE = "https://i.epochtimes.com/assets/uploads/2021/12/id2-pier-600x400.jpg"
ARTICLE = ArticleItem(
    id="n13465188",
    site="epochtimes",
    url="https://www.epochtimes.com/gb/21/12/28/n13465188.htm",
    section="nsc418",
    title="灯塔重新点亮",
    body="",
    published=datetime(2021, 12, 29, 8, 0, tzinfo=timezone(timedelta(hours=8))),
    lead_image=LEAD,
    lead_alt="灯塔",
    lead_caption="灯塔一角。",
    path="pages/nsc418/n13465188.md",
    markdown=f"第一段。\n\n![]({INSIDE})\n\n责任编辑：林一",
)
SEED = Path(__file__).resolve().parents[4] / "shared"  # real articles, which stay out of here
MARK = "{article}"
BLOCKS = [
    f"{kind}-{place}.md.j2" for kind in ("home", "index", "article") for place in ("top", "end")
]

Shown = Callable[[str], "HtmlElement"]


@cache
def renderer(theme: str | Path = "default", beacon_url: str = "") -> Renderer:
    return Renderer(str(theme), PUBLIC_URL, beacon_url)


def pages(made_by: Renderer, title: str = ARTICLE.title) -> dict[str, str]:
    """One page of each kind."""
    entries = [Entry(title, "../pages/nsc418/n13465188.md")]
    months = [Entry("2021年12月", "nsc418/2021-12.md")]
    return {
        "article": made_by.article(replace(ARTICLE, title=title)),
        "index": made_by.index("indexes/nsc418.md", "国际", entries, months=months),
        "home": made_by.home(
            [SectionGroup("", [SectionEntry("国际", "indexes/nsc418.md", entries)])]
        ),
    }


# ---- what a page asks for


def test_pages_ask_for_their_own_pictures_only(shown: Shown) -> None:
    asked = {kind: shown(page).xpath("//@src") for kind, page in pages(renderer()).items()}
    assert asked == {
        "article": [LEAD, INSIDE, "n13465188.md.png"],
        "index": ["nsc418.md.png"],
        "home": ["README.md.png"],
    }


def test_pages_hold_nothing_active(shown: Shown) -> None:
    for kind, page in pages(renderer()).items():
        root = shown(page)
        tags = {node.tag for node in root.iter()}
        assert tags <= {*"div h3 h4 h5 p hr br a img ul li".split()}, kind
        assert {name for node in root.iter() for name in node.attrib} <= {"href", "src", "alt"}


def test_beacon_is_asked_for_only_where_it_is_set(shown: Shown) -> None:
    with_beacon = pages(renderer(beacon_url="https://beacon.example.org/mirror"))
    beacon = "https://beacon.example.org/mirror/pages/nsc418/n13465188.md"
    assert shown(with_beacon["article"]).xpath("//@src")[-1] == beacon
    without = pages(renderer())
    assert with_beacon["article"].startswith(without["article"])
    assert "beacon" not in "".join(without.values())


def test_home_page_shows_how_to_open_it_and_the_short_address_if_there_is_one(shown: Shown) -> None:
    home = pages(renderer())["home"]
    assert "微信" in home
    assert "短网址" not in home
    with_short = Renderer("default", PUBLIC_URL, short_url="https://s.example/m").home([])
    assert "https://s.example/m" in shown(with_short).xpath("//a/@href")


# ---- themes


def test_theme_takes_what_it_lacks_from_the_default_one(tmp_path: Path) -> None:
    (tmp_path / "footer.md.j2").write_text("自己的页脚 {{ public_url }}\n", "utf-8")
    mine, default = pages(renderer(tmp_path)), pages(renderer())
    for kind, page in mine.items():
        assert f"自己的页脚 {PUBLIC_URL}" in page, kind
        old = default[kind].splitlines()
        kept = [line for line in page.splitlines() if not line.startswith("自己的页脚")]
        assert kept == [line for line in old if "《九评共产党》" not in line], kind


def test_theme_may_replace_a_whole_page(tmp_path: Path) -> None:
    (tmp_path / "article.md.j2").write_text("{{ article.title | line }}\n{{ url }}\n", "utf-8")
    mine, default = pages(renderer(tmp_path)), pages(renderer())
    assert mine["article"] == f"{ARTICLE.title}\n{PUBLIC_URL}/pages/nsc418/n13465188.md\n"
    assert (mine["index"], mine["home"]) == (default["index"], default["home"])


@pytest.mark.parametrize("theme", SHIPPED_THEMES)
def test_theme_may_add_blocks_of_its_own(tmp_path: Path, theme: str, shown: Shown) -> None:
    for part in BLOCKS:
        (tmp_path / part).write_text(f"\n自己的 **{part}** {{{{ url }}}}\n", "utf-8")
    mine = Renderer(str(tmp_path), PUBLIC_URL, last=theme)
    without = pages(renderer(theme))
    for kind, page in pages(mine).items():
        marked = {b.text: b.getparent() for b in shown(page).iter("strong")}
        assert [*marked] == [f"{kind}-top.md.j2", f"{kind}-end.md.j2"]
        assert [block.tag for block in marked.values()] == ["p", "p"]
        assert f"自己的 {kind}" in marked[f"{kind}-top.md.j2"].text_content()
        kept = re.sub(r"\n自己的 .*\n", "", page)
        assert kept == without[kind]


def test_theme_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="no such theme; there is classic, default"):
        renderer(tmp_path / "nosuch")


def test_page_of_a_removed_article_says_so(shown: Shown) -> None:
    page = renderer().article(replace(ARTICLE, removed=True))
    assert "本文已从来源网站删除" in shown(page).text_content()
    assert "本文已从来源网站删除" not in renderer().article(ARTICLE)


# ---- titles


def tags_in(element: HtmlElement) -> list[str]:
    """The tags inside of an element, but for what a $ stands in and GitHub's links of addresses."""
    found = (e for e in element.iterdescendants("*") if e.tag != "span")
    return [e.tag for e in found if not e.get("href", "").startswith("mailto:")]


@pytest.mark.parametrize("title", TITLES)
def test_title_is_shown_as_it_is(shown: Shown, title: str) -> None:
    roots = {kind: shown(page) for kind, page in pages(renderer(), title).items()}
    (heading,) = roots["article"].xpath("//h3")
    assert heading.text_content() == title
    assert tags_in(heading) == []
    for kind in ("index", "home"):
        (link,) = roots[kind].xpath('//li/a[@href = "../pages/nsc418/n13465188.md"]')
        assert link.text_content() == title, kind
        assert tags_in(link.getparent()) == ["a"], kind


@pytest.mark.parametrize("text", TITLES)
def test_caption_and_alternative_text_are_shown_as_they_are(shown: Shown, text: str) -> None:
    root = shown(renderer().article(replace(ARTICLE, lead_alt=text, lead_caption=text)))
    (image,) = root.xpath(f'//img[@src = "{LEAD}"]')
    assert image.get("alt") == text
    assert image.getparent().text_content().strip() == text
    assert len(root.xpath("//h3")) == 1
    assert not root.xpath("//ul | //ol | //blockquote | //script | //b | //em | //strong | //del")


@pytest.mark.parametrize(
    ("alt", "caption", "said"),
    [("灯塔", "一角。", "灯塔"), ("", "一角。", "一角。"), ("", "", ARTICLE.title)],
)
def test_picture_that_does_not_load_says_what_is_missing(
    shown: Shown, alt: str, caption: str, said: str
) -> None:
    root = shown(renderer().article(replace(ARTICLE, lead_alt=alt, lead_caption=caption)))
    (image,) = root.xpath(f'//img[@src = "{LEAD}"]')
    assert image.get("alt") == said


# ---- the seed


@pytest.fixture(scope="module")
def seed_page(
    new_mirror: Callable[..., Mirror], tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, str]:
    """The page that the predecessor published of an article, and ours of the same."""
    if not SEED.is_dir():
        pytest.skip("the seed's page and the replica of the site are not in ../shared")
    with closing(create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    replica = subprocess.Popen(
        [
            *(sys.executable, SEED / "replica.py", "serve", "--port", str(port)),
            *("--sections", "nsc418", "--limit", "60"),
        ],
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/_served")
        mirror = new_mirror({})
        mirror.scrapy(
            *("crawl", "section", "-aid=nsc418", "-alimit=1"),
            MIRROR_SOURCE_URL=f"http://127.0.0.1:{port}",
            MIRROR_PUBLIC_URL="https://github.com/gfw-breaker/banned-news3/blob/master",
            MIRROR_THEME="classic",
        )
    finally:
        replica.kill()
        replica.wait()
    ours = (mirror.tree / "pages/nsc418/n13465188.md").read_text("utf-8")
    return (SEED / "seed/n13465188.md").read_text("utf-8"), ours


def wait_for(url: str) -> None:
    for _ in range(200):
        try:
            with urlopen(url):
                return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(url)


def around_the_article(page: str) -> list[str]:
    """The lines of a page, with a mark in place of the lead and one in place of the body."""
    page = re.sub(r"\s*<img src='\S+' width='0px' height='0px'/>\s*\Z", "", page)
    page = re.sub(r"(?s)(?:<div><img |!\[).*?(?=<hr/>)", MARK, page, count=1)
    page = re.sub(r"(?s)(\n#### \[ 💥 [^\n]*\n+).*?\s*(<hr/>)", rf"\1{MARK}\n\2", page, count=1)
    return page.strip("\n").split("\n")


def test_page_is_the_seeds_line_by_line_around_the_article(seed_page: tuple[str, str]) -> None:
    seed, ours = map(around_the_article, seed_page)
    assert ours == seed
    assert sum(MARK in line for line in seed) == 2
    assert len(seed) > 20


def test_page_has_the_text_and_pictures_of_the_seed(
    seed_page: tuple[str, str], shown: Shown
) -> None:
    seed, ours = (shown(page) for page in seed_page)
    assert words(ours) == words(seed)
    pictures = [list(root.xpath("//@src")) for root in (seed, ours)]
    assert pictures[1] == pictures[0][:-1]  # without the tracking picture


def words(root: HtmlElement) -> str:
    return "".join(root.text_content().split())
