"""Wrong arguments and settings stop a run before its first request; bad pages do not stop it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import mirror.settings
from demo.articles import made_up_articles
from demo.images import picture
from demo.markup import article_page
from demo.server import DemoServer, Page
from demo.site import demo_pages
from mirror.config.options import Options
from mirror.errors import ArgumentError, without_secrets
from mirror.spiders.article import ArticleSpider
from mirror.spiders.section import SectionSpider

if TYPE_CHECKING:
    from conftest import Mirror, Run

ARTICLES = made_up_articles(40)[:24]
SECTION = {"id": "nsc418"}
SITE = "https://www.epochtimes.com"
COMMANDS = {  # what the command line adds to the checks below: arguments, settings, the message
    "foo=1": (["section", "-aid=nsc418", "-afoo=1"], {}, "foo=1: no such argument; there are id"),
    "a page of another site": (
        ["article", "-aurl=https://www.example.com/gb/21/12/8/n13460123.htm"],
        {},
        "url=https://www.example.com/gb/21/12/8/n13460123.htm: must be an article's address",
    ),
    "MIRROR_PROFILE=rude": (
        ["section", "-aid=nsc418"],
        {"MIRROR_PROFILE": "rude"},
        "MIRROR_PROFILE=rude: must be one of polite, bulk",
    ),
    "MIRROR_OUTPUT=/dev/null/out": (
        ["section", "-aid=nsc418"],
        {"MIRROR_OUTPUT": "/dev/null/out"},
        "MIRROR_OUTPUT=/dev/null/out: cannot make this folder",
    ),
}

NewMirror = Callable[..., "Mirror"]
Together = Callable[..., list[Any]]


# ---- arguments


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("id", "", "such as nsc413"),
        ("id", ",", "such as nsc413"),
        ("id", "../x", "such as nsc413"),
        ("id", "nsc418,../x", "such as nsc413"),
        ("id", "nsc418/../../x", "such as nsc413"),
        ("id", "nsc４１８", "such as nsc413"),  # full-width digits would become a file's name
        ("id", "nsc418\nnsc413", "such as nsc413"),
        ("pages", "0", "whole number, 1 or more"),
        ("pages", "x", "whole number, 1 or more"),
        ("pages", "", "whole number, 1 or more"),
        ("pages", "1.5", "whole number, 1 or more"),
        ("limit", "-1", "whole number, 1 or more"),
        ("limit", "１", "whole number, 1 or more"),
        ("since", "yesterday", "such as 2021-12-01"),
        ("since", "2021-13-01", "such as 2021-12-01"),
        ("since", "", "such as 2021-12-01"),
        ("via", "carrier-pigeon", "listing or feed"),
        ("site", "nosuch", "epochtimes"),
        ("foo", "1", "id, pages, limit, since, via"),
    ],
)
def test_wrong_argument_of_a_section_is_refused(name: str, value: str, allowed: str) -> None:
    with pytest.raises(ArgumentError) as refusal:
        SectionSpider(**{**SECTION, name: value})
    assert str(refusal.value).startswith(f"{name}={value}: ")
    assert allowed in str(refusal.value).removeprefix(f"{name}={value}: ")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "n13460123",
        "https://www.example.com/gb/21/12/8/n13460123.htm",
        "https://www.epochtimes.com.example.com/gb/21/12/8/n13460123.htm",
        "https://www.epochtimes.com@example.com/gb/21/12/8/n13460123.htm",
        "https://www.epochtimes.com/gb/nsc418.htm",
        "https://www.epochtimes.com/gb/21/12/8/n13460123.htm/car-tour_157",
        "file:///gb/21/12/8/n13460123.htm",
    ],
)
def test_address_of_no_article_is_refused(url: str) -> None:
    with pytest.raises(ArgumentError) as refusal:
        ArticleSpider(url=url)
    assert (
        str(refusal.value) == f"url={without_secrets(url)}: must be an article's address at {SITE}"
    )


# ---- settings


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, object]:
    """Settings that a run can start with."""
    (tmp_path / "file").touch()
    shipped = {k: v for k, v in vars(mirror.settings).items() if k.startswith("MIRROR_")}
    database = f"sqlite:///{tmp_path}/state/mirror.db"
    return {**shipped, "MIRROR_OUTPUT": tmp_path / "out", "MIRROR_DATABASE_URL": database}


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("MIRROR_SOURCE_URL", "nonsense", "http(s) address"),
        ("MIRROR_SOURCE_URL", "", "http(s) address"),
        ("MIRROR_SOURCE_URL", "epochtimes=http://127.0.0.1,ntd=x", "NAME=ADDRESS of several"),
        ("MIRROR_SOURCE_URL", "http://127.0.0.1:8000/gb", "scheme and host alone"),
        ("MIRROR_SOURCE_URL", "http://127.0.0.1:http", "http(s) address"),
        ("MIRROR_SOURCE_URL", "http://[::1", "http(s) address"),
        ("MIRROR_PUBLIC_URL", "ftp://x", "http(s) address"),
        ("MIRROR_PUBLIC_URL", "github.com/example/mirror", "http(s) address"),
        ("MIRROR_PUBLIC_URL", "https://git.example.org/读者/blob", "http(s) address"),  # zbar errs
        ("MIRROR_PUBLIC_URL", "https://git.example.org/a b'c", "http(s) address"),
        ("MIRROR_SHORT_URL", "a.example", "http(s) address"),
        ("MIRROR_BEACON_URL", "//example.org", "http(s) address"),
        ("MIRROR_THEME", "nosuch", "there is classic, default"),
        ("MIRROR_THEME", "../templates/nosuch", "there is classic, default"),
        ("MIRROR_THEME", "", "there is classic, default"),
        ("MIRROR_PAGE_PATH", "pages/{section}.md", "with {id}"),
        ("MIRROR_PAGE_PATH", "../{id}.md", "relative path"),
        ("MIRROR_PAGE_PATH", "pages/../../{id}.md", "relative path"),
        ("MIRROR_PAGE_PATH", "/tmp/{id}.md", "relative path"),
        ("MIRROR_PAGE_PATH", "pages/{author}/{id}.md", "section, id, year, month, day"),
        ("MIRROR_PAGE_PATH", "pages/{id.__class__}.md", "section, id, year, month, day"),
        ("MIRROR_PAGE_PATH", "pages/{id", "section, id, year, month, day"),
        ("MIRROR_PAGE_PATH", "pages/{id}.html", "ending in .md"),
        ("MIRROR_OUTPUT", "{folder}/file", "cannot make this folder"),
        ("MIRROR_OUTPUT", "{folder}/file/out", "cannot make this folder"),
        ("MIRROR_DATABASE_URL", "nonsense", "must be like sqlite:///"),
        ("MIRROR_DATABASE_URL", "oracle://host/mirror", "must be like sqlite:///"),
        ("MIRROR_DATABASE_URL", "sqlite:///{folder}/out/mirror.db", "which is published"),
        ("MIRROR_DATABASE_URL", "sqlite:///{folder}/out/a/b/mirror.db", "which is published"),
        ("MIRROR_DATABASE_URL", "sqlite:///{folder}/file/mirror.db", "cannot make this folder"),
        ("MIRROR_DATABASE_URL", "sqlite:///{folder}", "must name a file, there is a folder"),
        ("MIRROR_DATABASE_URL", "sqlite://", "must name a file"),
        ("MIRROR_DATABASE_URL", "sqlite:///:memory:", "must name a file"),
        ("MIRROR_DATABASE_URL", "sqlite:///file:m?mode=memory&uri=true", "must name a file"),
        ("MIRROR_EXPORT_FOLDER", "{folder}/out/exports", "which is published"),
        ("MIRROR_KEEP_DAYS", "4000000", "must be a whole number, 99999 or less"),
        (
            "MIRROR_PUSH_TIMEOUT",
            "99999999999",
            "must be a whole number, 1 or more, 999999999 or less",
        ),
        ("MIRROR_WORKERS", "1000000", "must be a whole number, 999 or less"),
        ("MIRROR_BACKLOG", "some", "must be a whole number, 1 or more; or all, or empty"),
        ("MIRROR_PROFILE", "fast", "must be one of polite, bulk, or empty"),
        ("MIRROR_LEASE", "4", "must be a whole number, 5 or more"),
        ("MIRROR_REDIS_URL", "http://127.0.0.1", "must be like redis://host:6379/0"),
    ],
)
def test_wrong_setting_is_refused(
    settings: dict[str, object], tmp_path: Path, name: str, value: str, allowed: str
) -> None:
    value = value.replace("{folder}", str(tmp_path))
    with pytest.raises(ArgumentError) as refusal:
        Options.from_settings({**settings, name: value}).check()
    assert str(refusal.value).startswith(f"{name}={value}: ")
    assert allowed in str(refusal.value)


def test_settings_as_shipped_are_accepted(settings: dict[str, object]) -> None:
    Options.from_settings(settings).check()


# ---- the command line


@pytest.fixture(scope="module")
def runs(
    new_mirror: NewMirror, together: Together, elsewhere: DemoServer
) -> dict[str, tuple[Mirror, Run]]:
    """Those of COMMANDS, one for a section that is not there, and one that meets the bad pages."""
    pages = demo_pages(ARTICLES)
    pages["/gb/"] = Page(b"<h1>home</h1>")
    for article, (page, _) in zip(ARTICLES, bad_pages(elsewhere.url).values(), strict=False):
        pages[article.path] = page
    spotted = new_mirror(pages)
    missing = new_mirror(demo_pages(ARTICLES))
    calls = {
        "bad pages": (spotted, partial(spotted.section, "nsc418")),
        "no such section": (missing, partial(missing.section, "nsc99999")),
    }
    for what, (args, settings, _) in COMMANDS.items():
        mirror = new_mirror(demo_pages(ARTICLES))
        calls[what] = mirror, partial(mirror.scrapy, "crawl", *args, **settings)
    done = together(*(run for _, run in calls.values()))
    return {what: (calls[what][0], run) for what, run in zip(calls, done, strict=True)}


@pytest.mark.parametrize("what", COMMANDS)
def test_refusal_is_one_line_without_a_request(
    runs: dict[str, tuple[Mirror, Run]], what: str
) -> None:
    mirror, run = runs[what]
    assert run.returncode == 2
    assert "Traceback" not in run.output
    *before, last = run.output.splitlines()
    assert COMMANDS[what][2] in last
    assert not any("error" in line.lower() for line in before)
    assert run.asked == []
    assert mirror.files() == {}


def test_section_that_the_site_lacks_is_an_error(runs: dict[str, tuple[Mirror, Run]]) -> None:
    _, run = runs["no such section"]
    assert run.asked == ["/robots.txt", "/gb/nsc99999.htm"]
    assert run.returncode not in (0, 1, 2)
    (line,) = (line for line in run.output.splitlines() if "] ERROR:" in line)
    assert "no section nsc99999" in line
    assert "Traceback" not in run.output


# ---- pages


@pytest.fixture(scope="module")
def elsewhere() -> Any:
    """Another site's server."""
    with DemoServer(demo_pages(ARTICLES)) as server:
        yield server


def bad_pages(elsewhere: str) -> dict[str, tuple[Page, str]]:
    """By the name of what is wrong: the answer, and what the warning must say of it."""
    article = ARTICLES[0]
    html = article_page(article, ARTICLES)
    untitled = re.sub(r'<h1 class="title">.*?</h1>|<meta property="og:title".*?>', "", html)
    bodiless = html.replace('id="artbody"', "").replace('itemprop="articleBody"', "")
    long = replace(ARTICLES[9], body_html=f"<p>{'这是很长的一段。' * 60}</p>\n" * 2100)
    home, abroad = {"Location": "/gb/"}, {"Location": f"{elsewhere}{article.path}"}
    return {
        "missing": (Page(b"not here", status=404), "404"),
        "broken": (Page(b"oops", status=500), "500"),
        "no article": (Page("<h1>登录</h1><p>请先登录。</p></html>".encode()), "log in"),
        "untitled": (Page(untitled.encode()), "no title"),
        "bodiless": (Page(bodiless.encode()), "no body"),
        "to the home page": (Page(b"", status=302, headers=home), "redirected to .*/gb/"),
        "abroad": (Page(b"", status=302, headers=abroad), re.escape(elsewhere)),
        "binary": (Page(picture("x-60x40.png"), "image/png"), "not a text|not written in"),
        "empty": (Page(b""), "empty"),
        "3 MB": (Page(article_page(long, ARTICLES).encode()), "large|big|long|MB|bytes"),
    }


BAD_PAGES = tuple(bad_pages(""))


@pytest.fixture
def spotted(runs: dict[str, tuple[Mirror, Run]]) -> tuple[Mirror, Run]:
    """The run in which the first articles answer with the bad pages."""
    return runs["bad pages"]


@pytest.mark.parametrize("what", BAD_PAGES)
def test_bad_page_is_named_in_a_warning_with_the_reason(
    spotted: tuple[Mirror, Run], elsewhere: DemoServer, what: str
) -> None:
    url = ARTICLES[BAD_PAGES.index(what)].url
    warnings = [
        line
        for line in spotted[1].output.splitlines()
        if ("WARNING" in line or "ERROR" in line) and url in line
    ]
    assert len(warnings) == 1
    assert re.search(bad_pages(elsewhere.url)[what][1], warnings[0].split(url)[1])


def test_bad_pages_are_counted_and_all_others_published(spotted: tuple[Mirror, Run]) -> None:
    mirror, run = spotted
    good = {article.id for article in ARTICLES[len(BAD_PAGES) :]}
    assert good <= mirror.articles()
    assert mirror.articles() - good <= {ARTICLES[BAD_PAGES.index("3 MB")].id}
    became = ("published", "refused", "failed", "gone")
    counts = {name: run.stats.get(f"mirror/{name}", 0) for name in became}
    assert sum(counts.values()) == len(ARTICLES)
    assert counts["published"] == len(mirror.articles())
    assert counts["gone"] == 1
    assert counts["failed"] >= 1
    assert "Traceback" not in run.output


def test_redirect_to_another_site_is_not_followed(
    spotted: tuple[Mirror, Run], elsewhere: DemoServer
) -> None:
    abroad = ARTICLES[BAD_PAGES.index("abroad")]
    assert abroad.path in spotted[1].asked
    assert elsewhere.requests == []


def test_password_in_a_wrong_database_address_is_not_shown(settings: dict[str, object]) -> None:
    given = {**settings, "MIRROR_DATABASE_URL": "mysql://me:secret@db/mirror"}
    with pytest.raises(ArgumentError, match=r"mysql://\*\*\*@db/mirror: must be like sqlite"):
        Options.from_settings(given).check()
