"""What a spider is asked for, taken apart by source."""

from __future__ import annotations

import pytest

from mirror.errors import ArgumentError
from mirror.spiders.archive import ArchiveSpider
from mirror.spiders.article import ArticleSpider
from mirror.spiders.section import SectionSpider

NTD = "https://www.ntdtv.com/gb/2026/10/03/a104138900.html"
EPOCHTIMES = "https://www.epochtimes.com/gb/26/10/7/n14866012.htm"


def test_crawl_of_one_source_stays_as_it_was_asked_for() -> None:
    asked = {"id": "nsc418, nsc413", "pages": "2"}
    assert SectionSpider.by_source(asked) == [asked]


@pytest.mark.parametrize(
    ("asked", "parts"),
    [
        (
            {"site": "epochtimes,ntd", "id": "nsc418,china,nsc413", "pages": "2"},
            [
                {"site": "epochtimes", "id": "nsc418,nsc413", "pages": "2"},
                {"site": "ntd", "id": "ntd-china", "pages": "2"},
            ],
        ),
        (
            {"site": "ntd, epochtimes", "id": "nsc418,china"},  # whose section it is goes before
            [{"site": "epochtimes", "id": "nsc418"}, {"site": "ntd", "id": "ntd-china"}],
        ),
        ({"id": "ntd:china"}, [{"site": "ntd", "id": "ntd-china"}]),
        ({"site": "ntd", "id": "china"}, [{"site": "ntd", "id": "ntd-china"}]),
        (
            {"id": "nsc418,ntd:programs/beauty-within"},
            [
                {"site": "epochtimes", "id": "nsc418"},
                {"site": "ntd", "id": "ntd-programs-beauty-within"},
            ],
        ),
    ],
)
def test_sections_of_several_sources_are_a_crawl_of_each(
    asked: dict[str, str], parts: list[dict[str, str]]
) -> None:
    assert SectionSpider.by_source(asked) == parts
    for part in parts:
        assert SectionSpider(**part).sections == tuple(part["id"].split(","))
    assert ArchiveSpider.by_source(asked | {"since": "2018-01-01"}) == [
        part | {"since": "2018-01-01"} for part in parts
    ]


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"site": "epochtimes,ntd", "id": "nsc418"}, "site=epochtimes,ntd: no section of ntd"),
        ({"site": "epochtimes,nosuch", "id": "nsc418"}, "site=nosuch: no such site"),
        ({"id": "nosuch:china"}, "no site nosuch; there are epochtimes, ntd"),
        ({"id": "ntd:prog204"}, "such as nsc413, separated by commas"),
        ({"site": "epochtimes,ntd", "id": ""}, "such as nsc413, ntd-china, separated by commas"),
        ({}, "such as nsc413"),
    ],
)
def test_wrong_sources_are_refused(asked: dict[str, str], why: str) -> None:
    with pytest.raises(ArgumentError) as refused:
        SectionSpider.by_source(asked)
    assert why in str(refused.value)


def test_feed_of_a_source_without_feeds_is_refused() -> None:
    with pytest.raises(ArgumentError, match="no feed of ntd is known"):
        SectionSpider(site="ntd", id="china", via="feed")


def test_article_is_of_the_source_whose_address_it_has() -> None:
    assert ArticleSpider.by_source({"url": NTD}) == [{"url": NTD, "site": "ntd"}]
    assert ArticleSpider.by_source({"url": EPOCHTIMES}) == [{"url": EPOCHTIMES}]
    assert ArticleSpider.by_source({"url": NTD, "site": "epochtimes"})[0]["site"] == "epochtimes"


def test_file_of_addresses_is_read_for_each_source() -> None:
    asked = {"urls": "list.txt", "site": "epochtimes,ntd"}
    assert [part["site"] for part in ArchiveSpider.by_source(asked)] == ["epochtimes", "ntd"]
