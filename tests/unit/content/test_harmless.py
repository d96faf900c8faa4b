"""Whatever an article holds, its page shows that text, its marks, and nothing that acts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from html import escape as escape_html
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml.html import HtmlElement, fragment_fromstring

from mirror.content.cleaning import clean
from mirror.content.escaping import escape, escape_address, escape_alt, escape_line
from mirror.content.links import absolute_url, without_tracking
from mirror.content.markdown import to_markdown
from mirror.content.text import one_line, visible

Shown = Callable[[str], HtmlElement]

BASE = "https://news.example/gb/20/1/1/n1.htm"
LINK = "https://a.example/x"
PIECES = (
    *"国家人aB7，。：（）《》“”—…·、「」〇①€½é😀\u0301\ufe0f",
    *"#=-*_`~|[]()<>&!\\:/.+$^{}\"';@%1",
    *(
        " ",
        " ",
        "\n",
        "\n",
        "\t",
        "\r",
        "\xa0",
        "\u3000",
        "\u2003",
        "\u2028",
        "\u200b",
        "\u202e",
        "\ufeff",
    ),
    *(
        "---",
        "===",
        "```",
        "~~~",
        "**",
        "__",
        "![",
        "](",
        "1. ",
        "12) ",
        "- [ ] ",
        ":---",
        "|---|",
        "\\\\",
    ),
    *(
        "&amp;",
        "&lt;",
        "&#60;",
        "&am",
        "p;",
        "</p>",
        "<br>",
        "<!--",
        "-->",
        "<script>alert(1)</script>",
    ),
    *(
        "http",
        "://",
        "https://a.cn",
        "www.a.cn",
        "mailto:",
        "javascript:alert(1)",
        "[x]: http://a.cn",
    ),
    *("[^1]", "a@b.cn", "xmpp:a@b.cn"),
)
PLACES = (
    *(
        "<p>{}</p>",
        "<p>国<br>{}</p>",
        "<div>{}<div>{}</div>{}</div>",
        "<h2>{}</h2>",
        "<h3>{}<b>{}</b></h3>",
    ),
    *(
        "<ul><li>{}<li>{}</ul>",
        "<ol start=7><li>a<li>{}<p>{}</p></ol>",
        "<ul><li>{}<ol><li>{}</ol>{}</ul>",
    ),
    *("<blockquote>{}<br>{}</blockquote>", "<blockquote><ul><li>{}</ul><pre>{}</pre></blockquote>"),
    *(
        "<pre>{}</pre>",
        "<p>{}</p><pre>{}</pre>{}",
        "<ul><li>a<pre>{}</pre></ul>",
        "<dl><dt>{}<dd>{}</dl>",
    ),
    *(
        "<p>国<b>{}</b>家</p>",
        "<p>{}<i>{}</i>{}</p>",
        "<p>{}<del>{}</del>a</p>",
        "<p>{}<sup>{}</sup>{}</p>",
    ),
    *(
        "<p>{}<a href=x>{}</a>{}</p>",
        "<p><b>{}<a href=x>{}</a></b>{}</p>",
        "<p>{}<b>{}</b><i>{}</i></p>",
    ),
    *(
        "<b>{}</b><a href='http://a b/'>{}</a>",
        "<figure><img src=a.jpg><figcaption>{}</figcaption></figure>",
    ),
    "<table><tr><th>{}<th>b<tr><td>{}<br>{}<td><b>{}</b></table>",
    "<blockquote><table><tr><td>a<td>{}<tr><td><p>{}</p>{}<td>b</table></blockquote>",
)
TAGS = (
    "p div b i strong em del sup sub a img br hr h1 h2 h3 ul ol li blockquote pre code table tbody tr td th "
    "caption figure figcaption center font form input textarea select option button script style iframe "
    "object embed video audio svg math mtext mglyph foreignObject title noscript noframes template meta "
    "base link frameset xmp plaintext details marquee isindex body html head x-y"
).split()
ATTRIBUTES = (
    *(
        "href=x",
        "href=javascript:alert(1)",
        "href=' java&#10;script:x'",
        "href='&#x6A;avascript:x'",
    ),
    *(
        "href=data:text/html,x",
        "href=vbscript:x",
        "href=//a.example/x",
        "href=#a",
        "href='http://a b/'",
    ),
    *(
        "href='x)<script>'",
        "href='x\n\n<script>'",
        "href=http://a.example:99999/",
        "href=http://[x",
    ),
    *(
        "src=a.jpg",
        "src=javascript:x",
        "src='data:image/png;base64,AA'",
        "src=//youtube.com/embed/abcdefg",
    ),
    *(
        "src='http://a%zz/'",
        "data-src=b.jpg",
        "data=javascript:x",
        "data-id=x",
        "data-href=//a.example/1",
    ),
    *(
        "onerror=alert(1)",
        "onclick=x",
        "style='background:url(javascript:x)'",
        "srcdoc='<script>x</script>'",
    ),
    *(
        "formaction=javascript:x",
        "xlink:href=javascript:x",
        "http-equiv=refresh",
        "content='0;url=x'",
    ),
    *(
        "class=twitter-tweet",
        "class=fb-post",
        "class=player-container",
        "class=DC-embed",
        "class=share",
    ),
    *(
        "alt=']('",
        "alt='\n\n<script>'",
        "alt='a|b'",
        "colspan=3",
        "rowspan=99999",
        "start=²",
        "width=1",
        "'",
    ),
)
ATTACKS = (
    "<svg/onload=alert(1)>",
    "<<SCRIPT>alert(1);//<</SCRIPT>",
    '<IMG """><SCRIPT>alert(1)</SCRIPT>">',
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<svg><p><style><img src=1 onerror=alert(1)></style></p></svg>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<![CDATA[<script>x</script>]]>",
    "<!--[if IE]><script>x</script><![endif]-->",
    "<?xml version=1?><script>x</script>",
    '<title><a href="</title><img src=x onerror=1>">',
    "<pre>\n```\n<img src=x onerror=1>\n~~~\n</pre>",
    "<blockquote><pre>a&#13;&#13;&lt;script&gt;x&lt;/script&gt;</pre></blockquote>",
    "<li>```<td>`|</td>",
)
HARMLESS = set(
    "div p h3 h4 h5 h6 ul ol li blockquote pre code table thead tbody tr td th br hr strong em del sup sub "
    "a img span".split()
)
MARKS = {"b": "strong", "i": "em", **{mark: mark for mark in ("strong", "em", "del", "sup", "sub")}}

thorough = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
texts = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)


def marked(html: str) -> str:
    return to_markdown(clean(html, BASE, (".share",), lambda href: LINK if href == "x" else None))


def squeezed(text: str) -> str:
    return "".join(visible(text).split())


def elements(page: HtmlElement) -> Iterator[HtmlElement]:
    """All elements but the links that GFM makes of every mail address, and what a $ stands in."""
    found = (e for e in page.iter("*") if not e.get("href", "").startswith("mailto:"))
    return (e for e in found if e.tag != "span" or e.text != "$")


def letters(
    node: HtmlElement, marks: frozenset[str] = frozenset()
) -> Iterator[tuple[str, frozenset[str]]]:
    """Every letter with the marks that it bears."""
    if node.tag == "a" and node.get("href") in ("x", LINK):
        marks |= {"a"}
    elif node.get("href") == "y":
        marks -= {"a"}
    marks |= {MARKS[node.tag]} if node.tag in MARKS else frozenset()
    yield from ((c, marks) for c in node.text or "" if c.isalnum())
    for child in node:
        if isinstance(child.tag, str):
            yield from letters(child, marks)
        yield from ((c, marks) for c in child.tail or "" if c.isalnum())


@pytest.mark.parametrize("place", PLACES)
@settings(thorough, max_examples=12)
@given(data=st.data())
def test_text_is_shown_as_it_is_wherever_it_stands(
    shown: Shown, place: str, data: st.DataObject
) -> None:
    given = [data.draw(texts) for _ in range(place.count("{}"))]
    page = shown(marked(place.format(*map(escape_html, given))))
    assert squeezed(page.text_content()) == squeezed(re.sub("<[^>]*>", "", place).format(*given))
    usual = {e.tag for e in shown(marked(place.replace("{}", "国"))).iter()}
    assert {e.tag for e in elements(page)} <= usual | {"br"}


MAIL = ("mailto:", "MAILTO:", "xmpp:", "a@b.cn", "a@b_c.cn", "@", "a", *".+-_/: 国")


@settings(thorough, max_examples=200)
@given(text=st.lists(st.sampled_from(MAIL), max_size=9).map("".join))
def test_mail_address_is_at_most_a_link_to_itself(shown: Shown, text: str) -> None:
    page = shown(f"国{escape(text)}国")
    assert squeezed(page.text_content()) == squeezed(f"国{text}国")
    assert [e.tag for e in elements(page)] == ["div", "p"]


@thorough
@given(title=texts)
def test_title_is_one_heading(shown: Shown, title: str) -> None:
    page = shown(f"### {escape_line(title)}\n\n国\n")
    assert [e.tag for e in elements(page)] == ["div", "h3", "p"]
    assert squeezed(page[0].text_content()) == squeezed(title)


@thorough
@given(alt=texts, address=texts, caption=texts)
def test_picture_keeps_its_alt_text_address_and_caption(
    shown: Shown, alt: str, address: str, caption: str
) -> None:
    url = f"https://a.example/{address}"
    page = shown(f"![{escape_alt(alt)}]({escape_address(url)})  \n{escape_line(caption)}\n\n国\n")
    assert [e.tag for e in elements(page) if e.tag != "br"] == ["div", "p", "img", "p"]
    assert one_line(page[0][0].get("alt")) == one_line(alt)
    assert unquote(page[0][0].get("src")) == unquote(visible(url))
    assert squeezed(page[0].text_content()) == squeezed(caption)


def within(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    tags = st.sampled_from(
        ("b", "i", "strong", "em", "del", "sup", "sub", "a href=x", "a href=y", "font")
    )
    wrapped = st.tuples(tags, inner).map(lambda t: f"<{t[0]}>{t[1]}</{t[0].split()[0]}>")
    return wrapped | st.lists(inner, min_size=1, max_size=4).map("".join)


@pytest.mark.parametrize(
    "place",
    ["<p>{}</p>", "<p>国{}家</p>", "<h2>{}</h2>", "<table><tr><td>{}<td>b<tr><td>c<td>d</table>"],
)
@settings(thorough, max_examples=40)
@given(
    inline=st.recursive(
        texts.map(escape_html) | st.sampled_from(("“国", "家。”", "，", "a")), within, max_leaves=8
    )
)
def test_every_letter_bears_its_marks(shown: Shown, place: str, inline: str) -> None:
    html = place.format(inline)
    page, source = shown(marked(html)), fragment_fromstring(visible(html), create_parent="div")
    assert squeezed(page.text_content()) == squeezed(source.text_content())
    assert list(letters(page)) == list(letters(source))


opening = st.tuples(st.sampled_from(TAGS), st.lists(st.sampled_from(ATTRIBUTES), max_size=3)).map(
    lambda t: f"<{' '.join((t[0], *t[1]))}>"
)
closing = st.sampled_from(TAGS).map("</{}>".format)
soup = st.lists(
    opening | closing | opening | texts.map(escape_html) | texts | st.sampled_from(ATTACKS),
    max_size=30,
)


@settings(thorough, max_examples=200)
@given(html=soup.map("".join))
def test_nothing_on_a_page_acts_and_no_text_is_lost_on_the_way(shown: Shown, html: str) -> None:
    cleaned = clean(html, BASE, (".share",), lambda href: absolute_url(href, BASE))
    page = shown(to_markdown(cleaned))
    assert {e.tag for e in page.iter("*")} <= HARMLESS
    for element in page.iter("*"):
        assert set(element.keys()) <= {"href", "src", "alt", "start"}
        addresses = filter(None, (element.get("href"), element.get("src")))
        assert all(urlsplit(url).scheme in ("http", "https", "mailto", "") for url in addresses)
    source = fragment_fromstring(f"<div>{cleaned}</div>")
    assert squeezed(page.text_content()) == squeezed(source.text_content())
    assert list(letters_marked(page)) == list(letters_marked(source))
    assert blocks(page) == blocks(source)


def letters_marked(node: HtmlElement) -> Iterator[tuple[str, frozenset[str]]]:
    return ((letter, marks - {"a"}) for letter, marks in letters(node))


def blocks(page: HtmlElement) -> Counter[str]:
    return Counter(
        e.tag for e in page.iter("h4", "h5", "h6", "li", "blockquote", "pre", "hr", "table")
    )


@thorough
@given(
    href=st.lists(
        st.sampled_from((*PIECES, "[::1]", "?utm_a=1", "&fbclid", "\ud800")) | st.characters()
    )
)
def test_any_address_is_whole_or_none(href: list[str]) -> None:
    url = absolute_url("".join(href), BASE)
    assert url is None or urlsplit(url).scheme in ("http", "https", "mailto")
    assert url is None or without_tracking(without_tracking(url)) == without_tracking(url)


@pytest.mark.parametrize(
    ("html", "shown", "times"),
    [
        ("<p>" + "国家，" * 300_000, "国家，", 300_000),
        ("<p>" + "word " * 300_000, "word", 300_000),
        ("<p>" + "# " * 300_000, "#", 300_000),
        ("<h2>" + "#" * 1_000_000 + "a", "#a", 1),
        ("<p>a" + "\n" * 1_000_000 + "b", "a b", 1),
        ("<p>" + "<b>a</b> " * 5_000 + "<b> </b>" * 10_000, "**a**", 5_000),
        ("<ol>" + "<li>a" * 8_000, ". a", 8_000),
        ("<p>国<strong>" + "，" * 300_000 + "国</strong>", "，", 300_000),
        ("<blockquote class=twitter-tweet>" * 1900 + "<a href=/status/1>a</a>" * 100, "a" * 100, 1),
        ("<div class=DC-embed id=a></div>" * 20_000, "documents/a)", 1),
        ("<a href='http://a.example/?" + "utm_a=1&" * 100_000 + "'>国</a>", "国", 1),
        (
            "<img src='http://a.example/" + "a|" * 200_000 + "' alt='" + "]![" * 200_000 + "'>",
            "a%7C",
            200_000,
        ),
        ("<table>" + "<tr><td colspan=99999 rowspan=99999>a<td>b" * 2000 + "</table>", "b", 2000),
        ("<" * 200_000, "&lt;", 200_000),
    ],
    ids=lambda value: f"{value[:6]}{len(value)}" if isinstance(value, str) else None,
)
def test_all_of_a_long_article_is_shown(html: str, shown: str, times: int) -> None:
    assert marked(html).count(shown) == times
