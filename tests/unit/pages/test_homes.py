"""Pages as every home's renderer shows them: the words, headings, links and pictures that GitHub shows."""

from __future__ import annotations

import re
from html import escape
from itertools import cycle, product
from pathlib import Path
from urllib.parse import unquote

import pytest
from lxml.html import HtmlElement, fragment_fromstring
from support.hard_texts import TEXTS, TITLES
from support.renderers import RENDERERS, Missing, Renderer

from mirror.content.cleaning import clean
from mirror.content.escaping import escape_address, escape_alt, escape_line
from mirror.content.markdown import to_markdown

GOLDEN = Path(__file__).parents[2] / "golden"
BODY = (
    "<p>{}</p><p>国<br>{}</p><p>国<b>{}</b>家</p><p><a href=x>{}</a></p><h2>{}</h2>"
    "<ul><li>{}<li>国</ul><blockquote>{}</blockquote>"
    "<table><tr><td>国<td>家<tr><td>{}<td>国</table><p>{}<sup>{}</sup></p>"
)
PUNCTUATION = "“”‘’《》〈〉（）「」『』【】〔〕()[]\"'，。、；：？！…—～·.,;:?!-/&$+=^|￥％℃★"
BESIDE = ("", "国", "a", "1", "“", "”", "。", "，", "）", "★", " ", "　", "<br>")
HEADINGS = ("h3", "h4", "h5", "h6")


@pytest.fixture(scope="module", params=RENDERERS)
def renderer(request: pytest.FixtureRequest) -> Renderer:
    try:
        return RENDERERS[request.param]()
    except Missing as missing:
        pytest.skip(f"{request.param}: {missing}")


def seen(html: str) -> HtmlElement:
    return fragment_fromstring(html, create_parent="div")


def words(element: HtmlElement) -> str:
    return "".join(element.text_content().split())


def links(page: HtmlElement) -> list[tuple[str, str]]:
    """The links of a page but for those that some make of mail addresses by themselves."""
    found = [(unquote(a.get("href")), words(a)) for a in page.iter("a")]
    return [link for link in found if not link[0].startswith("mailto:")]


def test_text_is_shown_as_it_is_wherever_it_stands(renderer: Renderer) -> None:
    parts = BODY.count("{}")
    pages = [
        to_markdown(clean(BODY.format(*[escape(text)] * parts), "https://a.example/", (), str))
        for text in (*TEXTS, *TITLES)
    ]
    for page, text, html in zip(pages, (*TEXTS, *TITLES), renderer.render(pages), strict=True):
        expected = re.sub("<[^>]*>", "", BODY).format(*[text] * parts)
        assert words(seen(html)) == "".join(expected.split()), page
        assert [href for href, _ in links(seen(html))] == ["x"]
        tags = [e.tag for e in seen(html).iter(*HEADINGS, "li", "blockquote", "table", "sup")]
        assert tags == ["h4", "li", "li", "blockquote", "table", "sup"], page


def test_emphasis_is_seen_beside_any_punctuation(renderer: Renderer) -> None:
    edges = [(first, last) for first in PUNCTUATION for last in (first, "。", "”", "国")]
    texts = [
        f"国{before}<{tag}>{escape(first)}人{escape(last)}</{tag}>{after}家"
        for tag in ("b", "i")
        for (first, last), (before, after) in zip(edges, cycle(product(BESIDE, BESIDE)))
    ]
    body = "".join(f"<p>{text}</p>" for text in texts)
    (html,) = renderer.render([to_markdown(clean(body, "https://a.example/", (), str))])
    shown = list(seen(html).iter("p"))
    for text, paragraph in zip(texts, shown, strict=True):
        (emphasised,) = paragraph.iter("strong", "em")
        assert "人" in emphasised.text_content(), text
        assert words(paragraph) == words(seen(text)), text


def test_title_is_one_heading(renderer: Renderer) -> None:
    pages = [f"### {escape_line(title)}\n\n国\n" for title in (*TITLES, *TEXTS)]
    for title, html in zip((*TITLES, *TEXTS), renderer.render(pages), strict=True):
        (heading,) = seen(html).iter(*HEADINGS)
        assert words(heading) == "".join(title.split())
        assert {"class", "style"}.isdisjoint(heading.keys())


def test_picture_keeps_its_alternative_text(renderer: Renderer) -> None:
    address = escape_address("https://a.example/a_b(1).jpg")
    pages = [f"![{escape_alt(title)}]({address})  \n国\n" for title in (*TITLES, *TEXTS)]
    for title, html in zip((*TITLES, *TEXTS), renderer.render(pages), strict=True):
        (picture,) = seen(html).iter("img")
        assert "".join(picture.get("alt").split()) == "".join(title.split())
        assert unquote(picture.get("src")) == "https://a.example/a_b(1).jpg"
        assert words(seen(html)) == "国"


def test_published_pages_are_what_github_shows(renderer: Renderer) -> None:
    texts = [path.read_text("utf-8") for path in sorted(GOLDEN.rglob("*.md"))]
    github = RENDERERS["cmark-gfm"]().render(texts)
    for html, wanted in zip(renderer.render(texts), github, strict=True):
        page, there = seen(html), seen(wanted)
        assert words(page) == words(there)
        assert links(page) == links(there)
        assert [img.attrib for img in page.iter("img")] == [img.attrib for img in there.iter("img")]
        headings = [[(e.tag, words(e)) for e in root.iter(*HEADINGS)] for root in (page, there)]
        assert headings[0] == headings[1]
