"""What surrounds every page of the site: head, menus, sidebar, advertisements, foot."""

from __future__ import annotations

import random
from collections.abc import Sequence
from html import escape

from demo.articles import SECTIONS, Article
from demo.story import SITE

ALIASES = {"ncid277": "nsc413"}  # a section that shows another one's articles
SECTION_NAMES = {**SECTIONS, "ncid277": "中国"}

_MENU = "".join(
    f'<li id="menu-item-{number}" class="menu-item"><a href="{SITE}/gb/{section}.htm">'
    f'<span>{name}</span></a><ul class="sub-menu">'
    f'<li><a href="{SITE}/gb/{section}_2.htm">更多{name}</a></li></ul></li>'
    for number, (section, name) in enumerate(SECTION_NAMES.items(), 1001)
)
_SCRIPT = (
    "<script>window.dataLayer = window.dataLayer || []; if (1 < 2) { track('</div>'); }</script>"
)
_FOOT = (
    '<footer id="colophon"><ul><li><a href="https://www.epochtimes.com/gb/aboutus.htm">关于</a>'
    "</li></ul><p>Copyright © 2000 - 2022 大纪元</p></footer>\n"
)


def whole_page(title: str, path: str, head: str, main: str, sidebar: str) -> str:
    """A page around its main part; `title` is plain text, the rest is markup."""
    return (
        '<!DOCTYPE html>\n<html lang="zh-Hans">\n<head>\n<meta charset="UTF-8">\n'
        f"<title>{escape(title)} | 大纪元</title>\n{head}"
        f'<link rel="canonical" href="{SITE}{path}">\n'
        f"<style>.one_post .title {{ font-weight: bold }}</style>\n{_SCRIPT}\n</head>\n<body>\n"
        f'<header id="masthead"><a href="{SITE}/gb/"><img src="{SITE}/assets/logo.png" alt=""></a>'
        f'<nav><ul id="menu-primary" class="nav">{_MENU}</ul></nav></header>\n'
        f'<div id="main">\n{main}\n{sidebar}\n</div>\n{_FOOT}{_SCRIPT}\n</body>\n</html>\n'
    )


def sidebar(articles: Sequence[Article], seed: str) -> str:
    """Links to articles of any section, which are no part of the page's own list."""
    rng = random.Random(seed)
    widgets = "\n".join(
        f'<div class="widget"><h3>{name}</h3><ul>{link_items(articles, rng, 12)}</ul></div>'
        for name in ("即时新闻", "热门文章", "编辑推荐")
    )
    return f'<aside id="secondary" class="right_col">{widgets}</aside>'


def link_items(articles: Sequence[Article], rng: random.Random, number: int) -> str:
    """List items that link to some articles."""
    chosen = rng.sample(articles, min(number, len(articles)))
    return "".join(f'<li><a href="{a.url}">{escape(a.title)}</a></li>' for a in chosen)


def advertisement(slot: str) -> str:
    """An advertisement with its script."""
    return (
        f'<div class="ad" id="ad-{slot}"><ins class="adsbygoogle">广告</ins>'
        f"<script>googletag.cmd.push(() => googletag.display('{slot}'));</script></div>"
    )
