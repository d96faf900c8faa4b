"""Stages of all the kinds that Scrapy allows, one after the other."""

from __future__ import annotations

import asyncio
import logging
import warnings
from collections.abc import Callable

import pytest
from scrapy import Spider
from scrapy.exceptions import DropItem, ScrapyDeprecationWarning
from scrapy.utils.test import get_crawler
from twisted.internet.defer import Deferred, succeed

from mirror.crawl.item_processor import BatchItemProcessor


class Plain:
    def process_item(self, item: list[str]) -> list[str]:
        return [*item, "plain"]


class Asynchronous:
    async def process_item(self, item: list[str]) -> list[str]:
        await asyncio.sleep(0)
        return [*item, "async"]


class Old:
    def process_item(self, item: list[str], spider: Spider) -> list[str]:
        return [*item, spider.name]


class OfTwisted:
    def process_item(self, item: list[str]) -> Deferred[list[str]]:
        return succeed([*item, "deferred"])


class Dropping:
    def process_item(self, item: list[str]) -> list[str]:
        raise DropItem("no more")


class Closed:
    def __init__(self, name: str, ended: list[str]):
        self.name, self.ended = name, ended

    def close_spider(self) -> None:
        self.ended.append(self.name)


class Failing(Closed):
    def close_spider(self) -> None:
        super().close_spider()
        raise OSError("no room")


class FailingLater(Closed):
    async def close_spider(self) -> None:
        super().close_spider()
        raise OSError("no room")


def processor(*stages: object) -> BatchItemProcessor:
    crawler = get_crawler(Spider)
    crawler.spider = crawler._create_spider("old")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScrapyDeprecationWarning)
        return BatchItemProcessor(*stages, crawler=crawler)


def processed(*stages: object) -> list[str]:
    return asyncio.run(processor(*stages).process_item_async([]))


@pytest.mark.filterwarnings("ignore::scrapy.exceptions.ScrapyDeprecationWarning")
def test_stages_of_all_kinds_are_called_in_their_order() -> None:
    done = processed(Plain(), Asynchronous(), Old(), OfTwisted(), Plain())
    assert done == ["plain", "async", "old", "deferred", "plain"]


def test_dropped_item_goes_no_further() -> None:
    with pytest.raises(DropItem, match="no more"):
        processed(Plain(), Dropping(), Plain())


@pytest.mark.parametrize("kind", [Failing, FailingLater])
def test_stage_that_fails_at_the_end_is_counted_and_keeps_no_other_from_its_end(
    kind: Callable[..., Closed], caplog: pytest.LogCaptureFixture
) -> None:
    ended: list[str] = []
    stages = processor(Closed("first", ended), kind("second", ended), Closed("third", ended))
    with caplog.at_level(logging.ERROR):
        asyncio.run(stages.close_spider_async())
    assert ended == ["third", "second", "first"]
    assert stages.crawler.stats.get_value("mirror/errors") == 1
    assert "failed at the end of the crawl" in caplog.text
