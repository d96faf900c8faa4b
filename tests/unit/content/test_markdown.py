"""From clean HTML to Markdown: markup where GitHub recognises it, and text that is only text."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lxml.html import HtmlElement, tostring
from support.hard_texts import TEXTS

from mirror.content.cleaning import clean
from mirror.content.escaping import escape_address, escape_line
from mirror.content.markdown import to_markdown

Shown = Callable[[str], HtmlElement]


def marked(html: str) -> str:
    return to_markdown(
        clean(html, "https://news.example/", (), lambda href: f"https://{href}.example")
    )


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("他<b>说</b>话", "他**说**话"),
        ("是<strong>“重要”</strong>的", "是“**重要**”的"),
        ("<strong>编者按：</strong>本文", "**编者按**：本文"),
        ("<strong>编者按：</strong>", "**编者按：**"),
        ("<strong>（一）</strong>前言", "**（一**）前言"),
        ("前<strong>（一）</strong>", "前（**一）**"),
        ("“<b>重要</b>”", "“**重要**”"),
        ("他说<b>：“走吧。”</b>就走了", "他说：**“走吧。**”就走了"),
        ("<b>整段</b>", "**整段**"),
        ("<b> 说</b>话", "**说**话"),
        ("他<b> 说 </b>话", "他 **说** 话"),
        ("他<b>&nbsp;说&nbsp;</b>话", "他\xa0**说**\xa0话"),
        ("他<b>　说　</b>话", "他　**说**　话"),
        ("<b>一<br>二</b>", "**一**  \n**二**"),
        ("<b>一</b><b>二</b>", "**一二**"),
        ("<b>一</b> <b>二</b>", "**一** **二**"),
        ("<b>一</b>，<i>二</i>", "**一**，*二*"),
        ("<b>一<i>二</i>三</b>", "**一*二*三**"),
        ("<b><i>一</i></b>", "***一***"),
        ("<b><i>一</i>二</b>", "***一*二**"),
        ("<b><i>一</i>二<i>三</i></b>", "<strong>*一*二*三*</strong>"),
        ("一<b>，——</b>二", "一，——二"),
        ("<b>***</b>", r"\*\*\*"),
        ("<b>一*</b>二", r"**一**\*二"),
        ("第<b>①</b>章 <b>7</b>天", "第**①**章 **7**天"),
        ("<b>国<a href=x>家</a>人</b>", "**国**[**家**](https://x.example)**人**"),
        ("他<b><a href=x>“说”</a></b>话", "他[**“说”**](https://x.example)话"),
        ("<a href=x>他<b>说</b>话</a>", "[他**说**话](https://x.example)"),
        ("国<b><sup>一</sup>二</b>家", "国<sup>**一**</sup>**二**家"),
        ("一<i>二</i>三<del>四</del>五", "一*二*三~~四~~五"),
        ("水H<sub>2</sub>O<sup>[1]</sup>", r"水H<sub>2</sub>O<sup>\[1\]</sup>"),
    ],
)
def test_emphasis_stands_where_github_sees_it(html: str, expected: str) -> None:
    assert marked(f"<p>{html}</p>") == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<b>一</b><i>二</i>", "<strong>一</strong><em>二</em>"),
        ("国<b><i>一</i></b>家", "国<strong>*一*</strong>家"),
        ("<b>一</b><del>二</del>", "<strong>一</strong><del>二</del>"),
    ],
)
def test_emphasis_that_marks_cannot_carry_is_a_tag(html: str, expected: str) -> None:
    assert marked(f"<p>{html}</p>") == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h2>一</h2><h3>二</h3>", "#### 一\n\n##### 二"),
        ("<h2>一<br>二</h2>", "#### 一<br>二"),
        ("<h2># C ##</h2>", r"#### # C \#\#"),
        ("<h2>一<b>二</b></h2>", "#### 一**二**"),
        ("<p>一<br>二</p><p>三</p>", "一  \n二\n\n三"),
        ("<p>　　一<br>　二</p>", "　　一  \n　二"),
        ("一<hr>二", "一\n\n---\n\n二"),
        ("<blockquote>一<p>二<br>三</blockquote>四", "> 一\n>\n> 二  \n> 三\n\n四"),
        ("<img src=/a.jpg alt='a]b'><p>一", r"![a\]b](https://news.example/a.jpg)" + "\n\n一"),
        ("<img src='http://a b/'>一<a href='x y'>二</a>", "一二"),
    ],
)
def test_blocks(html: str, expected: str) -> None:
    assert marked(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<ul><li>一<li>二</ul>三", "- 一\n- 二\n\n三"),
        ("<ul><li><p>一</p><p>二</p><li>三</ul>", "- 一\n\n  二\n- 三"),
        ("<ul><li>一<br>二</ul>", "- 一  \n  二"),
        ("<ul><li>一<ul><li>二<ul><li>三</ul></ul><li>四</ul>", "- 一\n\n  - 二\n\n    - 三\n- 四"),
        ("<ol start=9><li>一<li>二<p>三</ol>", "9. 一\n10. 二\n\n    三"),
        ("<ul><li>一<ol start=3><li>二</ol>三</ul>", "- 一\n\n  3. 二\n\n  三"),
        ("<ul>一<li>二</ul>", "一\n\n- 二"),
        ("<ol><li>一</ol><ol><li>二</ol><ol><li>三</ol>", "1. 一\n\n1) 二\n\n1. 三"),
        ("<ul><li>一</ul><ul><li>二</ul>", "- 一\n\n* 二"),
        (
            "<ol><li>一</ol><ol><li>二<table><tr><td>a<td>b<tr><td>c<td>d</table></ol>",
            "1. 一\n\n1) 二\n\n   | a | b |\n   | --- | --- |\n   | c | d |",
        ),
        ("<ol><li value=3>三<li value=7>七</ol>", "3. 三\n\n7) 七"),
        ("<ol start=0><li>一</ol>", "0. 一"),
        ("<ul><li>一<blockquote>二</blockquote></ul>", "- 一\n\n  > 二"),
        ("<ul><li>一<pre>- 二\n\n三</pre></ul>", "- 一\n\n  ```\n  - 二\n\n  三\n  ```"),
        (
            "<ul><li># 一<li>- 二<li>3. 三<li>[ ] 四</ul>",
            "- \\# 一\n- \\- 二\n- 3\\. 三\n- \\[ \\] 四",
        ),
    ],
)
def test_lists(html: str, expected: str) -> None:
    assert marked(html) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# *x* <b> &amp; [y](z)", "```\n# *x* <b> &amp; [y](z)\n```"),
        ("\n\n  一\n\n二\n", "```\n  一\n\n二\n```"),
        ("```\n````", "`````\n```\n````\n`````"),
    ],
)
def test_preformatted_text_is_fenced(text: str, expected: str) -> None:
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    assert marked(f"<pre>{text}</pre>") == expected


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    "place",
    [
        "<p>{}</p>",
        "<h2>{}</h2>",
        "<ul><li>{}</ul>",
        "<blockquote>{}</blockquote>",
        "<p>一<br>{}</p>",
    ],
)
def test_text_never_becomes_markup(place: str, text: str, shown: Shown) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    page, plain = shown(marked(place.format(escaped))), shown(marked(place.format("二")))
    tags = [e.tag for e in page.iter("*") if e.tag != "span"]  # what a $ stands in
    assert tags == [e.tag for e in plain.iter("*")], tostring(page)
    assert page.text_content().split() == plain.text_content().replace("二", text).split()


def test_address_of_another_protocol_is_no_link(shown: Shown) -> None:
    links = shown(marked("<p>xmpp:a@b.example 和 c@d.example")).iter("a")
    assert [a.get("href") for a in links] == ["mailto:a@b.example", "mailto:c@d.example"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一\n 二\u200b", "一 二"),
        ("[一] | 二*", r"\[一\] &#124; 二\*"),
        ("# 一", r"\# 一"),
        ("#", r"\#"),
        ("一 ##", r"一 \#\#"),
        ("C#", r"C\#"),
        (r"\#", r"\\\#"),
        ("2021. 一", r"2021\. 一"),
        ("- 一", r"\- 一"),
        ("一&amp;二 & 三", "一&amp;amp;二 & 三"),
        ("<b>", "&lt;b>"),
        ("", ""),
    ],
)
def test_line_is_escaped(text: str, expected: str) -> None:
    assert escape_line(text) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/一?b=1&c=2#d", "https://a.example/一?b=1&c=2#d"),
        ("https://a.example/a b(c)[d]", "https://a.example/a%20b%28c%29%5Bd%5D"),
        (
            "https://a.example/<a>\n\"'\\`|*_~^",
            "https://a.example/%3Ca%3E%0A%22%27%5C%60%7C%2A%5F%7E%5E",
        ),
        ("https://a.example/?a&copy;=1", "https://a.example/?a%26copy;=1"),
        ("https://a.example/\ud800\u202e\x00", "https://a.example/"),
        ("../n1.md", "../n1.md"),
    ],
)
def test_address_is_escaped(url: str, expected: str) -> None:
    assert escape_address(url) == expected
