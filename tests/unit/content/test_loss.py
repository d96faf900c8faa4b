"""Text that a page lacks of its article: found whatever was done to it, and nothing else."""

from __future__ import annotations

import pytest

from mirror.content.cleaning import clean
from mirror.content.loss import lost_text
from mirror.content.markdown import to_markdown

LONG = "水位仍在上升居民已经撤离" * 2


def marked(html: str) -> str:
    return to_markdown(clean(html, "https://news.example/", (), lambda href: href, "题"))


@pytest.mark.parametrize(
    "html",
    [
        *(
            "",
            "<p></p>",
            f"<p>{LONG}</p>",
            f"<h2>{LONG}</h2><p>一<b>二</b>，<a href=x_y>三</a></p>",
        ),
        f"<p>a &amp;amp; b &lt;br&gt; [x](y) *{LONG}* $1 &nbsp; 2~3</p>",
        f"<ol><li value=3>{LONG}</ol><table><tr><td>甲<td>乙<tr><td>{LONG}<td>丙</table>",
        f"<p>{LONG}<q>一</q><ruby>堋<rp>(</rp><rt>péng</rt><rp>)</rp></ruby></p>",
        f"<p>{LONG}<svg><path><p>{LONG}</p>",
        f"<p>{LONG}</p><script>{LONG}</script><noscript>{LONG}</noscript><style>{LONG}</style>",
        f"<p>{LONG}{LONG}{LONG}{LONG}</p><button>分享到脸书</button>",
    ],
)
def test_nothing_is_missing_from_a_page_of_ours(html: str) -> None:
    assert lost_text(html, marked(html)) == ""


@pytest.mark.parametrize(
    ("html", "markdown", "lost"),
    [
        (f"<p>一</p><p>{LONG}</p>", "一", LONG),
        ("<p>一二三四五</p><p>六</p>", "一二三四五", "六"),
        (f"<p>一</p><svg><p>{LONG}</p></svg>", "一", LONG),
        (f"<form><p>{LONG}</p><input></form>", "", LONG),
        (f"<p>{LONG}</p>" * 9 + "<p>一二三</p>", LONG, ""),
        ("<p>一" + "二" * 99, "一", "一" + "二" * 59),
    ],
)
def test_what_is_missing_is_named(html: str, markdown: str, lost: str) -> None:
    assert lost_text(html, markdown) == lost
