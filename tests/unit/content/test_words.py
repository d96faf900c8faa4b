"""Words as browsers show them: quotation marks, pronunciations, formulas, lines and spaces."""

from __future__ import annotations

import pytest

from mirror.content.cleaning import clean
from mirror.content.selecting import inner_html, selector_of


def cleaned(html: str) -> str:
    body = selector_of(f"<html><body>{html}</body></html>").css("body")[0].root
    return clean(inner_html(body), "https://news.example/", (), lambda href: None).replace("\n", "")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("县长说：<q>没有决堤</q>。", "县长说：“没有决堤”。"),
        ("<q>一<q>二</q>三</q><q>四</q>", "“一‘二’三”“四”"),
        ("<b><q>一</q></b>", "<strong>“一”</strong>"),
        ("<ruby>堋<rt>péng</rt></ruby>江", "堋（péng）江"),
        ("<ruby>漢<rt>hàn</rt>字<rt>zì</rt></ruby>", "漢（hàn）字（zì）"),
        ("<ruby>漢<rp>(</rp><rt>hàn</rt><rp>)</rp></ruby>", "漢（hàn）"),
        ("<ruby>漢<rp>(<rt>hàn<rp>)</ruby>好", "漢（hàn）好"),
        ("<ruby><rb>漢<rb>字<rt>hàn<rt>zì</ruby>好", "漢字（hàn）（zì）好"),
        ("<ruby>漢<rtc><rt>hàn</rt></rtc><rtc>汉</rtc></ruby>", "漢（hàn）（汉）"),
        ("<ruby>漢<rt> </rt></ruby>", "漢"),
        ("<math><mi>E</mi><mo>=</mo><msup><mi>c</mi><mn>2</mn></msup></math>", "E=c<sup>2</sup>"),
        (
            "<math><mfrac><mn>1</mn><msub><mi>x</mi><mn>0</mn></msub></mfrac></math>",
            "1/x<sub>0</sub>",
        ),
        ("<math><semantics><mi>x</mi><annotation>y</annotation></semantics></math>", "x"),
        *(
            (f"一{tag}二", "一<br>二")
            for tag in ("<br>", "<br/>", "<BR >", "</br>", "</br/>", "</Br >")
        ),
        ("<span style='display:block'>一</span><span style='display:block'>二</span>", "一<br>二"),
        ("一<a style='color:red; DISPLAY : flex'>二</a>三", "一<br>二<br>三"),
        ("一<span style='display:inline-block'>二</span>三", "一二三"),
        ("一<wbr>二<wbr/>三", "一二三"),
        ("안녕\n하세요", "안녕 하세요"),
        ("말했다”\n“그", "말했다” “그"),
        ("“Yes…”\n“No.”", "“Yes…” “No.”"),
        ("well—\nno", "well— no"),
        ("“好。”\n“不。”", "“好。”“不。”"),
        ("国”\n—家", "国”—家"),
        ("\u202dab\u202cc\u2066d\u2069e\u200ef\u200fg\u2064h\u061ci", "abcdefghi"),
        ("a\u202ab\u202cc", "a\u202ab\u202cc"),
        ("&#x202d;一&#8294;二", "一二"),
    ],
)
def test_paragraph_reads_as_in_a_browser(html: str, expected: str) -> None:
    assert cleaned(f"<p>{html}</p>") == f"<p>{expected}</p>"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h2><p>一</p></h2>二", "<h4>一</h4><p>二</p>"),
        ("<h3><p><strong>一</strong></p></h3>", "<h4><strong>一</strong></h4>"),
        ("<H2 class=x><P class=y>一</P><P>二</P></H2>", "<h4>一<br>二</h4>"),
        ("<h2>一<p>二</h2><p>三</p>", "<h4>一<br>二</h4><p>三</p>"),
        ("<h2>一<p>二</p>", "<h4>一</h4><p>二</p>"),
        ("<h2>一</h3><p>二</p>", "<h4>一</h4><p>二</p>"),
        ("<h2><picture>一</picture></h2>", "<h4>一</h4>"),
    ],
)
def test_heading_holds_its_paragraphs(html: str, expected: str) -> None:
    assert cleaned(html) == expected
