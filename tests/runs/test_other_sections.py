"""A listing that is answered with another section's: nothing is filed under the wrong one, nothing lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from support.mirrors import Mirror, Run

from demo.articles import made_up_articles
from demo.server import Page, Pages
from demo.site import demo_pages

OWN, OTHER = "nsc418", "nsc413"
MADE_UP = made_up_articles(110)
ARTICLES = [replace(a, sections=(OWN,)) for a in MADE_UP[5:50]]
NEWER = [replace(a, sections=(OWN,)) for a in MADE_UP[:5]]
OTHERS = [replace(a, sections=(OTHER,)) for a in MADE_UP[50:]]
SITE = demo_pages([*NEWER, *ARTICLES, *OTHERS])
BEFORE = demo_pages([*ARTICLES, *OTHERS])
_CLAIMS_RE = re.compile(rb'<title>.*?</title>|<link rel="canonical".*?>|<div class="pagination">.*')

BOTH = replace(OTHERS[0], sections=(OWN, OTHER))  # its page names the first of them

NewMirror = Callable[..., Mirror]
Together = Callable[..., list[Any]]
Steps = list[tuple[Run, dict[str, set[str]]]]


def filed(mirror: Mirror) -> dict[str, set[str]]:
    """The articles that have a page, by the section that they are filed under."""
    folders = [folder for folder in mirror.tree.glob("pages/*") if folder.is_dir()]
    return {folder.name: {page.stem for page in folder.glob("*.md")} for folder in folders}


def ids(articles: list[Any]) -> set[str]:
    return {article.id for article in articles}


def silent(page: Any) -> Callable[[dict[str, str]], Page]:
    """A listing page that says nothing of itself."""

    def shown(headers: dict[str, str]) -> Page:
        answer = page(headers)
        return replace(answer, body=_CLAIMS_RE.sub(b"", answer.body))

    return shown


def listing(section: str, number: int = 1) -> str:
    return f"/gb/{section}{f'_{number}' if number > 1 else ''}.htm"


def in_place(asked: str, shown: str, *numbers: int) -> Pages:
    """Pages of one section in place of another's."""
    return {listing(asked, number): SITE[listing(shown, number)] for number in numbers}


def runs(mirror: Mirror, id: str, *changes: Pages, **arguments: object) -> Steps:
    done = []
    for pages in changes:
        mirror.server.pages = pages
        run = mirror.section(id, **arguments)
        done.append((run, filed(mirror)))
    return done


@pytest.fixture(scope="module")
def done(new_mirror: NewMirror, together: Together) -> dict[str, Steps]:
    """Runs on a site that is well, ill and well again."""
    both = f"{OWN},{OTHER}"
    wrong = {**SITE, **in_place(OWN, OTHER, 1)}
    quiet = {**SITE, listing(OWN): silent(SITE[listing(OTHER)])}
    feed = {**SITE, f"/gb/{OWN}.xml": SITE[f"/gb/{OTHER}.xml"]}
    alias = {**SITE, **in_place("news418", OTHER, 1, 2)}
    calls = {
        "known": partial(runs, new_mirror({}), both, BEFORE, wrong, SITE),
        "silent": partial(runs, new_mirror({}), both, BEFORE, quiet, SITE),
        "feed": partial(runs, new_mirror({}), both, BEFORE, feed, SITE, via="feed"),
        "new": partial(runs, new_mirror({}), OWN, wrong, SITE),
        "alias": partial(runs, new_mirror({}), "news418", alias, alias),
        "broken": partial(runs, new_mirror({}), both, broken()),
        "single": partial(runs, new_mirror({}), "nsc1246", {**SITE, **single()}),
    }
    return dict(zip(calls, together(*calls.values()), strict=True))


def broken() -> Pages:
    """A site on which the first of two sections cannot be read."""
    pages = demo_pages([*ARTICLES, BOTH, *OTHERS[1:]])
    return {**pages, listing(OWN): Page(b"broken", status=404)}


def single() -> Pages:
    """A section of one page that says nothing of itself, all of whose articles are of another, too."""
    return {listing("nsc1246"): silent(SITE[listing(OWN, 2)])}


@pytest.mark.parametrize("name", ["known", "silent", "feed"])
def test_what_a_section_showed_before_tells_another_one(done: dict[str, Steps], name: str) -> None:
    (_, before), (ill, between), (well, after) = done[name]
    assert ill.returncode == 3, ill.output
    assert "a page of another section" in ill.output
    assert OTHER in ill.output
    assert between == before
    assert well.returncode == 0
    assert after[OWN] - before[OWN] == ids(NEWER)
    assert not after[OWN] & ids(OTHERS)


def test_first_page_ever_is_believed_if_the_second_says_the_same(done: dict[str, Steps]) -> None:
    (ill, between), (well, after) = done["new"]
    assert (ill.returncode, between) == (3, {})
    assert (well.returncode, after) == (0, {OWN: ids([*NEWER, *ARTICLES])})


def test_section_may_show_the_pages_of_another_one(done: dict[str, Steps]) -> None:
    for run, found in done["alias"]:
        assert (run.returncode, found) == (0, {"news418": ids(OTHERS)}), run.output


def test_first_page_ever_that_says_nothing_is_believed(done: dict[str, Steps]) -> None:
    ((run, found),) = done["single"]
    assert run.returncode == 0, run.output
    assert len(found["nsc1246"]) == 20


def test_article_goes_to_the_first_of_its_sections_also_if_that_cannot_be_read(
    done: dict[str, Steps],
) -> None:
    ((_, found),) = done["broken"]
    assert found == {OWN: {BOTH.id}, OTHER: ids(OTHERS[1:])}
