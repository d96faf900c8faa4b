"""Tables: those of data as Markdown tables, those for layout as the text that they hold."""

from __future__ import annotations

import pytest

from mirror.content.cleaning import clean
from mirror.content.markdown import to_markdown


def marked(html: str) -> str:
    html = f"<table>{html}</table>"
    return to_markdown(clean(html, "https://news.example/", (), lambda href: "https://a.example"))


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<tr><th>甲<th>乙<tr><td>1<td>2", "| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |"),
        ("<thead><tr><th>甲<th>乙<tbody><tr><td>1<td>2", "| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |"),
        ("<tr><td>甲<td>乙<tr><td>1<td>2", "| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |"),
        ("<tr><td>甲<td><tr><td>&nbsp;<td>2", "| 甲 |  |\n| --- | --- |\n|  | 2 |"),
        ("<tr><td>甲<tr><td>1<td>2", "| 甲 |  |\n| --- | --- |\n| 1 | 2 |"),
        ("<tr><td>甲<td>乙<tr><td>1", "| 甲 | 乙 |\n| --- | --- |\n| 1 |  |"),
        (
            "<tr></tr><tr><td>甲<td>乙<tr></tr><tr><td>1<td>2",
            "| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |",
        ),
        ("<tr><td colspan=2>甲<tr><td>1<td>2", "| 甲 |  |\n| --- | --- |\n| 1 | 2 |"),
        (f"<tr><td colspan={'9' * 5000}>甲<tr><td>1<td>2", "| 甲 |  |\n| --- | --- |\n| 1 | 2 |"),
        ("<tr><td rowspan=2>甲<td>乙<tr><td>2", "| 甲 | 乙 |\n| --- | --- |\n|  | 2 |"),
        ("<tr><td>甲<td rowspan=2>乙<tr><td>1", "| 甲 | 乙 |\n| --- | --- |\n| 1 |  |"),
        (
            "<tr><td rowspan=2 colspan=2>甲<td>乙<tr><td>丙",
            "| 甲 |  | 乙 |\n| --- | --- | --- |\n|  |  | 丙 |",
        ),
        (
            "<tr><td>甲<td colspan=0 rowspan=x>乙<tr><td>1<td>2",
            "| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |",
        ),
        (
            "<caption>表</caption><tr><td>甲<td>乙<tr><td>1",
            "表\n\n| 甲 | 乙 |\n| --- | --- |\n| 1 |  |",
        ),
        (
            "<tr><td>甲<td>乙<td rowspan=3>丙<tr><td>1<tr><td>2<td>3",
            "| 甲 | 乙 | 丙 |\n| --- | --- | --- |\n| 1 |  |  |\n| 2 | 3 |  |",
        ),
    ],
)
def test_data_become_a_grid(html: str, expected: str) -> None:
    assert marked(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("甲|乙", "甲&#124;乙"),
        (r"甲\|乙", r"甲\\&#124;乙"),
        ("`甲|乙`", r"\`甲&#124;乙\`"),
        ("<b>甲</b>", "**甲**"),
        ("<b>“甲”</b>乙", "**“甲**”乙"),
        ("<a href=x>甲</a>", "[甲](https://a.example)"),
        ("甲<br>乙", "甲<br>乙"),
        ("<p>甲</p><p>乙</p>", "甲 <br>乙"),
        ("\n <p>\n 甲\n 乙\n</p>\n", "甲乙"),
        ("- 甲", "- 甲"),
        ("&lt;br> &amp;amp;", "&lt;br> &amp;amp;"),
    ],
)
def test_cell_shows_its_text_on_one_line(html: str, expected: str) -> None:
    page = marked(f"<tr><td>{html}</td><td>b</td></tr><tr><td>c</td><td>d</td></tr>")
    assert page == f"| {expected} | b |\n| --- | --- |\n| c | d |"


PICTURE = "![](https://news.example/a.jpg)"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h4>甲</h4>", "**甲**"),
        ("<h4>甲</h4>乙", "**甲** <br>乙"),
        ("甲<ul><li>乙<li>丙</ul>", "甲 <br>乙 <br>丙"),
        ("甲<ol><li>乙<li>丙</ol>", "甲 <br>1. 乙 <br>2. 丙"),
        ("甲<hr>乙", "甲 <br>乙"),
        ("<blockquote>甲</blockquote>", "甲"),
        ("<pre>甲\n乙</pre>", "甲<br>乙"),
        ("<img src=a.jpg>甲", f"{PICTURE}甲"),
        (
            "<figure><img src=a.jpg><figcaption>甲</figcaption></figure>",
            "![甲](https://news.example/a.jpg)<br>甲",
        ),
        ("<table><tr><td>甲</table>", "甲"),
        ("<table><tr><td>甲<tr><td>乙</table>", "甲 <br>乙"),
        ("<table><tr><td>甲<td>乙</table>", "甲 <br>乙"),
        ("<table><tr><td><table><tr><td>甲</table></table>", "甲"),
        ("<video src=/a.mp4></video>", None),
    ],
)
def test_cell_holds_lines_of_whatever_blocks(html: str, expected: str | None) -> None:
    page = marked(f"<tr><td>{html}</td><td>b</td></tr><tr><td>c</td><td>d</td></tr>")
    if expected is None:
        assert page.startswith("| 视频：[")
    else:
        assert page == f"| {expected} | b |\n| --- | --- |\n| c | d |"


@pytest.mark.parametrize(
    "html",
    [
        "<tr><td>甲</td><td>乙</td><p></p></tr><tr><td>1<td>2",
        "<tr><td>甲</td><br><td>乙</td></tr><tr><td>1</td>&nbsp;<td>2",
        "<form><tr><td>甲<td>乙</form><tr><td>1<td>2",
        "<font><tr><td>甲<td>乙</tr></font><span></span><tr><td>1<td>2",
        "<tr><div><td>甲</td></div><td>乙</td></tr><tr><td>1<td>2",
        "<td>甲<td>乙<tr><td>1<td>2",
        "<tbody><tr><td>甲<td>乙</tbody></tbody><tbody><td>1<td>2",
    ],
)
def test_stray_tags_do_not_break_a_table(html: str) -> None:
    assert marked(html) == "| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |"


def test_stray_text_stands_before_the_table_as_in_browsers() -> None:
    page = marked("<tr><td>甲</td>丙<td>乙</td></tr><tr><td>1<td>2")
    assert page == "丙\n\n| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |"


@pytest.mark.parametrize(
    "html",
    [
        *("<tr><td>甲<tr><td>乙", "<tr><td>甲<td>乙", "<td>甲<td>乙"),
        "<tr><td>甲<td><h2>乙</h2><tr><td><td>",
        "<tr><td>甲<td><ul><li>乙</ul><tr><td><td>",
        "<tr><td>甲<td><img src=a.jpg>乙<tr><td><td>",
        "<tr><td><table><tr><td>甲<td>乙<tr><td><td></table>",
        "<tr><td colspan=2>甲<tr><td colspan=2>乙",
        "<tr><td>甲<td>乙" + "<tr><td><td>" * 5000,
        "<tr><td><h2>甲</h2><td>乙" + "国" * 1001 + "<tr><td>a<td>b",
        "<tr><td>甲<td><table><tr><td>1<td>2<tr><td>3<td>4</table><tr><td>乙<td>",
    ],
)
def test_layout_becomes_text_in_order(html: str) -> None:
    page = marked(html)
    assert "甲" in page.partition("乙")[0]
    assert "|" not in page or "<table>" in html


def test_table_in_a_list_or_quote_stays_there() -> None:
    table = "<table><tr><td>甲<td>乙<tr><td>1<td>2</table>"
    html = f"<blockquote>一{table}</blockquote><ul><li>二{table}</ul>"
    assert to_markdown(clean(html, "", (), lambda href: None)) == (
        "> 一\n>\n> | 甲 | 乙 |\n> | --- | --- |\n> | 1 | 2 |\n\n"
        "- 二\n\n  | 甲 | 乙 |\n  | --- | --- |\n  | 1 | 2 |"
    )


def test_no_cell_is_lost_from_a_malformed_table() -> None:
    page = marked("<tr><div><td>甲</td></div><td>乙</td><tr><td>丙<tr>丁<td>戊</table>己")
    assert all(cell in page for cell in "甲乙丙丁戊己")
