"""What a page lacks of its article as a browser shows it: counted, and named with the address."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from mirror.items import ArticleItem

logger = logging.getLogger(__name__)


def report_losses(item: ArticleItem, crawler: Crawler) -> ArticleItem:
    """Count and log what is missing on the page of an article, and return the article."""
    from mirror.content.embeds import unknown_embeds  # loaded with the first article
    from mirror.content.loss import lost_text

    unknown = ", ".join(unknown_embeds(item.html))
    found = {
        "mirror/embeds_unknown": ("Not shown, unknown", unknown),
        "mirror/text_lost": ("Text is missing", lost_text(item.body, item.markdown)),
    }
    for stat, (what, text) in found.items():
        if text:
            if crawler.stats:
                crawler.stats.inc_value(stat)
            logger.warning(
                "%(what)s: %(text)s (%(url)s)", {"what": what, "text": text, "url": item.url}
            )
    return item
