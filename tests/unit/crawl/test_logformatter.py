"""What is logged of an item."""

from __future__ import annotations

from scrapy import Spider
from support.articles import article

from mirror.crawl.logformatter import OneLineFormatter

ITEM = article(1, body="<p>正文</p>")
SPIDER = Spider("section")


def test_item_that_fails_is_named_by_its_address_and_not_shown() -> None:
    logged = OneLineFormatter().item_error(ITEM, ValueError("odd"), None, SPIDER)
    message = logged["msg"] % logged["args"]
    assert message == f"A stage failed at {ITEM.url}: ValueError: odd"


def test_item_of_somebody_elses_is_named_by_its_kind() -> None:
    logged = OneLineFormatter().item_error({"body": "正文"}, ValueError("odd"), None, SPIDER)
    assert logged["msg"] % logged["args"] == "A stage failed at an item of dict: ValueError: odd"
