"""Indexes of a large mirror: bounded, and rewritten only where there is news."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.articles import NOON, article

from mirror.items import ArticleItem, replace
from mirror.pages.feeds import Feeds
from mirror.pages.index_paths import Index, index_at, is_index
from mirror.pages.indexing import all_indexes, update_indexes
from mirror.pages.ledger import store
from mirror.pages.page_maker import PageMaker
from mirror.pages.rendering import Renderer
from mirror.pages.retention import mark_around
from mirror.pages.tree import Tree
from mirror.store.closed_homes import leave
from mirror.store.database import Database

if TYPE_CHECKING:
    from lxml.html import HtmlElement

SHOWN_BY_GITHUB = 512_000  # bytes of Markdown, by the lowest of its limits
LONGEST = "题" * 400
HEAD, OLDEST, SECOND = (Index("nsc418", "2021-12", number).path for number in (0, 1, 2))


Shown = Callable[[str], "HtmlElement"]


class Indexes:
    """A tree of indexes alone, with its database."""

    def __init__(self, folder: Path):
        self.database, self.tree = Database(f"sqlite:///{folder}/mirror.db"), Tree(folder / "out")
        self.renderer = Renderer("default", "https://home.example/m")

    def add(self, *items: ArticleItem) -> set[str]:
        """Store articles and update the indexes; return the paths of those that changed."""
        with self.database.engine.begin() as connection:
            store(connection, self.database, [*items])
        return self.update()

    def update(self) -> set[str]:
        before = self.files()
        update_indexes(self.database, self.renderer, self.tree, self.feeds())
        after = self.files()
        return {path for path in {**before, **after} if before.get(path) != after.get(path)}

    def feeds(self) -> Feeds:
        return Feeds(PageMaker(self.database, self.renderer), 0)

    def files(self) -> dict[str, bytes]:
        return {path: self.tree.read(path) or b"" for path in self.tree.files()}


@pytest.fixture
def indexes(tmp_path: Path) -> Indexes:
    return Indexes(tmp_path)


def minute(number: int, **fields: object) -> ArticleItem:
    return article(number, body="", published=NOON + timedelta(minutes=number), **fields)


def listed(text: bytes) -> list[str]:
    return re.findall(r"^- \[.*\]\(\.\./\.\./pages/(\d+)\.md\)", text.decode(), re.MULTILINE)


def test_month_is_cut_into_pages_that_stay_as_they_are(indexes: Indexes) -> None:
    indexes.add(*map(minute, range(650)))
    files = indexes.files()
    assert [len(listed(files[path])) for path in (OLDEST, SECOND, HEAD)] == [300, 300, 50]
    together = [id for path in (HEAD, SECOND, OLDEST) for id in listed(files[path])]
    assert together == [str(number) for number in reversed(range(650))]
    assert indexes.add(minute(650)) == {HEAD, "indexes/nsc418.md", "README.md"}
    assert dict(all_indexes(indexes.database, indexes.renderer)) == indexes.files()


def test_page_of_a_month_leads_to_those_beside_it(indexes: Indexes) -> None:
    indexes.add(*map(minute, range(650)))
    links = {
        path: re.findall(r"\[(..)文章\]\((.*?)\)", indexes.files()[path].decode())
        for path in (OLDEST, SECOND, HEAD)
    }
    assert links == {
        OLDEST: [("较新", "2021-12-2.md")],
        SECOND: [("较早", "2021-12-1.md"), ("较新", "2021-12.md")],
        HEAD: [("较早", "2021-12-2.md")],
    }


def test_page_of_a_month_leads_to_its_days_and_the_newest_to_all(
    indexes: Indexes, shown: Shown
) -> None:
    indexes.add(*(minute(1440 * day + number) for day in range(4) for number in range(160)))
    files = indexes.files()
    pages = {path: shown(files[path].decode()) for path in (OLDEST, SECOND, HEAD)}
    links = {
        path: page.xpath("//a[contains(@href, '#2021')]/@href") for path, page in pages.items()
    }
    assert links == {
        OLDEST: ["#2021-12-02", "#2021-12-01"],
        SECOND: ["#2021-12-04", "#2021-12-03", "#2021-12-02"],
        HEAD: [
            "#2021-12-04",
            "2021-12-2.md#2021-12-03",
            "2021-12-2.md#2021-12-02",
            "2021-12-1.md#2021-12-01",
        ],
    }
    assert pages[SECOND].xpath("//h4[not(a)]/text()") == [h[1:] for h in links[SECOND]]


def test_order_of_arrival_does_not_matter(tmp_path: Path) -> None:
    trees = []
    for name, numbers in {"a": range(320), "b": reversed(range(320))}.items():
        (tmp_path / name).mkdir()
        made = Indexes(tmp_path / name)
        items = [minute(number) for number in numbers]
        made.add(*items[:310])
        made.add(*items[310:])
        trees.append(made.files())
    assert trees[0] == trees[1]


def test_pages_of_a_month_that_shrinks_go(indexes: Indexes) -> None:
    items = [minute(number) for number in range(310)]
    indexes.add(*items)
    for left in (10, 0):
        ids = [item.id for item in items[: len(items) - left]]
        items = items[len(items) - left :]
        with indexes.database.engine.begin() as connection:
            mark_around(connection, indexes.database, ids)
            leave(connection, ids, "")
        indexes.update()
        assert (OLDEST in indexes.files(), HEAD in indexes.files()) == (False, bool(left))


def test_no_index_is_larger_than_github_shows(indexes: Indexes) -> None:
    long = [replace(minute(number), title=LONGEST) for number in range(301)]
    indexes.add(*long)
    assert max(map(len, indexes.files().values())) < SHOWN_BY_GITHUB


def test_index_is_known_by_its_path(indexes: Indexes) -> None:
    indexes.add(*map(minute, range(301)))
    there = ("indexes/nsc418.md", HEAD, OLDEST)
    assert all(is_index(indexes.database, path) for path in there)
    other = (
        SECOND,
        "indexes/nsc418/2021-11.md",
        "indexes/nsc413.md",
        "indexes/nsc418/2021-12-0.md",
    )
    assert not any(is_index(indexes.database, path) for path in other)
    assert index_at("pages/nsc418/n1.md") is None
