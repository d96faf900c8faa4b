"""The home page as an operator sets it: groups, pinned articles, titles that are left out, codes of homes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.articles import NOON, article
from support.commands import command

import mirror.settings
from mirror.config.front import Front
from mirror.errors import ArgumentError
from mirror.items import ArticleItem, replace
from mirror.pages.feeds import Feeds
from mirror.pages.home import home_page, write_home
from mirror.pages.indexing import all_indexes, update_indexes
from mirror.pages.ledger import store
from mirror.pages.page_maker import PageMaker
from mirror.pages.rendering import Renderer
from mirror.pages.retention import mark_around
from mirror.pages.tree import Tree
from mirror.store.closed_homes import leave
from mirror.store.database import Database

if TYPE_CHECKING:
    from conftest import Mirror

PUBLIC_URL = "https://home.example/m"
HOMES = {
    f"{PUBLIC_URL}/README.md": "甲",
    "https://other.example/a/b-1/README.md": "乙",
}
SHIPPED = {name: value for name, value in vars(mirror.settings).items() if name[:7] == "MIRROR_"}

Decode = Callable[[bytes], list[str]]


def front(**given: object) -> Front:
    settings = {f"MIRROR_{name.upper()}": value for name, value in given.items()}
    return Front.from_settings({**SHIPPED, **settings})


def of_section(number: int, section: str, **fields: object) -> ArticleItem:
    return replace(article(number, body="", **fields), section=section)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    made = Database(f"sqlite:///{tmp_path}/mirror.db")
    sections = ["nsc418", "nsc413", "nsc1001"]
    items = [of_section(n, sections[n % 3]) for n in range(60)]
    items += [of_section(n, "nsc418", title=f"【视频】第{n}篇") for n in range(60, 90)]
    with made.engine.begin() as connection:
        store(connection, made, items)
    return made


def home(database: Database, theme: str = "default", **given: object) -> str:
    renderer = Renderer(theme, PUBLIC_URL, front=front(**given))
    return dict(home_page(database, renderer))["README.md"].decode()


def lines_of_sections(page: str) -> list[str]:
    """The lines with all sections, above the promoted links."""
    above = page.partition("🎬")[0].split("\n")
    lines = (line for line in above if "](indexes/" in line)
    return [re.sub(r"\[(.*?)\]\(indexes/(\w+)\.md\)", r"\2", line) for line in lines]


# ---- groups


def test_sections_stand_in_the_groups_that_are_set(database: Database) -> None:
    assert lines_of_sections(home(database)) == ["nsc413、nsc418、nsc1001"]
    groups = '{"文*化": ["nsc1001", "nsc2007"], "新闻": ["nsc418"], "空": ["nsc994"]}'
    page = home(database, groups=groups)
    assert lines_of_sections(page) == ["文\\*化：nsc1001", "新闻：nsc418", "其他：nsc413"]
    headings = re.findall(r"^### \[.*\]\(indexes/(\w+)\.md\)", page, re.MULTILINE)
    assert headings == ["nsc1001", "nsc418", "nsc413"]


def test_groups_may_come_from_a_file_of_settings(database: Database) -> None:
    page = home(database, groups={"新闻": ["nsc418", "epochtimes:nsc413", "nsc1001"]})
    assert lines_of_sections(page) == ["新闻：nsc418、nsc413、nsc1001"]
    twice = home(database, groups={"甲": ["nsc418"], "乙": ["epochtimes:nsc418"]})
    assert lines_of_sections(twice) == ["甲：nsc418", "其他：nsc413、nsc1001"]


def test_run_with_wrong_groups_ends_before_it_asks(new_mirror: Callable[..., Mirror]) -> None:
    mirror = new_mirror({})
    done = command(mirror, "render", MIRROR_GROUPS='{"新闻": ["nosuch:a"]}')
    assert (done.returncode, "MIRROR_GROUPS=nosuch:a: must be section ids" in done.output) == (
        2,
        True,
    )


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("groups", "nsc418", "a JSON object such as"),
        ("groups", '["nsc418"]', "a JSON object such as"),
        ("groups", '{"新闻": "nsc418"}', "a JSON object such as"),
        ("groups", '{"新闻": [418]}', "a JSON object such as"),
        ("groups", '{" ": ["nsc418"]}', "one line"),
        ("groups", '{"甲\\n乙": ["nsc418"]}', "one line"),
        ("groups", '{"甲": ["nsc418"], "乙": ["nsc418"]}', "in one group"),
        ("pinned", "n13465188,灯塔", "ids of articles"),
        ("hidden_titles", "视频|(", "a regular expression"),
        ("hidden_titles", "视频|", "finds all titles"),
    ],
)
def test_wrong_setting_is_refused(name: str, value: str, allowed: str) -> None:
    with pytest.raises(ArgumentError) as refusal:
        front(**{name: value})
    assert str(refusal.value).startswith(f"MIRROR_{name.upper()}=")
    assert allowed in str(refusal.value)


def test_home_page_leads_to_the_years_of_each_section(database: Database) -> None:
    earlier = [
        of_section(900 + year, "nsc418", published=NOON.replace(year)) for year in (2019, 2014)
    ]
    with database.engine.begin() as connection:
        store(connection, database, earlier)
    page = home(database)
    assert re.findall(r"\[(\d{4})\]\(indexes/nsc418.md#(\d{4}年)\)", page) == [
        (year, f"{year}年") for year in ("2021", "2019", "2014")
    ]
    assert "#2021年" in page
    assert "存档" not in home(database, "classic")


# ---- pinned articles, and titles that are left out


@pytest.mark.parametrize("theme", ["default", "classic"])
def test_pinned_articles_stand_first_and_once(database: Database, theme: str) -> None:
    with database.engine.begin() as connection:
        leave(connection, ["n1000002"], "")
    page = home(database, theme, pinned="n1000059, n1000001,n1000002,n9999999")
    links = re.findall(r"\[.*\]\(pages/(\d+)\.md\)", page)
    assert links[:2] == ["59", "1"]
    assert len(links) == len(set(links))
    assert "2" not in links
    assert "### 置顶\n\n" in page
    assert "置顶" not in home(database, theme)


def test_pinned_articles_without_a_page_are_told(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tree = Tree(tmp_path / "out")
    for ids, told in (("n1000001", []), ("n1000001,n9999999", ["n9999999"])):
        caplog.clear()
        write_home(database, Renderer("default", PUBLIC_URL, front=front(pinned=ids)), tree)
        assert [word for word in told if word in caplog.text] == told
        assert bool(caplog.text) == bool(told)


def test_hidden_titles_are_listed_in_the_months_alone(database: Database, tmp_path: Path) -> None:
    renderer = Renderer("default", PUBLIC_URL, front=front(hidden_titles="视频|环球直击"))
    tree = Tree(tmp_path / "out")
    feeds = Feeds(PageMaker(database, renderer), 30)
    update_indexes(database, renderer, tree, feeds)
    shown = {path: (tree.read(path) or b"").count("【视频】".encode()) for path in tree.files()}
    assert {path for path, count in shown.items() if count} == {"indexes/nsc418/2021-12.md"}
    section = (tree.read("indexes/nsc418.md") or b"").decode()
    assert section.count("](../pages/") == 20
    assert dict(all_indexes(database, renderer, feeds)) == {p: tree.read(p) for p in tree.files()}


def test_enough_are_shown_where_the_newest_are_left_out(database: Database) -> None:
    page = home(database, hidden_titles="视频")
    assert page.count("](pages/") == 15


# ---- codes


def test_each_home_has_its_code(database: Database, tmp_path: Path, decode: Decode) -> None:
    tree = Tree(tmp_path / "out")
    write_home(database, Renderer("default", PUBLIC_URL, homes=HOMES), tree)
    page = (tree.read("README.md") or b"").decode()
    codes = re.findall(r"\]\((\S+)\)（\[二维码\]\((homes/\S+\.png)\)）", page)
    assert [link for link, _ in codes] == list(HOMES)
    for link, path in codes:
        assert decode(tree.read(path) or b"") == [link]
    assert write_home(database, Renderer("default", PUBLIC_URL, homes=HOMES), tree) == 0
    write_home(database, Renderer("default", PUBLIC_URL), tree)
    assert list(tree.files()) == ["README.md", "README.md.png"]


def test_page_of_a_section_has_its_code(database: Database, tmp_path: Path, decode: Decode) -> None:
    renderer, tree = Renderer("default", PUBLIC_URL), Tree(tmp_path / "out")
    update_indexes(database, renderer, tree, Feeds(PageMaker(database, renderer), 0))
    code = tree.read("indexes/nsc418.md.png") or b""
    assert decode(code) == [f"{PUBLIC_URL}/indexes/nsc418.md"]
    assert "](nsc418.md.png)](nsc418.md)" in (tree.read("indexes/nsc418.md") or b"").decode()
    month = (tree.read("indexes/nsc418/2021-12.md") or b"").decode()
    assert ".png" not in month
    with database.engine.begin() as connection:
        ids = [f"n{1000000 + n}" for n in range(90) if n >= 60 or n % 3 == 0]
        mark_around(connection, database, ids)
        leave(connection, ids, "")
    update_indexes(database, renderer, tree, Feeds(PageMaker(database, renderer), 0))
    assert not [path for path in tree.files() if "nsc418" in path]
