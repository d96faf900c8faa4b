"""RSS feeds with the full body of the newest articles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timezone
from email.utils import format_datetime
from html import escape

from demo.articles import Article
from demo.furniture import SECTION_NAMES
from demo.story import SITE

FEED_ITEMS = 60


def feed(section: str, listed: Sequence[Article]) -> str:
    """The feed of a section's newest articles, its times in UTC as the site writes them."""
    items = "".join(map(_item, listed[:FEED_ITEMS]))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:atom="http://www.w3.org/2005/Atom">\n<channel>\n'
        f"<title>{SECTION_NAMES[section]} | 大纪元</title>\n<link>{SITE}</link>\n"
        f'<atom:link href="{SITE}/gb/{section}.htm/feed" rel="self" type="application/rss+xml" />\n'
        f"<description>大纪元新闻网</description>\n<language>zh_CN</language>\n{items}</channel>\n</rss>\n"
    )


def _item(article: Article) -> str:
    names = [SECTION_NAMES[section] for section in article.sections] + list(article.tags)
    categories = "".join(f"<category>{_cdata(name)}</category>" for name in names)
    return (
        f"<item>\n<title>{escape(article.title, quote=False)}</title>\n<link>{article.url}</link>\n"
        f"<pubDate>{format_datetime(article.published.astimezone(timezone.utc))}</pubDate>\n"
        f"{categories}\n<description>{_cdata(article.description)}</description>\n"
        f"<content:encoded>{_cdata(article.body_html)}</content:encoded>\n</item>\n"
    )


def _cdata(text: str) -> str:
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"
