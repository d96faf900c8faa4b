"""The numbers of items: those that a browser shows, whatever Markdown can count."""

from __future__ import annotations

import pytest

from mirror.content.cleaning import clean


def cleaned(html: str) -> str:
    return clean(html, "https://news.example/", (), lambda href: None).replace("\n", "")


def items(start: int, *texts: str, apart: str = "") -> str:
    number = "" if start == 1 else f' start="{start}"'
    return f"<ol{number}{apart}>{''.join(f'<li><p>{text}</p></li>' for text in texts)}</ol>"


APART = ' type="1"'  # so that Markdown does not go on with the list before


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<ol start=1><li>一<li>二</ol>", items(1, "一", "二")),
        ("<ol start=' 5a'><li>五</ol>", items(5, "五")),
        ("<ol start=x><li>一</ol>", items(1, "一")),
        ("<ol><li value=4>四<li>五</ol>", items(4, "四", "五")),
        ("<ol><li>一<li value=4>四<li>五</ol>", items(1, "一") + items(4, "四", "五", apart=APART)),
        ("<ol><li>一<li value=x>二<li value=3>三</ol>", items(1, "一", "二", "三")),
        ("<ol reversed><li>二<li>一</ol>", items(2, "二") + items(1, "一", apart=APART)),
        (
            "<ol reversed start=9><li>九<li>八<li value=3>三</ol>",
            items(9, "九") + items(8, "八", apart=APART) + items(3, "三"),
        ),
        ("<ol><li>一</ol><ol start=3><li>三</ol>", items(1, "一") + items(3, "三", apart=APART)),
        (
            "<ol><li>一</ol><p>&nbsp;</p><ol><li>一</ol>",
            items(1, "一") + items(1, "一", apart=APART),
        ),
        ("<ol><li>一</ol>间<ol start=2><li>二</ol>", items(1, "一") + "<p>间</p>" + items(2, "二")),
        ("<ol><li>一</ol><ul><li>二</ul>", items(1, "一") + "<ul><li><p>二</p></li></ul>"),
        ("<ol><p>先</p><li>一</ol>", "<p>先</p>" + items(1, "一")),
        ("<ol><li>一</li><p>间</p><li>二</ol>", items(1, "一</p><p>间", "二")),
        (
            "<ol><ol><li>子</ol><li>一</ol>",
            items(1, items(1, "子")[:]).replace("<p><ol>", "<ol>").replace("</ol></p>", "</ol>")
            + items(1, "一", apart=APART),
        ),
    ],
)
def test_item_has_the_number_that_a_browser_shows(html: str, expected: str) -> None:
    assert cleaned(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<ol type=A><li>甲<li>乙</ol>", "<p>A. 甲</p><p>B. 乙</p>"),
        ("<ol type=a start=27><li>甲</ol>", "<p>aa. 甲</p>"),
        ("<ol type=I reversed><li>甲<li>乙</ol>", "<p>II. 甲</p><p>I. 乙</p>"),
        ("<ol type=i><li value=9>甲<p>子</p></ol>", "<p>ix. 甲</p><p>子</p>"),
        ("<ol type=1><li>甲</ol>", "<ol><li><p>甲</p></li></ol>"),
        ("<ol style='list-style: inside lower-alpha'><li>甲</ol>", "<p>a. 甲</p>"),
        ("<ol style='LIST-STYLE-TYPE:cjk-ideographic'><li>甲</ol>", "<p>一、甲</p>"),
        ("<ol style='list-style-type: none'><li>1、甲</ol>", "<p>1、甲</p>"),
        ("<ol start=-1><li>甲<li>乙</ol>", "<p>-1. 甲</p><p>0. 乙</p>"),
        ("<ol type=a><li></li><li>乙</ol>", "<p>b. 乙</p>"),
        ("<ol type=a><li><ul><li>子</ul><li>乙</ol>", "<ul><li><p>a. 子</p></li></ul><p>b. 乙</p>"),
        ("<ol><li>一<ol type=a><li>甲</ol></ol>", "<ol><li><p>一</p><p>a. 甲</p></li></ol>"),
        ("<ul><ol type=a><li>甲</ol></ul>", "<p>a. 甲</p>"),
    ],
)
def test_number_that_markdown_cannot_write_is_text(html: str, expected: str) -> None:
    assert cleaned(html) == expected
