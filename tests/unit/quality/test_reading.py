"""One answer to a response: its article, or why it holds none and whether that may pass."""

from __future__ import annotations

import pytest
from scrapy.http import HtmlResponse, Response

from demo.articles import made_up_articles
from demo.markup import article_page
from mirror.errors import NotAnArticleError, RetryLaterError
from mirror.items import ArticleItem
from mirror.quality.reading import article_in
from mirror.sites import get_site

SITE = get_site("epochtimes")
ARTICLES = made_up_articles(12)
ARTICLE, OTHER = ARTICLES[:2]
PAGE = article_page(ARTICLE, ARTICLES)
TEXT = "一段文字，与新闻无关。" * 20


def read(page: str | bytes, url: str = ARTICLE.url) -> ArticleItem:
    body = page.encode() if isinstance(page, str) else page
    headers = {"Content-Type": "text/html; charset=utf-8"}
    response = HtmlResponse(url, body=body, headers=headers)
    return article_in(response, SITE, ARTICLE.id, ARTICLE.url)


def test_article_is_read() -> None:
    assert (read(PAGE).id, read(PAGE).title) == (ARTICLE.id, ARTICLE.title)


@pytest.mark.parametrize(
    ("page", "why", "field"),
    [
        (f"<p>{TEXT}</p></html>", "no title", "title"),
        (f"<h1 class=title>题目</h1><p>{TEXT}</p></html>", "no body", "body"),
    ],
)
def test_page_of_something_else_is_no_article(page: str, why: str, field: str) -> None:
    with pytest.raises(NotAnArticleError, match=why) as error:
        read(page)
    assert error.value.field == field


@pytest.mark.parametrize(
    ("page", "why", "field"),
    [
        ("", "an empty answer", ""),
        (PAGE[: len(PAGE) // 2], "cut off", ""),
        (PAGE.encode("gb18030"), "not written in utf-8", ""),
        ("<div id=app></div></html>", "no title: an empty shell", "title"),
        (f"<h1>Access Denied</h1>{TEXT}</html>", "no title: a challenge", ""),
        (article_page(OTHER, ARTICLES), f"the page is that of {OTHER.id}", ""),
        (
            f"<h1 class=title>题目</h1><div id=artbody><p></p></div>{TEXT}</html>",
            "an empty body",
            "body",
        ),
    ],
)
def test_what_may_pass_is_tried_again(page: str | bytes, why: str, field: str) -> None:
    with pytest.raises(RetryLaterError, match=why) as error:
        read(page)
    assert error.value.field == field


@pytest.mark.parametrize(
    ("url", "why"),
    [(f"{SITE.url}/", "redirected to"), (OTHER.url, f"redirected to .*{OTHER.id}")],
)
def test_redirect_to_another_address_is_no_article(url: str, why: str) -> None:
    with pytest.raises(NotAnArticleError, match=why):
        read(PAGE, url)


def test_picture_is_no_article() -> None:
    with pytest.raises(NotAnArticleError, match="not a text"):
        article_in(Response(ARTICLE.url, body=b"x"), SITE, ARTICLE.id, ARTICLE.url)
