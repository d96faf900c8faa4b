"""Markup that is HTML and XHTML alike."""

from __future__ import annotations

import pytest
from lxml import etree

from mirror.content.cleaning import clean
from mirror.exports.markup import polyglot, web_address


def markup(body: str, title: str = "") -> str:
    return polyglot(clean(body, "https://a.example/", (), str, title), title)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "<p>一<br>二 &amp; 三&nbsp;四 &lt;五&gt;</p>",
            "<p>一<br/>二 &amp; 三\xa0四 &lt;五&gt;</p>",
        ),
        ("<h2>甲</h2><h3>乙</h3>", "<h2>甲</h2>\n<h3>乙</h3>"),
        ("<p>甲\x0b乙\x00丙</p>", "<p>甲乙丙</p>"),
        (
            "<table><tr><td>甲<td><tr><td>乙<td>丙</table>",
            "<table><tr><td>甲</td><td></td></tr><tr><td>乙</td><td>丙</td></tr></table>",
        ),
        ("<ul><li>甲</ul><ul><li>乙</ul>", '<ul class="circle"><li><p>乙</p></li></ul>'),
    ],
)
def test_clean_html_becomes_markup(body: str, expected: str) -> None:
    found = markup(body)
    assert "".join(found.split("\n")).endswith("".join(expected.split("\n")))
    etree.fromstring(f"<div>{found}</div>")


def test_pictures_become_links_that_nobody_follows_by_himself() -> None:
    found = markup("<p><img src=https://i.example/图.jpg alt=港口></p>")
    link = etree.fromstring(f"<div>{found}</div>").find(".//a")
    assert link is not None
    assert (link.text, link.get("href")) == ("［图：港口］", "https://i.example/%E5%9B%BE.jpg")
    assert "<img" not in found


def test_a_title_is_not_said_again_in_place_of_each_picture() -> None:
    assert "［图］" in markup("<p><img src=https://i.example/a.jpg></p>", "港口重开")


def test_a_picture_in_a_link_is_no_link_in_a_link() -> None:
    found = markup("<p><a href=https://b.example/><img src=https://i.example/a.jpg alt=港></a></p>")
    links = list(etree.fromstring(f"<div>{found}</div>").iter("a"))
    assert [link.get("href") for link in links] == ["https://b.example/"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/b%20c", "https://a.example/b%20c"),
        ("https://a.example/100%", "https://a.example/100%25"),
        ("https://a.example/#x#y", "https://a.example/#x%23y"),
        ("n1.xhtml", "n1.xhtml"),
    ],
)
def test_addresses_are_such_as_xhtml_takes(url: str, expected: str) -> None:
    assert web_address(url) == expected
