"""The first words of an article, as a theme's indexes may show them."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.articles import article

from mirror.items import ArticleItem, replace
from mirror.pages.feeds import Feeds
from mirror.pages.first_words import MAX_CHARACTERS, first_words
from mirror.pages.indexing import update_indexes
from mirror.pages.ledger import store
from mirror.pages.page_maker import PageMaker
from mirror.pages.rendering import Renderer
from mirror.pages.tree import Tree
from mirror.store.database import Database

PICTURE = '<p><img src="https://i.example/a.jpg"><br>图注</p>'
LONG = "长句。" * 60


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(f"sqlite:///{tmp_path}/mirror.db")


def put(database: Database, item: ArticleItem) -> str:
    """Store an article; return its id."""
    with database.engine.begin() as connection:
        store(connection, database, [item])
    return item.id


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<p>甲&amp;<b>乙</b></p>\n<p>丙\u200b</p>", "甲&乙 丙"),
        ("<p>【大纪元2021年12月29日讯】（大纪元记者李林报导）雨停了。</p>", "雨停了。"),
        ("<p>【大紀元2021年12月29日訊】雨停了。</p>", "雨停了。"),
        (
            "<p>甲：【大纪元2021年12月29日讯】（李林报导）乙</p>",
            "甲：【大纪元2021年12月29日讯】（李林报导）乙",
        ),
        ("<p>【组图】雨停了。</p>", "【组图】雨停了。"),
        (f"{PICTURE}<script>1</script><p>甲</p>", "甲"),
        (f"<p>{LONG}</p>", LONG[: MAX_CHARACTERS - 1] + "…"),
        (f"<p>{'甲' * MAX_CHARACTERS}</p>", "甲" * MAX_CHARACTERS),
        (f"<p>{'甲' * 50}</p>{'<p> </p>' * 990}<p><a href='https://x.example/{LONG}'>", "甲" * 50),
        (PICTURE, ""),
        ("", ""),
    ],
)
def test_first_words_are_the_beginning_of_the_text(
    database: Database, body: str, words: str
) -> None:
    assert first_words(database, put(database, article(1, body=body))) == words


def test_first_words_of_an_adopted_page_are_those_of_its_markdown(database: Database) -> None:
    markdown = "![图](https://i.example/a.jpg)\n\n第\\*一\\*段，见[另文](article:n2)。\n\n- 项\n"
    item = replace(article(1, body=""), adopted=markdown)
    with database.engine.begin() as connection:
        store(connection, database, [item])
        connection.exec_driver_sql("INSERT INTO adopted VALUES (?, ?)", (item.id, markdown))
    assert first_words(database, item.id) == "第*一*段，见另文。"


def test_unknown_article_has_none(database: Database) -> None:
    assert first_words(database, "n1") == ""


def test_theme_that_asks_for_them_has_them_in_each_index(
    database: Database, tmp_path: Path
) -> None:
    shown = "{{ article.title }}：{{ article.first_words | line }} {{ article.link }}"
    lines = f"{{% for article in articles %}}{shown}\n{{% endfor %}}"
    (tmp_path / "index.md.j2").write_text(lines, "utf-8")
    put(database, article(1, body="<p>甲<b>乙</b>*</p>"))
    renderer, tree = Renderer(str(tmp_path), "https://home.example/m"), Tree(tmp_path / "out")
    update_indexes(database, renderer, tree, Feeds(PageMaker(database, renderer), 0))
    for index in ("indexes/nsc418.md", "indexes/nsc418/2021-12.md"):
        assert "第1篇：甲乙\\* " in (tree.folder / index).read_text("utf-8")
