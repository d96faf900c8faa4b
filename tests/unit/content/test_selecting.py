"""Elements: parsed as parsel does it, removed by selectors, written out."""

from __future__ import annotations

import pytest
from parsel import Selector

from mirror.content.selecting import drop, inner_html, selector_of


@pytest.mark.parametrize(
    "html",
    [
        "",
        " \n",
        "文",
        "\x00<p>一\x00</p>\n",
        "<!-- x -->",
        "<p a=1 a=2>&nbsp;<b>二</p>",
        "<?x y?><i>",
    ],
)
def test_page_is_parsed_as_by_parsel(html: str) -> None:
    assert selector_of(html).get() == Selector(html, type="html").get()


def test_what_is_selected_can_be_dropped() -> None:
    page = selector_of("<div><p class=x>一</p>二</div>")
    page.css(".x").drop()
    assert page.css("div").get() == "<div>二</div>"


@pytest.mark.parametrize(
    ("selectors", "left"),
    [
        ((), "0a1b2c3d4"),
        (("i",), "01b2c3d4"),
        (("#two",), "0a12c3d4"),
        ((".gone",), "0a1b23d4"),
        (("b.gone",), "0a1b2c3d4"),
        (("u.gone", ":is(i, s)", ".go"), "01b234"),
        (("i", ".gone", "i, #two", "div .gone"), "0123d4"),
    ],
)
def test_dropped_elements_leave_the_text_behind_them(selectors: tuple[str, ...], left: str) -> None:
    html = "0<i>a</i>1<b id=two>b</b>2<u class='x\tgone'>c</u>3<s class=gone-by>d</s>4"
    page = selector_of(f"<div>{html}</div>")
    drop(page.root, selectors)
    assert page.xpath("string()").get() == left


@pytest.mark.parametrize(
    "inside",
    ["", "文&lt;b&gt;", "一<br>二", "<p>一</p>二<!-- 三 -->", "<div id=y></div>\xa0<i>&amp;</i>"],
)
def test_inside_of_an_element_is_written_as_it_was_read(inside: str) -> None:
    node = selector_of(f"<div id=x title='a>b'>{inside}</div>以后").css("#x")[0].root
    assert inner_html(node) == inside.replace("=y", '="y"')
