"""scrapy save-page, and the page functions by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.commands import command
from support.saved_pages import check

from demo.articles import made_up_articles
from demo.markup import article_page
from demo.site import demo_pages

if TYPE_CHECKING:
    from conftest import Mirror, Run

ARTICLES = made_up_articles(5)
ARTICLE = ARTICLES[0]
LISTING = "https://www.epochtimes.com/gb/nsc418.htm"
TITLE = "site.article(page, response.url).title"


@pytest.fixture(scope="module")
def runs(
    new_mirror: Callable[..., Mirror], together: Callable[..., list[Any]]
) -> dict[str, tuple[Mirror, Run]]:
    """Pages saved from the site, and one looked at in the shell."""
    mirrors = {what: new_mirror(demo_pages(ARTICLES)) for what in ("article", "listing", "shell")}
    args = {
        "article": ("save-page", ARTICLE.url, f"--folder={mirrors['article'].folder}"),
        "listing": ("save-page", LISTING, f"--folder={mirrors['listing'].folder}"),
        "shell": ("shell", f"{mirrors['shell'].server.url}{ARTICLE.path}", "--nolog", "-c", TITLE),
    }
    done = together(*(partial(mirror.scrapy, *args[what]) for what, mirror in mirrors.items()))
    return {what: (mirrors[what], run) for what, run in zip(mirrors, done, strict=True)}


def test_page_is_saved_as_the_site_served_it_with_its_address(
    runs: dict[str, tuple[Mirror, Run]],
) -> None:
    mirror, run = runs["article"]
    assert (run.returncode, run.asked) == (0, ["/robots.txt", ARTICLE.path])
    head, _, page = _saved(mirror.folder).read_text("utf-8").partition("\n")
    assert head.startswith(f"<!-- saved from {ARTICLE.url} on 20")
    assert page == article_page(ARTICLE, ARTICLES)
    assert str(_saved(mirror.folder)) in run.output


def _saved(folder: Path) -> Path:
    (file,) = folder.glob("epochtimes/*.html")
    return file


def test_expected_item_is_beside_the_page(runs: dict[str, tuple[Mirror, Run]]) -> None:
    file = _saved(runs["article"][0].folder)
    assert file.stem == f"{ARTICLE.published.year}-{ARTICLE.id}"
    told = json.loads(file.with_suffix(".json").read_text("utf-8"))
    assert (told["id"], told["title"], told["reviewed"]) == (ARTICLE.id, ARTICLE.title, False)
    assert told["published"] == ARTICLE.published.isoformat()
    assert len(told["body_text"]) > 2


def test_listing_is_known_as_one(runs: dict[str, tuple[Mirror, Run]]) -> None:
    file = _saved(runs["listing"][0].folder)
    told = json.loads(file.with_suffix(".json").read_text("utf-8"))
    assert file.stem == "listing-nsc418"
    assert told == {"reviewed": False, "links": [a.url for a in ARTICLES], "next": None}


def test_saved_page_fails_until_it_is_reviewed(runs: dict[str, tuple[Mirror, Run]]) -> None:
    file = _saved(runs["article"][0].folder)
    with pytest.raises(AssertionError, match='set "reviewed": true'):
        check(file)
    told = file.with_suffix(".json")
    told.write_text(
        told.read_text("utf-8").replace('"reviewed": false', '"reviewed": true'), "utf-8"
    )
    check(file)


def test_shell_calls_page_functions_and_touches_no_mirror(
    runs: dict[str, tuple[Mirror, Run]],
) -> None:
    mirror, run = runs["shell"]
    assert (run.returncode, run.output.strip()) == (0, ARTICLE.title)
    assert list(mirror.folder.iterdir()) == []


# ---- from a file


@pytest.fixture
def save(new_mirror: Callable[..., Mirror], tmp_path: Path) -> Callable[..., Any]:
    """Save a page from a file."""
    mirror = new_mirror({})

    def run(page: str, *args: str) -> Any:
        (tmp_path / "page.html").write_text(page, "utf-8")
        return command(
            mirror, "save-page", str(tmp_path / "page.html"), f"--folder={tmp_path}", *args
        )

    return run


def test_page_that_is_no_article_is_saved_with_the_reason(
    save: Callable[..., Any], tmp_path: Path
) -> None:
    assert save("<h1>登录</h1>", f"--url={ARTICLE.url}").returncode == 0
    told = json.loads((tmp_path / f"epochtimes/error-{ARTICLE.id}.json").read_text("utf-8"))
    assert told == {"reviewed": False, "error": "no title"}


def test_feed_keeps_its_declaration_first(save: Callable[..., Any], tmp_path: Path) -> None:
    feed = f'<?xml version="1.0"?>\n<rss><item><link>{ARTICLE.url}</link></item></rss>'
    url = "https://www.epochtimes.com/gb/nsc418.xml"
    assert save(feed, f"--url={url}").returncode == 0
    lines = (tmp_path / "epochtimes/feed-nsc418.xml").read_text("utf-8").splitlines()
    assert lines[0] == '<?xml version="1.0"?>'
    assert lines[1].startswith(f"<!-- saved from {url} on ")
    told = json.loads((tmp_path / "epochtimes/feed-nsc418.json").read_text("utf-8"))
    assert told == {"reviewed": False, "links": [ARTICLE.url]}


def test_saved_page_is_not_overwritten(save: Callable[..., Any], tmp_path: Path) -> None:
    page = article_page(ARTICLE, ARTICLES)
    assert save(page, f"--url={ARTICLE.url}").returncode == 0
    again = save(f"{page}<p>", f"--url={ARTICLE.url}")
    assert (again.returncode, "--name" in again.output) == (2, True)
    assert save(page, f"--url={ARTICLE.url}", "--name=2021-other").returncode == 0
    assert (tmp_path / "epochtimes/2021-other.html").exists()


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ((), "--url="),
        (("--url=https://www.example.com/1.htm",), "Add --site"),
        ((f"--url={ARTICLE.url}", "--site=nosuch"), "must be one of epochtimes"),
        ((f"--url={ARTICLE.url}", "--name=../x"), "--name=../x"),
    ],
)
def test_wrong_argument_is_refused(
    save: Callable[..., Any], args: tuple[str, ...], told: str
) -> None:
    done = save("<h1>页</h1>", *args)
    assert done.returncode == 2
    assert told in done.output
