"""Players, frames and posts: what each is called and where it can be seen."""

from __future__ import annotations

import pytest
from lxml.html import fragment_fromstring

from mirror.content.embeds import embed, post

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
        *("<iframe src=https://a.example/>", "<iframe src=https://x.doubleclick.net/ad>"),
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
    ("html", "kind", "url"),
    [
        (
            "<blockquote class=twitter-tweet>一 <a href=https://t.example/b>b</a>"
            "<a href='https://twitter.com/a/status/1?ref_src=x'>2020</a></blockquote>",
            "推文",
            "https://twitter.com/a/status/1",
        ),
        (
            "<blockquote class=instagram-media data-instgrm-permalink='//i.example/p/1/?utm_source=x'>",
            "链接（帖子）",
            "https://i.example/p/1/",
        ),
        (
            "<div class=fb-post data-href=https://f.example/1></div>",
            "链接（帖子）",
            "https://f.example/1",
        ),
    ],
)
def test_post_has_the_address_of_its_own_page(html: str, kind: str, url: str) -> None:
    assert post(fragment_fromstring(html), BASE) == (kind, url, url)


@pytest.mark.parametrize(
    "html",
    [
        *("<blockquote>一</blockquote>", "<blockquote class=twitter-tweet>一</blockquote>"),
        *(
            "<blockquote class=twitter-tweet><a href=javascript:/status/1>x</a>",
            "<div class=fb-post></div>",
        ),
    ],
)
def test_quote_without_such_an_address_is_no_post(html: str) -> None:
    assert post(fragment_fromstring(html), BASE) is None
