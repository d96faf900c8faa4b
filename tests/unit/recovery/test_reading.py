"""Pages that this version and the last one wrote, read back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from lxml.html import HtmlElement
from support.mirrors import PUBLIC_URL

from mirror.content.escaping import escape_line
from mirror.items import ArticleItem, replace
from mirror.pages.rendering import Renderer
from mirror.recovery.former import former_line, former_renderer, renewed
from mirror.recovery.forms import unescape
from mirror.recovery.reading import PageReader

Shown = Callable[[str], HtmlElement]
FORMER = sorted(Path(__file__).with_name("former").glob("*.md"))
TITLES = (
    "【组图】[白鲸湾]夜景*2021* & “灯火”_第1回_ #1 <上>|100%",
    "10~20元，30~40元 $5 与 $6 {甲}",
    "https://a.example/a_b www.a.example dam_news@paper.example",
    r"C:\dir &amp; &#60; @name ^1 C##",
    "1. 甲",
    "=乙",
    ": 丙",
)

MADE = ArticleItem(
    id="n13465188",
    site="epochtimes",
    url="https://www.epochtimes.com/gb/21/12/28/n13465188.htm",
    section="nsc418",
    title="",
    body="",
    published=datetime(2021, 12, 28, tzinfo=timezone(timedelta(hours=8))),
    lead_image="https://i.example/a.jpg",
    path="pages/nsc418/n13465188.md",
)


@pytest.fixture(scope="module")
def reader() -> PageReader:
    return PageReader(Renderer("default", PUBLIC_URL), former_renderer("default", PUBLIC_URL))


@pytest.mark.parametrize("page", FORMER, ids=lambda page: page.stem)
def test_page_of_the_last_version_is_read_and_written_without_its_backslashes(
    reader: PageReader, page: Path
) -> None:
    item = reader.read(f"pages/nsc418/{page.name}", page.read_bytes())
    former = former_renderer("default", PUBLIC_URL).article(replace(item, markdown=""))
    assert former.split("\n")[0] == page.read_text("utf-8").split("\n")[0]
    body = re.sub(r"```.*?```", "", item.markdown, flags=re.DOTALL)
    assert not re.search(r"\\[~:&^$|<>=]", body)
    today = Renderer("default", PUBLIC_URL).article(item)
    assert reader.read(item.path, today.encode()) == item


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("line", [escape_line, former_line])
def test_title_is_read_as_it_was(title: str, line: Callable[[str], str]) -> None:
    assert unescape(line(title)) == title


@pytest.mark.parametrize("title", TITLES)
def test_escapes_of_the_last_version_become_those_of_today(title: str, shown: Shown) -> None:
    old, new = former_line(title), renewed(former_line(title))
    assert unescape(new) == title
    assert shown(new).text_content() == shown(old).text_content()


def test_code_of_a_former_page_stays_as_it_is(reader: PageReader) -> None:
    fence = "```\na \\| b\n```"
    assert renewed(f"\\|\n\n{fence}\n\n\\|") == f"&#124;\n\n{fence}\n\n&#124;"


@pytest.mark.parametrize("title", TITLES)
def test_page_is_read_as_it_was_written(reader: PageReader, title: str) -> None:
    item = replace(
        MADE, title=title, lead_alt=f"图 {title}", lead_caption=title, markdown=escape_line(title)
    )
    page = Renderer("default", PUBLIC_URL).article(item)
    found = reader.read(item.path, page.encode())
    names = ("id", "url", "title", "lead_alt", "lead_caption", "lead_image", "markdown", "path")
    assert {n: getattr(found, n) for n in names} == {n: getattr(item, n) for n in names}
