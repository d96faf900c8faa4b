"""Article pages, in the template of 2020 and in the one before it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime
from html import escape
from urllib.parse import quote

from demo.articles import Article
from demo.furniture import SECTION_NAMES, advertisement, link_items, sidebar, whole_page
from demo.story import SITE

_IMAGE_CLASS = "attachment-djy_600_400 size-djy_600_400 wp-post-image"


def article_page(article: Article, articles: Sequence[Article]) -> str:
    """The page of one article, beside links to any `articles`."""
    template = _article_2017 if article.published.year < 2020 else _article_2020
    return whole_page(
        " | ".join((article.title, *article.tags[:2])),
        article.path,
        _head(article),
        template(article, articles),
        sidebar(articles, article.id),
    )


def _head(article: Article) -> str:
    return (
        f'<meta property="og:title" content="{escape(article.title)} - 大纪元">\n'
        f'<meta property="og:url" content="{article.url}">\n'
        f'<meta property="article:published_time" content="{article.published.isoformat()}">\n'
        f'<meta name="description" content="{escape(article.description[:120])}">\n'
        f'<link rel="amphtml" href="{article.url}/amp">\n'
    )


def _article_2020(article: Article, articles: Sequence[Article]) -> str:
    return (
        f'<div class="main_content">{_breadcrumbs(article)}\n'
        f'<div class="titles"><h1 class="title">{escape(article.title)}</h1></div>\n'
        f'<div class="info"><time datetime="{article.modified.isoformat()}">'
        f'更新 {_clock(article.modified)}</time> <span class="pageview"></span></div>\n'
        f'<div class="share"><a href="https://www.facebook.com/sharer.php?u={article.url}">分享</a>'
        f"</div>\n{_featured_image(article)}"
        '<div itemprop="articleBody" class="post_content" id="artbody">\n'
        f"{article.body_html}\n{_below(article, articles)}</div>\n"
        f'<!-- article content end --><div class="tags">{_tags(article)}</div></div>'
    )


def _featured_image(article: Article) -> str:
    if not article.lead_image:
        return ""
    src, full = article.lead_image, _full_size(article.lead_image)
    return (
        f'<div class="featured_image"><a href="{full}">'
        f'<img class="lazy" data-src="{src}" src="{SITE}/assets/blank.svg">'
        f'<noscript><img width="600" height="400" src="{src}" class="{_IMAGE_CLASS}" '
        f'alt="{escape(article.lead_alt)}"></noscript></a>\n'
        f'<div class="caption">\n {escape(article.lead_caption)}\n</div></div>\n'
    )


def _article_2017(article: Article, articles: Sequence[Article]) -> str:
    return (
        '<main><div class="large-8 medium-8 small-12 bgcolor column left">'
        f'{_breadcrumbs(article)}\n<div class="bd">'
        f'<h1 class="blue18 title">{escape(article.title)}</h1>\n{_arttop(article)}'
        '<div id="artbody" itemprop="articleBody"><header role="heading">'
        '<div class="mbottom10 large-12 medium-12 small-12 columns">'
        f'<time datetime="{article.modified.isoformat()}">更新: {_clock(article.modified)}</time> '
        f"{_tags(article)}</div></header>\n{article.body_html}\n{_below(article, articles)}</div>\n"
        "<!-- article content end --></div></div></main>"
    )


def _arttop(article: Article) -> str:
    if not article.lead_image:
        return ""
    return (
        f'<div class="arttop"><a href="{_full_size(article.lead_image)}">'
        f'<img class="{_IMAGE_CLASS}" alt="{escape(article.lead_alt)}" width="600" height="400" '
        f'src="{article.lead_image}"></a>'
        f'<div class="caption">{escape(article.lead_caption)}</div></div>\n'
    )


def _below(article: Article, articles: Sequence[Article]) -> str:
    """What stands inside the body element without being the article's."""
    related = link_items(articles, random.Random(f"related {article.id}"), 6)
    return (
        f'<div id="below_article_ad">{advertisement(article.id)}</div>\n<aside>相关专题</aside>\n'
        f'<div id="recommend_post"><h4>推荐阅读</h4><ul>{related}</ul></div>\n'
        "<twitter-widget>推文</twitter-widget>\n"
    )


def _breadcrumbs(article: Article) -> str:
    section = article.sections[0]
    return (
        f'<div id="breadcrumb"><a class="breadcrumbs" href="{SITE}/gb/">首页</a> &gt; '
        f'<a class="breadcrumbs" href="{SITE}/gb/{section}.htm">{SECTION_NAMES[section]}</a></div>'
    )


def _tags(article: Article) -> str:
    return " ".join(
        f'<a rel="tag" href="{SITE}/gb/tag/{quote(tag)}.html">{escape(tag)}</a>'
        for tag in article.tags
    )


def _full_size(image: str) -> str:
    return image.replace("-600x400", "")


def _clock(when: datetime) -> str:
    """The time as the site shows it: `2020-10-07 8:01 PM`."""
    return f"{when:%Y-%m-%d} {when.hour % 12 or 12}:{when:%M %p}"
