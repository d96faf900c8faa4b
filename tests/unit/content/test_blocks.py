"""Quotes and lists without a parser: the same as with one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mirror.content.blocks import nest_markdown
from mirror.content.cleaning import clean
from mirror.content.markdown import parsed_markdown

PIECES = (
    *("国", "家", "a", "1. ", "- ", "# ", "*", "：", "“", " ", "\n", "　"),
    *("&nbsp;", "&lt;", "<br>", "<br><br>"),
    *(
        "<b>国</b>",
        "<b>“家”</b>",
        "<i> a</i>",
        "<a href=x>国</a>",
        "<sup>1</sup>",
        "<img src=/a.jpg alt=国>",
    ),
    *("<p>", "<p>国", "<h2>家</h2>"),
)
NESTS = (
    *("<blockquote>{}</blockquote>", "<ul><li>{}<li>{}</ul>", "<ol><li>{}<li>{}<li>国</ol>"),
    *("<ol start=9><li>{}<li>{}</ol>", "<ul>{}<li>{}</ul>"),
)


@pytest.mark.parametrize("nest", NESTS)
@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(data=st.data())
def test_nest_is_what_the_parser_makes_of_it(nest: str, data: st.DataObject) -> None:
    texts = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
    html = nest.format(*(data.draw(texts) for _ in range(nest.count("{}"))))
    html = clean(html, "https://news.example/", (), lambda href: f"https://{href}.example")
    if html.count("<blockquote>") + html.count("<ul>") + html.count("<ol") == 1:
        assert nest_markdown(html.split("\n")) in (None, parsed_markdown(html))


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<blockquote>\n<p>国<br>家</p>\n<p>人</p>\n</blockquote>", "> 国  \n> 家\n>\n> 人"),
        ("<ul>\n<li>\n<p>国</p>\n<p>家</p>\n</li>\n</ul>", "- 国\n\n  家"),
        ('<ol start="10">\n<li>\n<p>国</p>\n</li>\n</ol>', "10. 国"),
        ("<ul>\n<li>\n<ul>\n<li>\n<p>国</p>\n</li>\n</ul>\n</li>\n</ul>", None),
        ("<table>\n<tr>\n<td>\n国\n</td>\n</tr>\n</table>", None),
    ],
)
def test_only_quotes_and_flat_lists_are_written_without_a_parser(
    html: str, expected: str | None
) -> None:
    assert nest_markdown(html.split("\n")) == expected
