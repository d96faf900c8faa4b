"""Posts of social networks: each has the address of its own page."""

from __future__ import annotations

import pytest
from lxml.html import fragment_fromstring

from mirror.content.posts import post

BASE = "https://news.example/gb/20/1/1/n1.htm"


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
        (
            "<blockquote class=truthsocial-embed data-truth-embed=https://truthsocial.com/@a/1>",
            "链接（帖子）",
            "https://truthsocial.com/@a/1",
        ),
        (
            "<blockquote class=tiktok-embed cite=https://www.tiktok.com/@a/video/7>",
            "视频",
            "https://www.tiktok.com/@a/video/7",
        ),
        (
            "<blockquote class=bluesky-embed data-bluesky-uri=at://did:plc:a/app.bsky.feed.post/3k>",
            "链接（帖子）",
            "https://bsky.app/profile/did:plc:a/post/3k",
        ),
        (
            "<blockquote class=text-post-media data-text-post-permalink=//www.threads.net/@a/post/C>",
            "链接（帖子）",
            "https://www.threads.net/@a/post/C",
        ),
        (
            "<blockquote class=reddit-embed-bq><a href=//www.reddit.com/r/a/comments/1/b/>x</a>",
            "链接（帖子）",
            "https://www.reddit.com/r/a/comments/1/b/",
        ),
        (
            "<blockquote class=imgur-embed-pub data-id=a/abcde>",
            "链接（帖子）",
            "https://imgur.com/a/abcde",
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
