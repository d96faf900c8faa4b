"""What a plan says of time, disk and GitHub's limits."""

from __future__ import annotations

from mirror.archive.plans import Part, Plan, TreeSize, measure
from mirror.pages.tree import Tree

PATTERN = "pages/{section}/{id}.md"
EMPTY = TreeSize(PATTERN, {}, 0)


def lines(parts: list[Part], home: TreeSize = EMPTY, size: int = 8000) -> str:
    return "\n".join(Plan(parts, home, 2.0, size).lines())


def test_small_plan_meets_no_limit() -> None:
    told = lines([Part("nsc418", 400, 14, 20)])
    assert "nsc418: 400 articles on 14 listing pages" in told
    assert "time: 4 min at 2 requests a second" in told
    assert "disk: 4.9 MB for 3.2 MB in 800 files" in told
    assert "GitHub advises" not in told
    assert "rollover" not in told


def test_full_folder_is_foretold_with_the_path_that_avoids_it() -> None:
    told = lines([Part("nsc418", 7300, 250, 365), Part("nsc422", 365, 13, 365)])
    assert "up to 14,600 files in one" in told
    month, day = "pages/{section}/{year}/{month}/{id}.md", "pages/{section}/{year}/{month}/{day}/"
    assert f"GitHub advises, after 1,500 articles in it; MIRROR_PAGE_PATH={month}" in told
    assert f"its web page shows, after 500 articles in it; MIRROR_PAGE_PATH={day}" in told


def test_what_is_in_the_folder_counts() -> None:
    assert "GitHub advises" in lines(
        [Part("nsc418", 400, 14, 20)], TreeSize(PATTERN, {"pages/nsc418": 2500}, 0)
    )


def test_folders_are_counted_section_by_section() -> None:
    home = TreeSize(PATTERN, {"pages/nsc418": 5912, "pages/nsc413": 10}, 0)
    told = lines([Part("nsc413", 3299, 100, 365), Part("nsc418", 10, 1, 365)], home)
    assert "up to 6,608 files in one" in told
    assert "after 1,495 articles in it" in told
    unknown = lines([Part("addresses.txt", 100)], home)
    assert "up to 6,112 files in one" in unknown


def test_full_repository_is_foretold_with_the_article_where_it_is() -> None:
    told = lines([Part("nsc418", 900_000, 30_000, 20_000)], TreeSize(PATTERN, {}, 6_000_000_000))
    assert "10 GB that GitHub advises, after 500,000 articles" in told
    assert "MIRROR_FULL_BYTES=10000000000" in told
    assert "scrapy rollover" in told


def test_size_of_an_article_is_that_of_the_tree_if_there_are_enough(tmp_path) -> None:
    tree = Tree(tmp_path)
    assert measure(tree, PATTERN)[1] == 8000
    for number in range(100):
        tree.write(f"pages/nsc418/n{number}.md", b"x" * 900)
        tree.write(f"pages/nsc418/n{number}.md.png", b"x" * 100)
    home, size = measure(tree, PATTERN)
    assert (home.entries("nsc418"), home.bytes, size) == (200, 100_000, 1000)
