"""Pictures: where their addresses stand, which of several is taken, and the text that stands for them."""

from __future__ import annotations

import pytest
from lxml.html import fragment_fromstring

from mirror.content.cleaning import clean
from mirror.content.pictures import picture_url

BASE = "https://news.example/gb/20/1/1/n1.htm"
DAM = "https://i.example/dam.jpg"


def cleaned(html: str) -> str:
    return clean(html, BASE, (), lambda href: href, "题").replace("\n", "")


@pytest.mark.parametrize(
    "html",
    [
        *(
            f"<img {name}={DAM} src=data:image/gif;base64,AA>"
            for name in (
                *("data-src", "data-original", "data-lazy-src", "data-lazy", "data-actualsrc"),
                *(
                    "data-echo",
                    "data-url",
                    "data-img-src",
                    "data-cfsrc",
                    "data-orig-file",
                    "original",
                ),
                *("data-srcset", "data-lazy-srcset", "data-src-set", "data-x-srcset"),
            )
        ),
        *(
            f"<img data-src={DAM} src={placeholder}>"
            for placeholder in ("/blank.gif", "/img/placeholder.png", "/loading.gif", "about:blank")
        ),
        f"<img src=/images/loading.svg data-any={DAM}>",
        f"<img srcset='{DAM}'>",
        f"<img srcset='data:image/gif;base64,AA== 1w, {DAM} 600w'>",
        f"<img data-lazy=true data-image=1 src={DAM} data-large-file=https://i.example/big.jpg>",
        f"<picture><source srcset='{DAM}'><img></picture>",
        f"<picture><source srcset='https://i.example/dam.webp'><img src={DAM}></picture>",
        f"<picture><source data-srcset='{DAM}, https://i.example/2.jpg 2x'><img src=/blank.gif></picture>",
        f"<amp-img src={DAM} width=600></amp-img>",
        f"<amp-anim srcset='{DAM} 600w'></amp-anim>",
        f"<image src={DAM}></image>",
    ],
)
def test_picture_is_found_wherever_its_address_stands(html: str) -> None:
    assert cleaned(html) == f'<p><img src="{DAM}" alt="题"></p>'


@pytest.mark.parametrize(
    ("html", "name"),
    [
        ("<img srcset='/300.jpg 300w, /600.jpg 600w, /1200.jpg 1200w'>", "600"),
        ("<img srcset='/1200.jpg 1200w,/1000.jpg 1000w'>", "1000"),
        ("<img srcset='/2400.jpg 2400w, /1200.jpg 1200w'>", "1200"),
        ("<img src=/a.jpg srcset='/600.jpg 600w'>", "600"),
        ("<img src=/a-600x400.jpg srcset='/300.jpg 300w'>", "a-600x400"),
        ("<img srcset='/a-300x200.jpg, /a-600x400.jpg 2x'>", "a-600x400"),
        ("<img srcset='/a.jpg, /b.jpg 2x'>", "a"),
        ("<img srcset='/w_300,h_200/a.jpg 300w, /w_600,h_400/b.jpg 600w'>", "w_600,h_400/b"),
        (
            "<picture><source srcset='/a.jpg 1200w, /b.jpg 700w'><img src=/c-300x200.jpg></picture>",
            "b",
        ),
        (
            "<picture><source srcset='/a-600x400.webp'><img src=/a-600x400.jpg></picture>",
            "a-600x400",
        ),
    ],
)
def test_best_of_at_most_a_thousand_pixels_is_taken(html: str, name: str) -> None:
    image = next(fragment_fromstring(html).iter("img"))
    assert picture_url(image, BASE) == f"https://news.example/{name}.jpg"


@pytest.mark.parametrize(
    ("html", "name"),
    [
        ("<a href=/dam.jpg><img class=x></a>", "dam"),
        ("<a href=/dam.JPG?x=1><b><img src=data:x></b></a>", None),
        (
            "<a href=/dam.jpg><img src=/blank.gif><noscript><img src=/dam-600x400.jpg></noscript></a>",
            "dam-600x400",
        ),
        ("<img data-src=/a-600x400.jpg><noscript><img src=/a.jpg></noscript>", "a-600x400"),
        ("<noscript><img src=/a-600x400.jpg></noscript><img data-src=/a-600x400.jpg>", "a-600x400"),
        ("<amp-img src=/a.jpg><noscript><img src=/a.jpg></noscript></amp-img>", "a"),
        ("<amp-img src=/a.jpg><amp-img placeholder src=/b.jpg></amp-img></amp-img>", "a"),
    ],
)
def test_picture_is_shown_once(html: str, name: str | None) -> None:
    url = f"https://news.example/{name}.jpg" if name else "https://news.example/dam.JPG?x=1"
    assert cleaned(html) == f'<p><img src="{url}" alt="题"></p>'


@pytest.mark.parametrize("html", ["<a href=/dam.jpg><img width=1></a>", "<a href=/x.htm><img></a>"])
def test_link_does_not_stand_for_a_picture_that_is_none(html: str) -> None:
    assert cleaned(html) == ""


@pytest.mark.parametrize(
    ("html", "alt"),
    [
        ("<figure><img src=/a.jpg alt='甲'><figcaption>乙</figcaption></figure>", "甲"),
        (
            "<figure><img src=/a.jpg alt=' '><figcaption>乙\n<b>丙</b></figcaption></figure>",
            "乙 丙",
        ),
        ("<figure><img src=/a.jpg></figure><p>丁</p>", "题"),
        (
            "<div class=wp-caption><a href=/b.jpg><img src=/a.jpg></a><p class=wp-caption-text>乙</p></div>",
            "乙",
        ),
        ("<div><img src=/a.jpg><p class=caption>乙</p></div>", "题"),
        ("<figure><p class=wp-caption-text>乙</p><img src=/a.jpg></figure>", "乙"),
    ],
)
def test_every_picture_has_a_text(html: str, alt: str) -> None:
    assert f'alt="{alt}"' in cleaned(html)


def test_picture_in_its_own_address_is_missed() -> None:
    assert "（img）" in cleaned(f"<p>一<img src='data:image/png;base64,{'A' * 3000}'></p>")
