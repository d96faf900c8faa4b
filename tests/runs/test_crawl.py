"""Whole runs of the program against the made-up site: the files, and what the server saw."""

from __future__ import annotations

import csv
import difflib
import json
import os
import posixpath
import random
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

import pytest
from lxml import etree
from parsel import Selector

from demo.articles import Article, made_up_articles
from demo.server import Page, Pages
from demo.site import demo_pages
from mirror.pages.tree import TEMPORARY

if TYPE_CHECKING:
    from conftest import Mirror, Run, Stamp
    from lxml.html import HtmlElement

GOLDEN = Path(__file__).parents[1] / "golden"
ARTICLES = made_up_articles(40)  # all of them in nsc418: two listing pages
MIXED = made_up_articles(85)[42:]  # some in nsc413, some in both, some in neither
THREE_PAGES = made_up_articles(75)
RENAMED = replace(ARTICLES[3], title="更正：*新*的[题目]")
OTHER_URL = "https://git.example.org/readers/news/-/blob/main"
MENU = "#### [我的菜单](https://example.org/menu)"
FORMS = (  # test_sites.py has them all
    "https://www.epochtimes.com{path}",
    "http://m.epochtimes.com{path}/amp",
    "https://epochtimes.com{path}?utm_source=portal#main",
)

NewMirror = Callable[..., "Mirror"]
Together = Callable[..., list[Any]]
Shown = Callable[[str], "HtmlElement"]


class Step(NamedTuple):
    """A run of several, and the mirror after it."""

    run: Run
    files: dict[str, bytes]
    articles: set[str]


def steps(mirror: Mirror, section: str, *runs: dict[str, object]) -> list[Step]:
    """Crawl a section several times, each time with other arguments."""
    return [
        Step(mirror.section(section, **args), mirror.files(), mirror.articles()) for args in runs
    ]


def through(pages: Pages, change: Callable[[str, Page], Page]) -> Pages:
    """The same pages, each passed through a function when it is asked for."""

    def changed(path: str, headers: dict[str, str]) -> Page:
        page = pages[path]
        return change(path, page if isinstance(page, Page) else page(headers))

    return {path: partial(changed, path) for path in pages}


def cookie_set(_path: str, page: Page) -> Page:
    return replace(page, headers={"Set-Cookie": "reader=1; Path=/"})


def delayed(dice: random.Random, _path: str, page: Page) -> Page:
    time.sleep(dice.random() / 8)
    return page


def held(holds: Callable[[str], bool], tickets: threading.Semaphore, path: str, page: Page) -> Page:
    """Keep the client waiting for an answer until there is a ticket."""
    if holds(path):
        tickets.acquire()
    return page


def is_article(path: str) -> bool:
    return re.search(r"/n\d+\.htm$", path) is not None


def ids(articles: Iterable[Article], section: str) -> set[str]:
    return {article.id for article in articles if section in article.sections}


def linked(article: Article) -> list[tuple[str, str]]:
    """The ids of the other articles that a body links to, attachment pages aside, with the words."""
    links = Selector(article.body_html).css("a[href]")
    found = ((a.re(r"/(n\d+)\.htm(?!/harbour)[^>]*>"), a.xpath("string()").get()) for a in links)
    return [(ids[0], words) for ids, words in found if ids and ids[0] != article.id]


def relative_links(page: HtmlElement) -> set[str]:
    return {href for href in page.xpath("//a/@href") if "://" not in href}


def own_address(page: HtmlElement) -> str:
    """The address that a page gives as its own, in words above its QR code."""
    (link,) = page.xpath('//a[img/@src = concat(@href, ".png")]')
    return next(word for word in link.xpath("preceding::text()")[::-1] if "://" in word).strip()


def links_in_text(page: HtmlElement) -> list[HtmlElement]:
    """The links of a page but for those of its menus, to its section and to itself."""
    menus, share = (
        'ancestor::h4[contains(., "一键翻墙软件")]',
        'preceding::text()[contains(., "长按并")]',
    )
    links = page.xpath(f"//a[@href and not({menus}) and not({share})]")
    return [link for link in links if "/indexes/" not in link.get("href")]


@pytest.fixture(scope="module")
def whole(new_mirror: NewMirror) -> tuple[Mirror, Run]:
    """The section mirrored once from the start. Only to be read; `new_mirror` copies it."""
    mirror = new_mirror(through(demo_pages(ARTICLES), cookie_set))
    return mirror, mirror.section("nsc418")


# ---- one run


def test_output_of_a_whole_run_equals_the_golden_tree(whole: tuple[Mirror, Run]) -> None:
    made = whole[0].files()
    if os.environ.get("REGENERATE_GOLDEN"):
        shutil.rmtree(GOLDEN, ignore_errors=True)
        shutil.copytree(whole[0].tree, GOLDEN)
        pytest.fail("tests/golden/ is written anew: read its diff, then run without the variable")
    golden = {f.relative_to(GOLDEN).as_posix(): f for f in GOLDEN.rglob("*") if f.is_file()}
    assert sorted(made) == sorted(golden)
    differ = [path for path in golden if golden[path].read_bytes() != made[path]]
    shown = [line for path in differ if path.endswith(".md") for line in _diff(path, made[path])]
    assert not differ, "\n".join([*differ, *shown, "", "To accept: REGENERATE_GOLDEN=1 pytest ..."])


def _diff(path: str, made: bytes) -> Iterable[str]:
    old = (GOLDEN / path).read_text("utf-8").splitlines()
    return difflib.unified_diff(old, made.decode().splitlines(), path, "made", lineterm="", n=0)


def test_every_listed_article_is_published_once(whole: tuple[Mirror, Run], shown: Shown) -> None:
    mirror, run = whole
    texts = mirror.texts()
    pages = {path: text for path, text in texts.items() if path.startswith("pages/")}
    assert sorted(pages) == sorted(f"pages/nsc418/{article.id}.md" for article in ARTICLES)
    for article in ARTICLES:
        page = shown(pages[f"pages/nsc418/{article.id}.md"])
        assert " ".join(page.find(".//h3").text_content().split()) == article.title
    assert (run.returncode, run.stats["mirror/published"]) == (0, len(ARTICLES))
    assert sorted(path for path in run.asked if is_article(path)) == sorted(
        article.path for article in ARTICLES
    )


def test_indexes_list_every_article_newest_first(whole: tuple[Mirror, Run], shown: Shown) -> None:
    texts = whole[0].texts()
    expected = [f"../pages/nsc418/{article.id}.md" for article in ARTICLES]
    section = shown(texts["indexes/nsc418.md"])
    links = [href for href in section.xpath("//li/a/@href") if "/pages/" in href]
    assert links == expected
    months = section.xpath("//h5/following-sibling::p/a[starts-with(@href, 'nsc418/')]/@href")
    assert months == ["nsc418/2021-12.md", "nsc418/2018-09.md"]
    by_month = [
        href
        for month in months
        for href in shown(texts[f"indexes/{month}"]).xpath("//li/a/@href")
        if "/pages/" in href
    ]
    assert by_month == [f"../{href}" for href in expected]


def test_qr_code_is_the_address_that_the_page_gives(
    whole: tuple[Mirror, Run], shown: Shown, decode: Callable[[bytes], list[str]]
) -> None:
    mirror, _ = whole
    files = mirror.files()
    codes = [path.removesuffix(".png") for path in files if path.endswith(".png")]
    assert len(codes) == len(ARTICLES) + 2
    assert "README.md" in codes
    for path in codes:
        address = own_address(shown(files[path].decode()))
        assert address == f"https://github.com/example/mirror/blob/main/{path}"
        assert decode(files[f"{path}.png"]) == [address], path


def test_links_between_articles_lead_to_pages_here(whole: tuple[Mirror, Run], shown: Shown) -> None:
    mirror, _ = whole
    published, linking = mirror.articles(), 0
    for article in ARTICLES:
        page = shown((mirror.tree / f"pages/nsc418/{article.id}.md").read_text("utf-8"))
        links = [(a.get("href"), a.text_content()) for a in links_in_text(page)]
        wanted = [
            (f"{target}.md", words) for target, words in linked(article) if target in published
        ]
        assert [link for link in links if "://" not in link[0]] == wanted, article.id
        linking += len(wanted)
    assert linking > 15


def test_no_link_leads_to_the_blocked_site(whole: tuple[Mirror, Run], shown: Shown) -> None:
    mirror, _ = whole
    for article in ARTICLES:
        page = shown((mirror.tree / f"pages/nsc418/{article.id}.md").read_text("utf-8"))
        links = {href for href in page.xpath("//a/@href") if "epochtimes.com" in href}
        assert links <= {article.url}, article.id  # given in words, which GitHub makes a link


def test_every_relative_link_of_the_tree_leads_to_a_file_or_a_heading(
    whole: tuple[Mirror, Run], shown: Shown
) -> None:
    texts = whole[0].texts()
    pages = {path: shown(text) for path, text in texts.items()}
    headings = {
        path: {h.text_content() for h in page.iter("h4", "h5")} for path, page in pages.items()
    }
    for path, page in pages.items():
        for href in relative_links(page):
            file, _, heading = unquote(href).partition("#")
            target = (
                posixpath.normpath(posixpath.join(posixpath.dirname(path), file)) if file else path
            )
            assert (whole[0].tree / target).is_file(), path
            assert not heading or heading in headings[target], path


def test_server_sees_a_browser_that_asks_for_pages_only(whole: tuple[Mirror, Run]) -> None:
    requests = whole[0].server.requests
    assert {request.method for request in requests} == {"GET"}
    assert all(r.path.startswith("/gb/") or r.path == "/robots.txt" for r in requests)
    assert all(r.headers["user-agent"].startswith("Mozilla/5.0 (") for r in requests)
    assert not any("scrapy" in str(request.headers).lower() for request in requests)
    assert not any("cookie" in request.headers for request in requests)


# ---- a run after another


class Again(NamedTuple):
    """A mirror's files and folders before and after another run."""

    before: dict[str, Stamp]
    run: Run
    after: dict[str, Stamp]


@pytest.fixture(scope="module")
def again(whole: tuple[Mirror, Run], new_mirror: NewMirror, together: Together) -> dict[str, Again]:
    """A second run of the whole section, with the site as it was and with a new title."""

    def run(articles: list[Article]) -> Again:
        mirror = new_mirror(demo_pages(articles), whole[0])
        return Again(mirror.stamps(), mirror.section("nsc418"), mirror.stamps())

    sites = {"same": ARTICLES, "renamed": [*ARTICLES[:3], RENAMED, *ARTICLES[4:]]}
    done = together(*(partial(run, articles) for articles in sites.values()))
    return dict(zip(sites, done, strict=True))


def test_second_run_fetches_one_listing_page_and_touches_nothing(again: dict[str, Again]) -> None:
    before, run, after = again["same"]
    assert (run.returncode, run.asked) == (0, ["/robots.txt", "/gb/nsc418.htm"])
    assert after == before


def test_new_title_in_the_listing_refetches_that_article_alone(
    again: dict[str, Again], shown: Shown
) -> None:
    before, run, after = again["renamed"]
    assert [path for path in run.asked if is_article(path)] == [RENAMED.path]
    changed = {path for path, stamp in after.items() if stamp != before.get(path) and stamp.content}
    page, section = f"pages/nsc418/{RENAMED.id}.md", "indexes/nsc418.md"
    assert changed == {page, section, "indexes/nsc418/2021-12.md", "README.md"}
    for path in changed:
        assert RENAMED.title in shown(after[path].content.decode()).text_content(), path
        assert ARTICLES[3].title not in after[path].content.decode(), path
    assert after.keys() == before.keys()


# ---- all anew from the database


@pytest.fixture(scope="module")
def rendered(
    whole: tuple[Mirror, Run],
    new_mirror: NewMirror,
    together: Together,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, tuple[Mirror, Run]]:
    """What `scrapy render` makes in an empty folder, with several settings."""
    theme = tmp_path_factory.mktemp("theme")
    (theme / "menu.md.j2").write_text(f"{MENU}\n", "utf-8")
    settings = {
        "same": {},
        "moved": {"MIRROR_PUBLIC_URL": OTHER_URL},
        "menu": {"MIRROR_THEME": theme},
    }

    def render(changed: dict[str, object]) -> tuple[Mirror, Run]:
        mirror = new_mirror({}, whole[0])
        shutil.rmtree(mirror.tree)
        return mirror, mirror.scrapy("render", **changed)

    made = together(*(partial(render, changed) for changed in settings.values()))
    return dict(zip(settings, made, strict=True))


def test_rendering_into_an_empty_folder_gives_the_same_tree(
    whole: tuple[Mirror, Run], rendered: dict[str, tuple[Mirror, Run]]
) -> None:
    mirror, run = rendered["same"]
    assert (run.returncode, run.asked) == (0, [])
    assert mirror.files() == whole[0].files()


def test_new_home_changes_every_address_and_nothing_else(
    whole: tuple[Mirror, Run],
    rendered: dict[str, tuple[Mirror, Run]],
    shown: Shown,
    decode: Callable[[bytes], list[str]],
) -> None:
    mirror, _ = rendered["moved"]
    old, new = whole[0].texts(), mirror.texts()
    for path, text in new.items():
        changed = text.replace(OTHER_URL, "https://github.com/example/mirror/blob/main")
        assert changed == old[path]
        assert "github.com/example" not in text
    codes = {path: png for path, png in mirror.files().items() if path.endswith(".png")}
    assert len(codes) == len(ARTICLES) + 2
    for path, png in codes.items():
        assert decode(png) == [f"{OTHER_URL}/{path.removesuffix('.png')}"]


def test_theme_of_a_menu_alone_changes_the_menus_alone(
    whole: tuple[Mirror, Run], rendered: dict[str, tuple[Mirror, Run]]
) -> None:
    mirror, _ = rendered["menu"]
    old, new = whole[0].files(), mirror.files()
    assert new.keys() == old.keys()
    replaced = set()
    for path in new:
        if path.endswith(".png"):
            assert new[path] == old[path]
            continue
        lines = zip(old[path].decode().split("\n"), new[path].decode().split("\n"), strict=True)
        changes = [change for change in lines if change[0] != change[1]]
        assert len(changes) == 1, path
        replaced |= set(changes)
    assert all(menu.startswith("#### [首页](") for menu, _ in replaced)
    assert {mine for _, mine in replaced} == {MENU}


# ---- several sections


@pytest.fixture(scope="module")
def two_sections(new_mirror: NewMirror, together: Together) -> list[Mirror]:
    """The same two sections from a prompt server, and from one that answers out of order."""
    dice = random.Random(418)
    prompt = new_mirror(demo_pages(MIXED))
    tardy = new_mirror(through(demo_pages(MIXED), partial(delayed, dice)))
    together(*(partial(mirror.section, "nsc418,nsc413") for mirror in (prompt, tardy)))
    return [prompt, tardy]


def test_article_of_several_sections_has_one_page(two_sections: list[Mirror]) -> None:
    first, second = ids(MIXED, "nsc418"), ids(MIXED, "nsc413")
    assert len(first & second) >= 3
    assert len(ids(MIXED, "nsc412") - first - second) >= 1
    pages = [path for path in two_sections[0].texts() if path.startswith("pages/")]
    assert sorted(pages) == sorted(
        [f"pages/nsc418/{i}.md" for i in first] + [f"pages/nsc413/{i}.md" for i in second - first]
    )


def test_index_of_every_section_lists_the_article(two_sections: list[Mirror], shown: Shown) -> None:
    texts, first = two_sections[0].texts(), ids(MIXED, "nsc418")
    listed = relative_links(shown(texts["indexes/nsc413.md"]))
    assert {link for link in listed if link.startswith("../pages/")} == {
        f"../pages/{'nsc418' if i in first else 'nsc413'}/{i}.md" for i in ids(MIXED, "nsc413")
    }
    home = shown(texts["README.md"]).text_content()
    assert "国际" in home
    assert "大陆新闻" in home


def test_order_of_answers_does_not_matter(two_sections: list[Mirror]) -> None:
    prompt, tardy = two_sections
    arrived = [[r.path for r in m.server.requests if is_article(r.path)] for m in two_sections]
    assert sorted(arrived[0]) == sorted(arrived[1])
    assert tardy.files() == prompt.files()


# ---- a part of a section


@pytest.fixture(scope="module")
def parts(new_mirror: NewMirror, together: Together) -> dict[str, list[Step]]:
    """Runs that were asked for a part, and the runs after them."""
    runs = {  # the 34 articles of "since" fill one listing page with 2021, the other with 2018
        "limit": (ARTICLES, "nsc418", {"limit": 7}, {}),
        "pages": (ARTICLES, "nsc418", {"pages": 1}, {}),
        "since": (ARTICLES[6:], "nsc418", {"since": "2021-12-01"}, {}),
        "feed": (ARTICLES[28:], "nsc418", {"via": "feed"}),
        "undated": (MIXED, "ncid277", {"since": "2021-12-07"}, {}),
    }
    made = together(
        *(
            partial(steps, new_mirror(demo_pages(articles)), section, *args)
            for articles, section, *args in runs.values()
        )
    )
    return dict(zip(runs, made, strict=True))


def test_limit_takes_the_newest_and_the_next_run_the_rest(
    parts: dict[str, list[Step]], whole: tuple[Mirror, Run]
) -> None:
    limited, completed = parts["limit"]
    assert limited.articles == {article.id for article in ARTICLES[:7]}
    assert sum(map(is_article, limited.run.asked)) == 7
    assert sum(map(is_article, completed.run.asked)) == len(ARTICLES) - 7
    assert completed.files == whole[0].files()


def test_link_to_an_article_published_later_is_made_then(
    parts: dict[str, list[Step]], shown: Shown
) -> None:
    _, completed = parts["limit"]
    here = {article.id for article in ARTICLES[:7]}
    (article,) = (a for a in ARTICLES[:7] if linked(a))
    ((target, words),) = linked(article)
    assert target not in here
    before, after = (
        shown(step.files[f"pages/nsc418/{article.id}.md"].decode()) for step in parts["limit"]
    )
    assert words in before.text_content()
    assert not [a for a in links_in_text(before) if "://" not in a.get("href")]
    assert after.xpath(f'//a[@href = "{target}.md"]')[0].text_content() == words
    assert completed.run.stats["mirror/published"] == len(ARTICLES) - 7


def test_pages_bounds_the_listing_pages(parts: dict[str, list[Step]]) -> None:
    bounded, _ = parts["pages"]
    assert bounded.articles == {article.id for article in ARTICLES[:30]}
    assert [p for p in bounded.run.asked if not is_article(p)] == ["/robots.txt", "/gb/nsc418.htm"]


def test_run_without_pages_gets_the_rest(parts: dict[str, list[Step]]) -> None:
    assert parts["pages"][1].articles == {article.id for article in ARTICLES}


def test_since_leaves_out_what_is_older(parts: dict[str, list[Step]]) -> None:
    wanted = {a.id for a in ARTICLES[6:] if a.published.date() >= date(2021, 12, 1)}
    assert len(wanted) == 30
    bounded, _ = parts["since"]
    assert bounded.articles == wanted
    assert {Path(path).stem for path in bounded.run.asked if is_article(path)} == wanted


def test_run_without_since_gets_what_was_too_old(parts: dict[str, list[Step]]) -> None:
    assert parts["since"][1].articles == {article.id for article in ARTICLES[6:]}


def test_since_holds_where_the_listing_gives_no_dates(parts: dict[str, list[Step]]) -> None:
    listed = [article for article in MIXED if "nsc413" in article.sections]
    wanted = {a.id for a in listed if a.published.date() >= date(2021, 12, 7)}
    assert 0 < len(wanted) < len(listed)
    bounded, completed = parts["undated"]
    assert bounded.articles == wanted
    assert completed.articles == {article.id for article in listed}


def test_section_of_the_other_listing_layout(parts: dict[str, list[Step]], shown: Shown) -> None:
    files = parts["undated"][1].files
    pages = [path for path in files if path.startswith("pages/") and path.endswith(".md")]
    assert sorted(pages) == sorted(f"pages/ncid277/{i}.md" for i in ids(MIXED, "nsc413"))
    assert shown(files["indexes/ncid277.md"].decode()).find(".//h3").text_content() == "中国"


def test_feed_brings_the_articles_without_a_listing_page(parts: dict[str, list[Step]]) -> None:
    (step,) = parts["feed"]
    assert step.run.asked[:2] == ["/robots.txt", "/gb/nsc418.xml"]
    assert sorted(step.run.asked[2:]) == sorted(article.path for article in ARTICLES[28:])
    assert step.articles == {article.id for article in ARTICLES[28:]}


# ---- one article


def test_any_form_of_an_address_gives_the_same_page(
    new_mirror: NewMirror, together: Together
) -> None:
    article = ARTICLES[0]
    mirrors = [new_mirror(demo_pages(ARTICLES)) for _ in FORMS]
    forms = [form.format(path=article.path) for form in FORMS]
    runs = together(*(partial(m.article, url) for m, url in zip(mirrors, forms, strict=True)))
    for form, run, mirror in zip(forms, runs, mirrors, strict=True):
        assert (run.returncode, run.asked) == (0, ["/robots.txt", article.path]), form
        assert mirror.files() == mirrors[0].files(), form
    assert mirrors[0].articles() == {article.id}


# ---- killed runs


class Killed(NamedTuple):
    """A mirror whose first run was killed, and what the run after it did."""

    mirror: Mirror
    published: set[str]  # ids, by the killed run
    run: Run


@pytest.fixture(scope="module")
def killed(new_mirror: NewMirror, together: Together) -> dict[str, Killed]:
    """Runs killed among the articles, and on the way through the listing."""

    def among_articles() -> Killed:
        tickets = threading.Semaphore(36)
        pages = through(demo_pages(ARTICLES), partial(held, is_article, tickets))
        mirror = new_mirror(pages)
        return _killed(mirror, tickets, lambda: len(mirror.articles()) >= 5)

    def on_page_three() -> Killed:
        tickets, third = threading.Semaphore(0), "/gb/nsc418_3.htm"
        mirror = new_mirror(through(demo_pages(THREE_PAGES), partial(held, third.__eq__, tickets)))
        return _killed(
            mirror, tickets, lambda: third in mirror.asked() and len(mirror.articles()) >= 30
        )

    return dict(zip(("articles", "listing"), together(among_articles, on_page_three), strict=True))


def _killed(mirror: Mirror, tickets: threading.Semaphore, is_time: Callable[[], bool]) -> Killed:
    """Kill a run as soon as it is time, leave half a file as it might, and run again."""
    process = mirror.start("crawl", "section", "-aid=nsc418")
    give_up = time.monotonic() + 30
    while not is_time() and process.poll() is None and time.monotonic() < give_up:
        time.sleep(0.02)
    process.kill()
    process.wait()
    tickets.release(1000)
    published = mirror.articles()
    (mirror.tree / f"pages/nsc418/n1.md{TEMPORARY}").write_bytes(b"### half a pa")
    return Killed(mirror, published, mirror.section("nsc418"))


def test_run_after_a_kill_leaves_what_an_undisturbed_one_does(
    killed: dict[str, Killed], whole: tuple[Mirror, Run]
) -> None:
    mirror, published, run = killed["articles"]
    assert 5 <= len(published) <= 36 < len(ARTICLES)
    assert run.returncode == 0
    assert mirror.files() == whole[0].files()


def test_walk_through_a_listing_that_was_killed_is_completed(killed: dict[str, Killed]) -> None:
    mirror, published, run = killed["listing"]
    listed = ids(THREE_PAGES, "nsc418")
    assert 30 <= len(published) <= 60 < len(listed)
    assert "/gb/nsc418_3.htm" in run.asked
    assert mirror.articles() == listed


def test_feeds_of_every_format_hold_every_article(new_mirror: NewMirror, tmp_path: Path) -> None:
    mirror = new_mirror(demo_pages(made_up_articles(6)))
    feeds = {ending: tmp_path / f"articles.{ending}" for ending in ("jsonl", "json", "csv", "xml")}
    outputs = (word for file in feeds.values() for word in ("-o", str(file)))
    run = mirror.scrapy("crawl", "section", "-aid=nsc418", *outputs)
    assert run.returncode == 0
    lines = feeds["jsonl"].read_text("utf-8").splitlines()
    ids = {name: [] for name in feeds} | {"jsonl": [json.loads(line)["id"] for line in lines]}
    ids["json"] = [article["id"] for article in json.loads(feeds["json"].read_text("utf-8"))]
    with feeds["csv"].open(encoding="utf-8", newline="") as file:
        ids["csv"] = [row["id"] for row in csv.DictReader(file)]
    ids["xml"] = etree.parse(feeds["xml"]).getroot().xpath("//item/id/text()")
    assert {name: sorted(found) for name, found in ids.items()} == dict.fromkeys(
        feeds, sorted(mirror.articles())
    )
