"""The text of an article as the reader's site shows it."""

from __future__ import annotations

from mirror.exports.site_markup import site_text


def test_links_inside_stay_and_others_are_notes() -> None:
    text = site_text(
        '<p><a href="n2.html">甲</a>、<a href="https://a.example/?x=1&amp;y=2">乙</a>、'
        '<a href="mailto:b@a.example">丙</a>、<a href="https://a.example/?x=1&amp;y=2">丁</a></p>'
    )
    assert text.html == (
        '<p><a href="n2.html">甲</a>、<span class="outside" data-note="1">乙</span>、'
        '<span class="outside" data-note="2">丙</span>、<span class="outside" data-note="1">丁</span></p>'
    )
    assert text.addresses == ("https://a.example/?x=1&y=2", "mailto:b@a.example")


def test_of_a_picture_its_words_stay() -> None:
    text = site_text('<p><a href="https://a.example/1.jpg" class="picture">［图：港口］</a></p>')
    assert (text.html, text.addresses) == ('<p><span class="picture">［图：港口］</span></p>', ())


def test_what_is_searched_has_a_line_for_each_block() -> None:
    html = "<h2>一</h2><p>二<br/>三 &amp; 四</p><table><tr><td>五</td><td>六</td></tr></table>七 &lt; 八"
    assert site_text(html).plain.splitlines() == ["一", "二", "三 & 四", "五", "六", "七 < 八"]
    assert site_text(html).html == html
