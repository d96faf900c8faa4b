"""Players, frames and posts: what each is called and where it can be seen."""

from __future__ import annotations

import pytest
from lxml.html import fragment_fromstring

from mirror.content.cleaning import clean
from mirror.content.embeds import embed, unknown, unknown_embeds

BASE = "https://news.example/gb/20/1/1/n1.htm"
VIDEO = "https://www.youtube.com/watch?v=abcdefghijk"
UUID = "01234567-89ab-cdef-0123-456789abcdef"


@pytest.mark.parametrize(
    ("html", "kind", "url"),
    [
        ("<iframe src=https://www.youtube.com/embed/abcdefghijk?rel=0>", "视频", VIDEO),
        ("<iframe src=//www.youtube-nocookie.com/embed/abcdefghijk/>", "视频", VIDEO),
        ("<iframe src=about:blank data-src=//www.youtube.com/embed/abcdefghijk>", "视频", VIDEO),
        ("<embed src=http://www.youtube.com/v/abcdefghijk>", "视频", VIDEO),
        ("<object data=http://www.youtube.com/v/abcdefghijk></object>", "视频", VIDEO),
        (
            "<object><param name=Movie value=//www.youtube.com/v/abcdefghijk><embed src=//x.example/y>",
            "视频",
            VIDEO,
        ),
        (
            "<iframe src=//www.youtube.com/embed/videoseries?list=PLx>",
            "视频",
            "https://www.youtube.com/playlist?list=PLx",
        ),
        (
            "<iframe src=https://player.vimeo.com/video/1>",
            "视频",
            "https://player.vimeo.com/video/1",
        ),
        (
            "<iframe src='https://www.facebook.com/plugins/video.php?href=x'>",
            "视频",
            "https://www.facebook.com/plugins/video.php?href=x",
        ),
        (
            f"<script src=//www.youmaker.com/2018/api/{UUID}></script>",
            "视频",
            f"https://www.youmaker.com/video/{UUID}",
        ),
        (
            "<div class='x player-container' data-id=player-7></div>",
            "视频",
            "https://www.youmaker.com/video/7",
        ),
        ("<video src=/a.mp4></video>", "视频", "https://news.example/a.mp4"),
        (
            "<video><source src=javascript:x><source src=/a.mp4?_=1></video>",
            "视频",
            "https://news.example/a.mp4",
        ),
        ("<audio><source src=a.mp3></audio>", "音频", "https://news.example/gb/20/1/1/a.mp3"),
        (
            "<iframe src=https://w.soundcloud.com/player/1>",
            "音频",
            "https://w.soundcloud.com/player/1",
        ),
        (
            "<iframe src=https://docs.google.com/file/d/1>",
            "链接（文件）",
            "https://docs.google.com/file/d/1",
        ),
        ("<iframe src=https://a.example/x.pdf>", "链接（文件）", "https://a.example/x.pdf"),
        (
            "<div class=DC-embed id=DV-viewer-7-a></div>",
            "链接（文件）",
            "https://www.documentcloud.org/documents/7-a",
        ),
        (
            "<iframe src=https://datawrapper.dwcdn.net/x/1/>",
            "图表",
            "https://datawrapper.dwcdn.net/x/1/",
        ),
        ("<iframe src=https://a.example/map>", "链接（网页）", "https://a.example/map"),
        ("<iframe src=https://a.example/?id=1>", "链接（网页）", "https://a.example/?id=1"),
        ("<iframe src=https://a.example/>", "链接（网页）", "https://a.example/"),
        (
            "<iframe src=about:blank data-lazy-src=//www.youtube.com/embed/abcdefghijk>",
            "视频",
            VIDEO,
        ),
        ("<iframe data-litespeed-src=//www.youtube.com/embed/abcdefghijk>", "视频", VIDEO),
        ("<iframe src='' data-url=//www.youtube.com/embed/abcdefghijk>", "视频", VIDEO),
        (
            "<iframe data-lazyload=fit data-src=/embed/1>",
            "链接（网页）",
            "https://news.example/embed/1",
        ),
        ("<iframe srcdoc='<a href=https://www.youtube.com/embed/abcdefghijk>'>", "视频", VIDEO),
        ("<iframe src=https://t.me/dam_news/68?embed=1>", "链接（帖子）", None),
        ("<iframe src=https://truthsocial.com/@mayor/1/embed>", "链接（帖子）", None),
        ("<iframe src=https://www.tiktok.com/embed/v2/7>", "视频", None),
        ("<iframe src=https://flo.uri.sh/visualisation/7/embed>", "图表", None),
        ("<iframe src=https://a.example/x.mp3?y=1>", "音频", None),
        ("<video data-src=/a.mp4></video>", "视频", "https://news.example/a.mp4"),
        ("<video><source data-src=/a.mp4></video>", "视频", "https://news.example/a.mp4"),
        ("<video src=blob:x><a href=/a.mp4>a</a></video>", "视频", "https://news.example/a.mp4"),
        ("<amp-video src=https://a.example/a.mp4></amp-video>", "视频", "https://a.example/a.mp4"),
        ("<amp-audio><source src=/a.mp3></amp-audio>", "音频", "https://news.example/a.mp3"),
        (
            "<video-js data-account=1 data-video-id=2></video-js>",
            "视频",
            "https://players.brightcove.net/1/default_default/index.html?videoId=2",
        ),
        (
            "<object class=tableauViz><param name=name value=Dam/Water></object>",
            "图表",
            "https://public.tableau.com/views/Dam/Water",
        ),
        ("<iframe src=https://notyoutube.com/embed/abcdefghijk>", "链接（网页）", None),
    ],
)
def test_what_is_embedded_has_a_kind_and_an_address(html: str, kind: str, url: str | None) -> None:
    node = fragment_fromstring(html)
    url = url or node.get("src") or ""
    assert embed(node, BASE) == (kind, url, url)


@pytest.mark.parametrize(
    ("title", "text"), [("图\n一", "图 一"), (" ", "https://e.infogram.com/c")]
)
def test_chart_is_called_by_its_title(title: str, text: str) -> None:
    node = fragment_fromstring(f"<div class=infogram-embed data-id=c data-title='{title}'></div>")
    assert embed(node, BASE) == ("图表", "https://e.infogram.com/c", text)


@pytest.mark.parametrize(
    "html",
    [
        *("<iframe>", "<iframe src=''>", "<iframe src=about:blank>", "<iframe src=javascript:x>"),
        *("<iframe src=https://news.example/gb/20/1/1/n1.htm>", "<iframe src=mailto:a@b.example>"),
        "<iframe src=https://x.doubleclick.net/ad>",
        *(
            "<iframe src='http://[x'>",
            "<object></object>",
            "<video></video>",
            "<audio src=data:x></audio>",
        ),
        *("<script>x</script>", "<script src=//platform.twitter.com/widgets.js></script>"),
        *("<script src=//www.youmaker.com/assets/player.js></script>", "<div></div>"),
        *(
            "<div class=player-container></div>",
            "<div class=infogram-embed></div>",
            "<div class=DC-embed>",
        ),
    ],
)
def test_what_shows_nothing_is_no_embed(html: str) -> None:
    assert embed(fragment_fromstring(html), BASE) is None


@pytest.mark.parametrize(
    "html",
    [
        *("<iframe id=x>", "<iframe class=lazy src=about:blank>", "<video controls></video>"),
        *("<audio src=blob:x></audio>", "<object data=data:x></object>", "<canvas id=x></canvas>"),
        *(
            "<embed type=x>",
            "<foo-player data-x=1></foo-player>",
            "<amp-chart data-x=1></amp-chart>",
        ),
        "<script src=//p.example/player.js?id=7></script>",
    ],
)
def test_what_cannot_be_told_is_known_by_its_tag(html: str) -> None:
    node = fragment_fromstring(html)
    assert embed(node, BASE) is None
    assert unknown(node) == node.tag


@pytest.mark.parametrize(
    "html",
    [
        *("<iframe></iframe>", "<video></video>", "<p class=x>一</p>", "<div class=player></div>"),
        *("<iframe id=google_ads_iframe_1>", "<iframe class='ad-slot'>", "<iframe id=x width=1>"),
        *("<iframe src=//x.doubleclick.net/ad>", "<audio controls style='display: none'></audio>"),
        *("<video hidden id=x></video>", "<script>x</script>", "<script src=/app.js></script>"),
        *("<script src=//platform.twitter.com/widgets.js></script>", "<x-y data-x=1></x-y>"),
        *("<foo-player id=x>一</foo-player>", "<amp-ad type=x></amp-ad>", "<amp-pixel src=x>"),
    ],
)
def test_nothing_is_missing_where_nothing_was_shown(html: str) -> None:
    assert unknown(fragment_fromstring(html)) is None


def test_page_names_what_it_cannot_show() -> None:
    html = clean("<p>一</p><video id=x></video><p>二</p><canvas id=y></canvas>", BASE, (), str)
    assert unknown_embeds(html) == ["video", "canvas"]
    assert unknown_embeds("<p>一</p>") == []
