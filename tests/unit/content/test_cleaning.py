"""From a body as the site serves it to plain blocks: what stays, in which order, and what goes."""

from __future__ import annotations

import pytest

from mirror.content.cleaning import clean
from mirror.errors import MirrorError

BASE = "https://news.example/gb/20/1/1/n1.htm"
ELSEWHERE = "https://a.example/x"


def cleaned(html: str, link: str | None = ELSEWHERE) -> str:
    return clean(html, BASE, (".share", "#gtx-trans"), lambda href: link)


def in_a_row(html: str) -> str:
    return cleaned(html).replace("\n", "")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>一</p><p>二</p>", "<p>一</p><p>二</p>"),
        ("一<p>二</p>三<div>四</div>五", "<p>一</p><p>二</p><p>三</p><p>四</p><p>五</p>"),
        ("<p>一</p>\n</p>\n<p>二", "<p>一</p><p>二</p>"),
        ("<div><div><div><p>一</p></div></div></div>", "<p>一</p>"),
        ("<p>一<br>二<br/>三</p>", "<p>一<br>二<br>三</p>"),
        ("<p>一<br><br>二</p>", "<p>一</p><p>二</p>"),
        ("<p>一<br>&nbsp;<br>　<br>二</p>", "<p>一</p><p>二</p>"),
        ("<p>一</p><hr><p>二</p>", "<p>一</p><hr><p>二</p>"),
        ("<center></p><font>一</font></center>", "<p>一</p>"),
        ("<dl><dt>一</dt><dd>二</dd></dl>", "<p>一</p><p>二</p>"),
        ("<blockquote>一<p>二</p></blockquote>", "<blockquote><p>一</p><p>二</p></blockquote>"),
    ],
)
def test_paragraphs_stay_apart_and_in_order(html: str, expected: str) -> None:
    assert in_a_row(html) == expected


@pytest.mark.parametrize(
    "html",
    [
        *(
            "",
            " ",
            "<p></p>",
            "<p>&nbsp;</p>",
            "<p>　</p>",
            "<p>\u2003\u200b\ufeff</p>",
            "<p><br></p>",
        ),
        *("<!-- 一 -->", "<ul><li></li></ul>", "<ul><li><ul></ul></li></ul>", "<ol><ul></ul></ol>"),
        *("<blockquote><p> </p></blockquote>", "<h2> </h2>", "<pre> \n </pre>", "<p><b> </b></p>"),
        *(
            "<script>一</script>",
            "<style>一</style>",
            "<svg><text>一</text></svg>",
            "<template>一</template>",
        ),
        *("<form>搜索<input></form>", "<select><option>一</select>", "<button>分享</button>"),
        *("<noscript>请打开JavaScript</noscript>", "<div class=share>分享</div>"),
        *("<div id=gtx-trans><div>翻译</div></div>", "<iframe></iframe>", "<video></video>"),
        *("<center><p></p></center>", "<table><tr><td> </td></tr></table>", "<img>"),
    ],
)
def test_nothing_is_left_of_furniture_and_empty_blocks(html: str) -> None:
    assert cleaned(html) == ""


def test_text_after_what_goes_stays() -> None:
    assert (
        in_a_row("一<i class=share>分享</i>二<script>x</script>三<!-- x -->四") == "<p>一二三四</p>"
    )


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("他\n说", "他说"),
        ("他，\r\n  说", "他，说"),
        ("the\nworld", "the world"),
        ("他\nsaid", "他 said"),
        ("他 说  话", "他 说 话"),
        ("一&nbsp;二", "一&nbsp;二"),
        ("一\u2028二", "一 二"),
        ("　　一", "　　一"),
        ("&nbsp;&nbsp; 一 &nbsp;", "一"),
        ("一<br> 　二", "一<br>　二"),
        ("他<span>\n</span>说<b>\n话</b>", "他说<strong>话</strong>"),
        ("\n<a href=x>他</a>\n说", f'<a href="{ELSEWHERE}">他</a>说'),
        ("他\n<a href=x>\n说\n</a>\n话", f'他<a href="{ELSEWHERE}">说</a>话'),
        ("a <b>b</b> c", "a <strong>b</strong> c"),
        ("一\u200b二\ufeff三\xad四\u202e五\x00六", "一二三四五六"),
        ("&#8203;一&#x202e;二", "一二"),
        ("\ud800一", "一"),
        ("👨\u200d👩", "👨\u200d👩"),
    ],
)
def test_white_space_is_that_of_chinese_text(html: str, expected: str) -> None:
    assert cleaned(f"<p>{html}</p>") == f"<p>{expected}</p>"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<b>一</b><strong>二</strong>", "<strong>一二</strong>"),
        ("<b>一<i>二</i>三</b>", "<strong>一<em>二</em>三</strong>"),
        ("<i>一<b>二</b>三</i>", "<em>一<strong>二</strong>三</em>"),
        ("<b>一<i>二</i></b><i>三</i>", "<strong>一<em>二</em></strong><em>三</em>"),
        ("<s>一</s><strike>二</strike>", "<del>一二</del>"),
        ("<b>一<br>二</b>", "<strong>一</strong><br><strong>二</strong>"),
        ("一<b>，</b>二", "一，二"),
        ("一<b> </b>二", "一 二"),
        ("一<sup>*</sup>", "一<sup>*</sup>"),
        ("<u>一</u><font color=red>二</font><code>三</code>", "一二三"),
        ("<a href=x>一<b>二</b></a>", f'<a href="{ELSEWHERE}">一<strong>二</strong></a>'),
        (
            "<b>一<a href=x>二</a></b>",
            f'<strong>一</strong><a href="{ELSEWHERE}"><strong>二</strong></a>',
        ),
    ],
)
def test_marks_are_kept_as_few_tags(html: str, expected: str) -> None:
    assert cleaned(f"<p>{html}</p>") == f"<p>{expected}</p>"


def test_link_that_leads_nowhere_is_plain_text() -> None:
    assert (
        cleaned("<p>一<a href='#_ftn1'><sup>[1]</sup></a>二", None) == "<p>一<sup>[1]</sup>二</p>"
    )


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h2>一</h2><h3>二</h3>", "<h4>一</h4><h5>二</h5>"),
        ("<h3>一</h3>", "<h4>一</h4>"),
        (
            "<h1>一</h1><h2>二</h2><h4>三</h4><h6>四</h6>",
            "<h4>一</h4><h5>二</h5><h6>三</h6><h6>四</h6>",
        ),
        ("<h2>一<br>二</h2>", "<h4>一<br>二</h4>"),
        ("<h2>一<br><br>二</h2>", "<h4>一<br>二</h4>"),
        ("<h2><div>一</div></h2>二", "<h4>一</h4><p>二</p>"),
        ("<h2><a name=a></a>一</h2>", "<h4>一</h4>"),
        ("<h2>一<p>二</p>", "<h4>一</h4><p>二</p>"),
    ],
)
def test_headings_keep_their_order_below_the_title(html: str, expected: str) -> None:
    assert in_a_row(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<ul><li>一<li>二</ul>", "<ul><li><p>一</p></li><li><p>二</p></li></ul>"),
        ("<ul><li><p>一</p><p>二</p></ul>", "<ul><li><p>一</p><p>二</p></li></ul>"),
        ("<ul>一<li>二</ul>", "<p>一</p><ul><li><p>二</p></li></ul>"),
        (
            "<ul><li>一</li>二<p>三</p><li>四</ul>",
            "<ul><li><p>一</p><p>二</p><p>三</p></li><li><p>四</p></li></ul>",
        ),
        (
            "<ul><li>一</li><blockquote>二</blockquote></ul>",
            "<ul><li><p>一</p><blockquote><p>二</p></blockquote></li></ul>",
        ),
        ("<menu><li>一</menu>", "<ul><li><p>一</p></li></ul>"),
        (
            "<ul><li>一<ol><li>二</ol></ul>",
            "<ul><li><p>一</p><ol><li><p>二</p></li></ol></li></ul>",
        ),
        (
            "<ul><li>一</li><ul><li>二</ul></ul>",
            "<ul><li><p>一</p><ul><li><p>二</p></li></ul></li></ul>",
        ),
        ("<ol start=5><li>一</ol>", '<ol start="5"><li><p>一</p></li></ol>'),
        ("<ol start=²><li>一</ol>", "<ol><li><p>一</p></li></ol>"),
        ("<ol start=9999999999><li>一</ol>", "<ol><li><p>一</p></li></ol>"),
        ("<ol><li></li><li>二</ol>", '<ol start="2"><li><p>二</p></li></ol>'),
        ("<li>一<li>二", "<p>一</p><p>二</p>"),
    ],
)
def test_lists_keep_their_items(html: str, expected: str) -> None:
    assert in_a_row(html) == expected


def test_list_deeper_than_any_is_text_with_its_numbers() -> None:
    assert "<p>3. 一</p>" in in_a_row("<ul><li>" * 6 + "<ol start=3><li>一</ol>")


def test_quotes_end_where_they_end_however_deep() -> None:
    html = "<blockquote>" * 9 + "一" + "</blockquote>" * 9 + "二"
    assert in_a_row(html) == "<blockquote>" * 6 + "<p>一</p>" + "</blockquote>" * 6 + "<p>二</p>"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<pre>一  二\n\n 三</pre>", "<pre>一  二\n\n 三</pre>"),
        ("<pre>一<br>二&#13;三\u202e</pre>", "<pre>一\n二\n三</pre>"),
        ("<pre>a &lt;b> <b>c</b><script>x</script><!-- y --></pre>", "<pre>a &lt;b&gt; c</pre>"),
        (
            "<pre>一<img src=i.jpg>二</pre>",
            '<pre>一</pre>\n<p><img src="https://news.example/gb/20/1/1/i.jpg" alt=""></p>\n<pre>二</pre>',
        ),
    ],
)
def test_preformatted_text_stays_as_it_is_set(html: str, expected: str) -> None:
    assert cleaned(html) == expected


@pytest.mark.parametrize(
    ("html", "source"),
    [
        ("<img src=/i6/a.gif>", "https://news.example/i6/a.gif"),
        ("<img src=//i.example/a.jpg>", "https://i.example/a.jpg"),
        ("<img src=' http:https://i.example/a.jpg '>", "https://i.example/a.jpg"),
        ("<img src=/blank.gif data-src=//i.example/a.jpg>", "https://i.example/a.jpg"),
        (
            "<img src='data:image/gif;base64,AA' data-original=//i.example/a.jpg>",
            "https://i.example/a.jpg",
        ),
        ("<noscript><img src=//i.example/a.jpg></noscript>", "https://i.example/a.jpg"),
        (
            "<img data-src=//i.example/a.jpg><noscript><img src=//i.example/a.jpg></noscript>",
            "https://i.example/a.jpg",
        ),
        ("<a href=x><img src=//i.example/a.jpg width=600></a>", "https://i.example/a.jpg"),
    ],
)
def test_picture_has_its_own_whole_address(html: str, source: str) -> None:
    page = clean(html, BASE, (), lambda href: "https://i.example/a-full.JPG")
    assert page == f'<p><img src="{source}" alt=""></p>'


@pytest.mark.parametrize(
    "src", ["javascript:x", "data:image/png;base64,AA", "mailto:a@b.example", ""]
)
def test_picture_without_an_address_goes(src: str) -> None:
    assert cleaned(f"<p>一<img src='{src}'></p>") == "<p>一</p>"


@pytest.mark.parametrize("size", ["width=1", "height=0"])
def test_picture_that_nobody_sees_goes(size: str) -> None:
    assert cleaned(f"<img src=/a.gif {size}>") == ""


@pytest.mark.parametrize(
    "html",
    [
        "<figure><img src=/a.jpg alt='甲 \n乙'><figcaption>图</figcaption></figure>",
        "<figure><a href=y>\n<img src=/a.jpg alt='甲  乙'></a>\n<figcaption>\n图</figcaption></figure>",
    ],
)
def test_caption_stands_below_its_picture(html: str) -> None:
    page = clean(html, BASE, (), lambda href: "https://news.example/a.jpg")
    assert page == '<p><img src="https://news.example/a.jpg" alt="甲 乙"><br>图</p>'


def test_picture_keeps_a_link_that_is_no_picture() -> None:
    image = '<img src="https://news.example/a.jpg" alt="">'
    assert (
        cleaned("<a href=y> <img src=/a.jpg> </a>") == f'<p><a href="{ELSEWHERE}">{image}</a></p>'
    )


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            "<p>一<iframe src=//www.youtube.com/embed/abcdefghijk></iframe>二</p>",
            '<p>一</p><p>视频：<a href="https://www.youtube.com/watch?v=abcdefghijk">'
            "https://www.youtube.com/watch?v=abcdefghijk</a></p><p>二</p>",
        ),
        (
            "<h2>一<iframe src=//p.example/1></iframe></h2>",
            '<h4>一</h4><p>链接（网页）：<a href="https://p.example/1">https://p.example/1</a></p>',
        ),
        (
            '<div class=twitter-tweet><blockquote class=twitter-tweet>一<a href="https://t.example/a/status/1?ref_src=x">'
            "2020</a></blockquote></div>",
            f'<blockquote><p>一<a href="{ELSEWHERE}">2020</a></p><p>推文：<a href="https://t.example/a/status/1">'
            "https://t.example/a/status/1</a></p></blockquote>",
        ),
        (
            "<div class=DC-embed id=DV-viewer-7-a></div>"
            "<p><br><noscript><a href=//d.example/7.pdf>甲 乙</a></noscript></p>",
            '<p>链接（文件）：<a href="https://d.example/7.pdf">甲 乙</a></p>',
        ),
    ],
)
def test_what_is_embedded_is_one_line_with_a_link(html: str, expected: str) -> None:
    assert in_a_row(html) == expected


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + "一" + "</div>" * 100_000,
        "<svg>" * 3000 + "</svg>" * 3000 + "一",
        "<p " + " ".join(f"a{n}=1" for n in range(1_000_000)) + ">一</p>",
        "<b>一</b><i>二</i>" * 200_000,
        "一&amp;" * 400_000,
    ],
    ids=["depth", "hidden depth", "attributes", "elements", "entities"],
)
def test_what_is_no_article_is_refused_with_its_address(html: str) -> None:
    with pytest.raises(MirrorError, match=BASE):
        cleaned(html)


@pytest.mark.parametrize("tag", ["div", "b", "blockquote", "ul><li", "h2", "a href=x", "p"])
def test_a_thousand_tags_deep_is_read(tag: str) -> None:
    assert "一" in cleaned(f"<{tag}>" * 1000 + "一")
