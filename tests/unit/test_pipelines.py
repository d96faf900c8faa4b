"""Stages that are more than a call: what they count and name."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from scrapy.utils.test import get_crawler

from mirror.items import ArticleItem
from mirror.pipelines import CompletenessPipeline

URL = "https://news.example/gb/24/5/2/n1.htm"
LINE = "<p>原文此处有嵌入的内容（video），这里无法显示。</p>"


@pytest.mark.parametrize(
    ("body", "html", "markdown", "counts", "named"),
    [
        ("<p>一</p>", "<p>一</p>", "一", {}, ""),
        (
            "<p>一</p><video id=x></video>",
            f"<p>一</p>\n{LINE}",
            "一",
            {"embeds_unknown": 1},
            "video",
        ),
        ("<p>一</p><p>二</p>", "<p>一</p>", "一", {"text_lost": 1}, "二"),
    ],
)
def test_page_that_lacks_something_is_counted_and_named(
    body: str,
    html: str,
    markdown: str,
    counts: dict[str, int],
    named: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    crawler = get_crawler()
    item = ArticleItem(
        id="n1",
        site="epochtimes",
        url=URL,
        section="nsc418",
        title="题",
        body=body,
        published=datetime(2024, 5, 2, tzinfo=timezone.utc),
        html=html,
        markdown=markdown,
    )
    assert CompletenessPipeline.from_crawler(crawler).process_item(item) is item
    stats = crawler.stats.get_stats() if crawler.stats else {}
    assert stats == {f"mirror/{name}": count for name, count in counts.items()}
    warnings = [record.getMessage() for record in caplog.records]
    assert len(warnings) == len(counts)
    assert all(named in warning and URL in warning for warning in warnings)
