"""Listing pages: `div.post_list` for the nsc sections, `div.posts-list` for the ncid ones."""

from __future__ import annotations

import random
from collections.abc import Sequence
from html import escape

from demo.articles import Article
from demo.furniture import SECTION_NAMES, sidebar, whole_page
from demo.story import SITE

PER_PAGE = 30


def page_count(total: int) -> int:
    """How many listing pages hold so many articles."""
    return max(1, -(-total // PER_PAGE))


def page_path(section: str, number: int) -> str:
    """The address path of one listing page; the first one has no number."""
    return f"/gb/{section}.htm" if number == 1 else f"/gb/{section}_{number}.htm"


def listing_page(
    section: str, number: int, listed: Sequence[Article], articles: Sequence[Article]
) -> str:
    """One page of the section's articles (`listed`), beside links to any `articles`."""
    shown = listed[(number - 1) * PER_PAGE : number * PER_PAGE]
    pages = pager(section, number, page_count(len(listed)))
    if section.startswith("ncid"):
        items = "".join(map(_posts_list_item, shown))
        main = f'<div class="posts-list"><ul>\n{items}</ul></div>\n{pages}'
    else:
        posts = "".join(map(_one_post, shown))
        top = _top_block(articles) if number == 1 else ""
        main = f'{top}<div class="post_list left_col">\n{posts}{pages}</div>'
    name = SECTION_NAMES[section]
    return whole_page(
        name,
        page_path(section, number),
        f'<link rel="alternate" type="application/rss+xml" href="{SITE}/gb/{section}.xml">\n',
        f'<div class="title">{name}</div>\n{main}',
        sidebar(articles, f"{section} {number}"),
    )


def _top_block(articles: Sequence[Article]) -> str:
    chosen = random.Random(0).sample(articles, min(3, len(articles)))
    posts = "".join(
        f'<div class="big"><a href="{a.url}"><h2>{escape(a.title)}</h2></a></div>' for a in chosen
    )
    return f'<div class="top_posts">{posts}</div>\n'


def _one_post(article: Article) -> str:
    thumb = article.lead_image or f"{SITE}/assets/none.svg"
    return (
        f'<div class="one_post"><div class="img"><a href="{article.url}">'
        f'<img class="lazy" src="{SITE}/assets/blank.svg" data-src="{thumb}" alt=""></a></div>'
        f'<div class="text"><div class="title"><a href="{article.url}">\n'
        f"\t{escape(article.title)}\n</a></div>"
        f'<div class="excerpt">{escape(article.description[:80])}…</div>'
        f'<div class="meta"><span class="date">{article.published:%Y-%m-%d}</span></div>'
        "</div></div>\n"
    )


def _posts_list_item(article: Article) -> str:
    return (
        f'<li><a href="{article.url}"><img src="{SITE}/assets/blank.svg" alt=""> '
        f'{escape(article.title)}</a><span class="sub-cat">'
        f"{SECTION_NAMES[article.sections[0]]}</span></li>\n"
    )


def pager(section: str, number: int, last: int) -> str:
    """Links to the pages around this one, to the last one (`9,215`) and to the next."""
    near = [n for n in range(number - 2, number + 3) if 1 <= n < last]
    parts = [_pager_link(section, n, number) for n in near]
    parts += ['<span class="page-numbers dots">…</span>', _pager_link(section, last, number)]
    if number < last:
        href = SITE + page_path(section, number + 1)
        parts.append(f'<a class="next page-numbers" href="{href}">下一页 »</a>')
    return f'<div class="pagination">{" ".join(parts)}</div>\n'


def _pager_link(section: str, number: int, current: int) -> str:
    if number == current:
        return f'<span class="page-numbers current">{number:,}</span>'
    return f'<a class="page-numbers" href="{SITE}{page_path(section, number)}">{number:,}</a>'
