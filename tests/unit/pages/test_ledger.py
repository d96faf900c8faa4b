"""Pages that can link to more than when they were made are marked as out of date."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from mirror.items import ArticleItem
from mirror.pages.ledger import Ledger
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
