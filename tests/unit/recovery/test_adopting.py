"""A database made again from the tree: the order of the articles is that of the indexes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from support.articles import NOON, article

from mirror.items import replace
from mirror.pages.indexing import all_indexes
from mirror.pages.ledger import store
from mirror.pages.page_maker import PageMaker
from mirror.pages.rendering import Renderer
from mirror.pages.tree import Tree, page_files
from mirror.recovery.adopting import Adopter
from mirror.recovery.reading import PageReader
from mirror.store.database import Database

ARTICLES = 310  # more than a page of a month holds


def test_month_of_several_pages_keeps_its_order(tmp_path: Path) -> None:
    database, tree = Database(f"sqlite:///{tmp_path}/lost.db"), Tree(tmp_path / "out")
    renderer = Renderer("default", "https://home.example/m")
    made = [article(n, body="<p>文</p>") for n in range(ARTICLES)]
    items = [
        replace(
            item,
            url=f"https://www.epochtimes.com/gb/21/12/1/{item.id}.htm",
            path=f"pages/nsc418/{item.id}.md",
            published=NOON + timedelta(seconds=number * 7919 % 40000),
            lead_image="",
        )
        for number, item in enumerate(made)
    ]
    with database.engine.begin() as connection:
        store(connection, database, items)
    for item in PageMaker(database, renderer).make_all(database.stored(next(database.ids(1000)))):
        tree.write_all(page_files(item))
    indexes = dict(all_indexes(database, renderer))
    tree.write_all(indexes.items())
    again = Database(f"sqlite:///{tmp_path}/again.db")
    done = Adopter(again, tree, PageReader(renderer)).adopt(lambda path, reason: None)
    assert (done.adopted, done.unreadable) == (ARTICLES, 0)
    assert dict(all_indexes(again, renderer)) == indexes
