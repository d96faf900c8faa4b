"""Players that scripts and clicks load: what names them, and what only looks like it."""

from __future__ import annotations

import pytest
from lxml.html import fragment_fromstring

from mirror.content.embeds import embed

BASE = "https://news.example/gb/20/1/1/n1.htm"
VIDEO = "https://www.youtube.com/watch?v=abcdefghijk"


@pytest.mark.parametrize(
    ("html", "url"),
    [
        ("<div class=rll-youtube-player data-src=//www.youtube.com/embed/abcdefghijk>", VIDEO),
        ("<div class=rll-youtube-player data-id=abcdefghijk data-query=x>", VIDEO),
        ("<div class=youtube-player data-id=abcdefghijk>", VIDEO),
        ("<div class=lazyYT data-youtube-id=abcdefghijk>", VIDEO),
        ("<div class=lyMe id=WYL_abcdefghijk>", VIDEO),
        ("<div class=epyt-facade data-facadesrc='//www.youtube.com/embed/abcdefghijk?x=1'>", VIDEO),
        ("<div data-plyr-provider=youtube data-plyr-embed-id=abcdefghijk>", VIDEO),
        ("<div data-oembed-url='https://www.youtube.com/watch?v=abcdefghijk&t=7'>", VIDEO),
        ("<div class=wp-block-embed__wrapper> https://youtu.be/abcdefghijk </div>", VIDEO),
        ("<span class=youtube-embed data-video_id=abcdefghijk>", VIDEO),
        ("<oembed url=https://youtu.be/abcdefghijk>", VIDEO),
        ("<lite-youtube videoid=abcdefghijk playlabel=堤坝>", VIDEO),
        ("<youtube-video src=//www.youtube.com/embed/abcdefghijk>", VIDEO),
        ("<amp-youtube data-videoid=abcdefghijk>", VIDEO),
        ("<lite-vimeo videoid=123456789>", "https://vimeo.com/123456789"),
        ("<amp-dailymotion data-videoid=x2m8jpp>", "https://www.dailymotion.com/video/x2m8jpp"),
        ("<amp-iframe src=https://a.example/map>", "https://a.example/map"),
        ("<amp-twitter data-tweetid=1234567890123>", "https://twitter.com/i/status/1234567890123"),
        ("<amp-instagram data-shortcode=CCPb2NypYCp>", "https://www.instagram.com/p/CCPb2NypYCp/"),
        ("<amp-facebook data-href=https://f.example/a/posts/1>", "https://f.example/a/posts/1"),
        (
            "<amp-tiktok data-src=7000000000000000001>",
            "https://www.tiktok.com/embed/v2/7000000000000000001",
        ),
        (
            "<amp-brightcove data-account=1 data-video-id=2 data-player-id=x>",
            "https://players.brightcove.net/1/x_default/index.html?videoId=2",
        ),
        (
            "<amp-jwplayer data-player-id=p data-media-id=m>",
            "https://cdn.jwplayer.com/previews/m-p",
        ),
        (
            "<div class='flourish-embed x' data-src=visualisation/7>",
            "https://public.flourish.studio/visualisation/7/",
        ),
        (
            "<div class='wistia_embed wistia_async_abcdefghij x'>",
            "https://fast.wistia.net/embed/iframe/abcdefghij",
        ),
        ("<script async src=x data-telegram-post=dam_news/68>", "https://t.me/dam_news/68"),
        ("<script src=//cdn.jwplayer.com/players/m-p.js>", "https://cdn.jwplayer.com/previews/m-p"),
        (
            "<script src=https://fast.wistia.com/embed/medias/abcdefghij.jsonp>",
            "https://fast.wistia.net/embed/iframe/abcdefghij",
        ),
        (
            "<script src=//datawrapper.dwcdn.net/AbCdE/embed.js>",
            "https://datawrapper.dwcdn.net/AbCdE/",
        ),
        ("<script src=https://gist.github.com/a/0f.js>", "https://gist.github.com/a/0f"),
        ("<script>new YT.Player('p', {videoId: 'abcdefghijk'})</script>", VIDEO),
        (
            '<script>Rumble("play", {"video":"v1abcd","div":"x"})</script>',
            "https://rumble.com/embed/v1abcd/",
        ),
        (
            r'<script>jwplayer("x").setup({"file":"https:\/\/a.example\/dam.mp4?x=1"})</script>',
            "https://a.example/dam.mp4?x=1",
        ),
        (
            "<script>document.write('<iframe src=\"//www.youtube.com/embed/abcdefghijk\">')</script>",
            VIDEO,
        ),
    ],
)
def test_player_is_known_before_it_is_loaded(html: str, url: str) -> None:
    shown = embed(fragment_fromstring(html), BASE)
    assert shown is not None
    assert shown.url == url


@pytest.mark.parametrize(
    "html",
    [
        *("<div class=youtube-player>", "<div class=video data-id=7>", "<div data-id=abcdefghijk>"),
        *("<lite-youtube videoid=x>", "<div class=share data-url=https://news.example/video.htm>"),
        "<div class=fb-like data-href=https://www.youtube.com/channel/abcdefghijk>",
        "<div class=video style='background:url(https://www.youtube.com/embed/abcdefghijk)'>",
        *(
            "<x-card url=https://a.example/><p>一</p></x-card>",
            "<amp-pixel src=https://a.example/x>",
        ),
        *(
            "<script src=//www.youtube.com/iframe_api>",
            "<script>// https://www.youtube.com/iframe_api</script>",
        ),
        "<script type=application/ld+json>{'url': 'https://a.example/x.htm'}</script>",
    ],
)
def test_what_names_no_player_is_none(html: str) -> None:
    assert embed(fragment_fromstring(html), BASE) is None
