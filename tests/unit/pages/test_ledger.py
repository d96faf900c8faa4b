"""Pages that can link to more than when they were made are marked as out of date."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from mirror.items import ArticleItem, replace
from mirror.pages.below import Below
from mirror.pages.ledger import Ledger
from mirror.pages.rendering import Renderer
from mirror.pages.tree import Tree
from mirror.store.database import Database
from mirror.store.frontier import Frontier

CHINA = timezone(timedelta(hours=8))


def article(number: int, *links: str) -> ArticleItem:
    return ArticleItem(
        id=f"n{number}",
        site="epochtimes",
        url=f"https://www.epochtimes.com/gb/21/1/1/n{number}.htm",
        section="nsc418",
        title="题",
        body="<p>文</p>",
        path=f"pages/nsc418/n{number}.md",
        published=datetime(2021, 1, 1, tzinfo=CHINA),
        links=links,
    )


LINKING, TARGET = article(100001, "n100002"), article(100002)


@pytest.mark.parametrize(
    "batches",
    [[[LINKING], [TARGET]], [[TARGET], [LINKING]], [[LINKING, TARGET]], [[TARGET, LINKING]]],
    ids=["target later", "target meanwhile, by another process", "together", "together, turned"],
)
def test_page_is_made_anew_whenever_its_link_target_is_stored(
    tmp_path: Path, batches: list[list[ArticleItem]]
) -> None:
    database = Database(f"sqlite:///{tmp_path}/mirror.db")
    Frontier(database)  # makes its table
    for batch in batches:
        ledger = Ledger(database, Tree(tmp_path / "out"))
        for item in batch:
            ledger.publish(item)
        ledger.flush()
    assert database.outdated("page") == [LINKING.id]


def dated(number: int) -> ArticleItem:
    """An article as Render leaves it, of a day of its own."""
    item = article(100000 + number)
    published = datetime(2021, 1, number, tzinfo=CHINA)
    return replace(item, path=f"pages/{item.id}.md", published=published, page=f"{ALONE}\n")


ALONE = "[本栏目录](../indexes/nsc418.md)"


@pytest.mark.parametrize(
    ("batches", "late"),
    [([[1, 2, 3]], []), ([[3, 2], [1]], [2]), ([[1, 3], [2]], [1, 3]), ([[3], [1, 2]], [3])],
    ids=["together", "an older one later", "one between", "two older ones"],
)
def test_pages_written_together_lead_to_one_another(
    tmp_path: Path, batches: list[list[int]], late: list[int]
) -> None:
    """Those written before lead to one that comes later when their line is renewed."""
    database, tree = Database(f"sqlite:///{tmp_path}/mirror.db"), Tree(tmp_path / "out")
    Frontier(database)  # makes its table
    below = Below(database, Renderer("default", "https://here.example"))
    for batch in batches:
        ledger = Ledger(database, tree, below)
        for number in batch:
            ledger.publish(dated(number))
        ledger.flush()
    assert database.outdated("below") == [dated(number).id for number in late]
    last = max(batches[-1])
    neighbours = [n for n in (last - 1, last + 1) if n in (1, 2, 3)]
    page = (tree.read(dated(last).path) or b"").decode()
    assert re.findall(r"较[早新]一篇\]\((n\d+)\.md", page) == [dated(n).id for n in neighbours]
