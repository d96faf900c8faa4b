"""A small second source beside the demo site: made-up articles in the markup of another one, NTD.

The first of them tell stories of the demo site again, word for word but for the first line and the last;
the others are stories of their own, one of which links to the demo site.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from html import escape

from demo.articles import Article, made_up_articles
from demo.server import Page, Pages

HOME = "https://www.ntdtv.com"
SECOND_SECTION = "china"
TOLD_AGAIN = 3  # stories of the demo site
PER_PAGE = 10
_OWN_STORIES = 12
SECOND_ARTICLES = TOLD_AGAIN + _OWN_STORIES
_NEWEST_ID = 103300123
_BYLINE_RE = re.compile(r"【大纪元(.{11})讯】(?:[（(][^）)]*[）)])?")
_EDITOR_RE = re.compile(r"<p>责任编辑：([^#＃◇<]*)[#＃◇]*</p>$")


def second_articles(articles: Sequence[Article]) -> list[Article]:
    """The second source's articles, newest first; the demo site's are given."""
    again = [article for article in articles if "figure" not in article.body_html][:TOLD_AGAIN]
    own = made_up_articles(len(articles) + 200)[len(articles) : len(articles) + _OWN_STORIES]
    newest = articles[0].published
    told = [_told(article, place) for place, article in enumerate([*again, *own])]
    told = [replace(a, published=newest.replace(hour=23 - n % 24)) for n, a in enumerate(told)]
    link = f'<p>另一家媒体也有<a href="{articles[0].url}">报导</a>。</p>\n'
    last = told[-1]
    return [*told[:-1], replace(last, body_html=link + last.body_html)]


def second_pages(articles: Sequence[Article]) -> Pages:
    """Article pages and listing of the second source; its articles are given."""
    pages: Pages = {article.path: partial(_article, article) for article in articles}
    for number in range(1, -(-len(articles) // PER_PAGE) + 1):
        pages[_listing_path(number)] = partial(_listing, number, articles)
    return pages


def _told(article: Article, place: int) -> Article:
    """The article as the second source has it."""
    id = f"a{_NEWEST_ID - 11 * place}"
    body = _BYLINE_RE.sub(r"【新唐人北京时间\1讯】", article.body_html)
    body = _EDITOR_RE.sub(r"<p>（记者许知远综合报导/责任编辑：\1）</p>", body)
    path = f"/gb/{article.published:%Y/%m/%d}/{id}.html"
    return replace(article, id=id, path=path, sections=(SECOND_SECTION,), body_html=body)


def _listing_path(number: int) -> str:
    first = f"/gb/news/{SECOND_SECTION}"
    return first if number == 1 else f"{first}/{number}"


def _article(article: Article, _headers: dict[str, str]) -> Page:
    is_new = int(article.id[1:]) % 2
    html = (_article_2026 if is_new else _article_2020)(article)
    return Page(html.encode(), modified=article.modified)


def _whole(title: str, head: str, main: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="zh-Hans"><head><meta charset="UTF-8"><title>{escape(title)} | '
        f"新唐人</title>\n{head}</head><body>\n"
        f'<div class="header"><h1 class="logo"><a href="/gb/">新唐人</a></h1></div>\n{main}\n'
        '<aside><h3>热点</h3></aside><div class="footer">© 新唐人</div></body></html>\n'
    )


def _article_2026(article: Article) -> str:
    url, clock = f"{HOME}{article.path}", f"{article.published:%Y-%m-%dT%H:%M:%S}Z"
    head = (
        f'<link rel="canonical" href="{url}">\n<script type="application/ld+json">'
        f'{{"@type": "NewsArticle", "url": "{url}", "datePublished": "{clock}"}}</script>\n'
    )
    main = (
        f'<div class="article_title"><h1>{escape(article.title)}</h1></div>\n<div class="article_info">'
        f'<div class="time">北京时间：{article.published:%Y-%m-%d %H:%M}</div></div>\n{_lead(article)}'
        f'<div class="article_content" itemprop="articleBody">\n{article.body_html}\n</div>'
    )
    return _whole(article.title, head, main)


def _article_2020(article: Article) -> str:
    main = (
        f'<div class="main_content"><h1>{escape(article.title)}</h1>\n<div class="time"><span>北京时间: '
        f"{article.published:%Y-%m-%d %H:%M}</span></div>\n{_lead(article)}"
        f'<div class="post_content">\n{article.body_html}\n<div class="single_ad"></div></div></div>'
    )
    return _whole(article.title, "", main)


def _lead(article: Article) -> str:
    if not article.lead_image:
        return ""
    caption = f'<span class="caption">{escape(article.lead_caption)}</span>'
    return f'<div class="featured_image"><img src="{article.lead_image}" alt="">{caption}</div>\n'


def _listing(number: int, articles: Sequence[Article], _headers: dict[str, str]) -> Page:
    shown = articles[(number - 1) * PER_PAGE : number * PER_PAGE]
    posts = "".join(
        f'<div class="one_post"><div class="title"><a href="{HOME}{a.path}">{escape(a.title)}</a></div>'
        f'<div class="excerpt">{escape(a.description[:60])}</div></div>\n'
        for a in shown
    )
    is_last = number * PER_PAGE >= len(articles)
    following = f'<a class="next" href="{HOME}{_listing_path(number + 1)}">下一页</a>'
    pager = f'<div class="pagination">{"" if is_last else following}</div>'
    main = f'<div class="list_wrapper">\n{posts}</div>{pager}'
    return Page(_whole("中国", "", main).encode(), modified=articles[0].modified)
