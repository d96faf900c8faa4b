"""Tags that nobody closed: what follows them is the article's, as in a browser."""

from __future__ import annotations

import pytest

from mirror.content.cleaning import clean

LONG = "居民已经撤离。" * 10


def cleaned(html: str) -> str:
    return clean(html, "https://news.example/", (), lambda href: None).replace("\n", "")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<svg><path d=x /><p>一</p><p>二</p>", "<p>一</p><p>二</p>"),
        ("<svg><g><text>图</text><p>一</p>二</g>", "<p>一</p><p>二</p>"),
        ("<p>零<svg><title>x</title><b>一</b></p>", "<p>零<strong>一</strong></p>"),
        ("<math><mi>x</mi><p>一</p>", "<p>x</p><p>一</p>"),
        ("<button type=button><p>一</p><p>二</p>", "<p>一</p><p>二</p>"),
        ("<button>水位仍在上升，居民已经撤离。", "<p>水位仍在上升，居民已经撤离。</p>"),
        ("<select><option><p>一</p>", "<p>一</p>"),
        (f"<form><input><p>{LONG}</p><p>{LONG}</p>", f"<p>{LONG}</p><p>{LONG}</p>"),
        ("<embed src=/a.swf>一<p>二</p>", None),
        (f"<video src=/a.mp4><p>{LONG}</p><p>{LONG}</p>", None),
        (f"<div class=player data-src=//a.example/v/a.mp4><p>{LONG}</p><p>{LONG}</p></div>", None),
    ],
)
def test_text_behind_an_open_tag_is_shown(html: str, expected: str | None) -> None:
    page = cleaned(html)
    if expected is None:  # behind a line with a link
        assert page.startswith(("<p>视频：<a", "<p>链接（网页）：<a"))
        assert all(text in page for text in ("一", "二") if text in html)
        assert page.count(LONG) == html.count(LONG)
    else:
        assert page == expected


@pytest.mark.parametrize(
    "html",
    [
        *("<svg><path></svg>", "<svg><title>分享</title><text>图</text></svg>"),
        *(
            "<button>分享</button>",
            "<select><option>一</select>",
            "<form><p>搜索</p><input></form>",
        ),
        *(
            "<textarea>一</textarea>",
            "<template><p>一</p></template>",
            "<iframe><p>一</p></iframe>",
        ),
    ],
)
def test_what_is_closed_is_left_out(html: str) -> None:
    assert cleaned(f"<p>前</p>{html}<p>后</p>") == "<p>前</p><p>后</p>"


def test_chart_that_is_drawn_is_missed() -> None:
    labels = "<text>第二道堤坝的水位</text>" * 3
    assert "（svg）" in cleaned(f"<p>前</p><svg>{labels}</svg>")
