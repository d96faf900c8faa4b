"""scrapy status and scrapy show: what they tell, and that they only read."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from scrapy.settings import Settings
from support.commands import command

from demo.articles import made_up_articles
from demo.server import Page
from demo.site import demo_pages
from mirror.config.options import Options
from mirror.errors import ArgumentError
from mirror.reporting.plotting import plot
from mirror.store.locking import only_run

if TYPE_CHECKING:
    from conftest import Mirror

ARTICLES = made_up_articles(12)
FAILED, REFUSED, PUBLISHED = ARTICLES[0], ARTICLES[1], ARTICLES[2]
PATH = f"pages/nsc418/{PUBLISHED.id}.md"


@pytest.fixture(scope="module")
def mirror(new_mirror: Callable[..., Mirror]) -> Mirror:
    """A section with an article that failed and one that was refused."""
    wordless = Page(f"<p>{'无字的节目。' * 20}</html>".encode())
    bad = {FAILED.path: Page(b"", status=500), REFUSED.path: wordless}
    mirror = new_mirror({**demo_pages(ARTICLES), **bad})
    mirror.scrapy("crawl", "section", "-aid=nsc418", RETRY_ENABLED=False)
    time.sleep(1.1)  # what failed is due from the next second on
    return mirror


def asked(mirror: Mirror, *args: str) -> Any:
    done = command(mirror, *args, "--json")
    assert done.returncode == 0, done.output
    return json.loads(done.output)


def test_status_counts_articles_by_state(mirror: Mirror) -> None:
    (section,) = asked(mirror, "status")["sections"]
    count = len(ARTICLES) - 2
    assert section["states"] == {"failed": 1, "refused": 1, "published": count}
    assert (section["id"], section["pages"], section["listed"]) == ("nsc418", count, len(ARTICLES))
    times = [article.published.isoformat() for article in ARTICLES[2:]]
    assert (section["oldest"], section["newest"]) == (min(times), max(times))


def test_each_article_counts_in_the_section_of_its_page_wherever_it_was_found_first(
    new_mirror: Callable[..., Mirror],
) -> None:
    mirror = new_mirror(demo_pages(made_up_articles(60)))
    call = ("crawl", "section", "-aid=nsc418,nsc413")
    assert mirror.scrapy(*call, "-alimit=5").returncode == 0  # reads a page of each, fetches few
    assert mirror.scrapy(*call).returncode == 0
    sections = asked(mirror, "status")["sections"]
    assert len(sections) == 2
    assert [s["states"]["published"] for s in sections] == [s["pages"] for s in sections]


def test_status_says_what_failed_and_why(mirror: Mirror) -> None:
    known = asked(mirror, "status")
    assert known["reasons"] == [
        {"state": "failed", "reason": "HTTP 500", "articles": [FAILED.id]},
        {"state": "refused", "reason": "no title", "articles": [REFUSED.id]},
    ]
    assert known["due"]["to be tried again"] == 2


def test_status_knows_the_last_run_and_the_sizes(mirror: Mirror) -> None:
    known = asked(mirror, "status")
    assert (known["last_run"]["spider"], known["last_run"]["status"]) == ("section", 3)
    assert known["tree"]["pages"] == len(ARTICLES) - 2
    assert known["tree"]["bytes"] == sum(map(len, mirror.files().values()))
    assert known["database"]["bytes"] > 50_000
    assert known["running"] is None


def test_status_tells_of_large_files_and_a_large_repository(
    mirror: Mirror, new_mirror: Callable[..., Mirror]
) -> None:
    assert asked(mirror, "status")["limits"] == []
    near = new_mirror({}, known=mirror)
    (near.tree / ".git").mkdir(exist_ok=True)
    sizes = {".git/a.pack": 8 * 10**9, "a.zip": 80_000_000, "b.md": 1_600_000, "c.zip": 79_999_999}
    for path, size in sizes.items():
        with (near.tree / path).open("wb") as file:
            file.truncate(size)
    told = command(near, "status").output
    assert re.findall("^Near or over a limit: (.*?);", told, re.MULTILINE) == [
        "a.zip has 80.0 MB",
        "b.md has 1.6 MB",
        ".git has 8.0 GB",
    ]


def test_status_is_told_in_words(mirror: Mirror) -> None:
    told = command(mirror, "status").output
    assert "section id=nsc418, begun 20" in told
    assert "with status 3 INCOMPLETE" in told
    assert "国际" in told
    assert f"Failed: 1 for 'HTTP 500': {FAILED.id}\n" in told
    assert "Due now: 0 new, 2 to be tried again, 0 to be looked at again" in told


def test_status_and_show_work_beside_a_crawl_and_write_nothing(mirror: Mirror) -> None:
    settings = {"MIRROR_OUTPUT": mirror.tree}
    settings["MIRROR_DATABASE_URL"] = f"sqlite:///{mirror.folder}/state/mirror.db"
    ours = Settings({**settings})
    ours.setmodule("mirror.settings", priority="default")
    with only_run(Options.from_settings(ours), "scrapy crawl section"):
        before, database = mirror.stamps(), _bytes(mirror)
        assert command(mirror, "verify").returncode == 5
        assert asked(mirror, "status")["running"]["run"] == "scrapy crawl section"
        assert asked(mirror, "show", PUBLISHED.id)["id"] == PUBLISHED.id
        assert (mirror.stamps(), _bytes(mirror)) == (before, database)


def _bytes(mirror: Mirror) -> dict[str, bytes]:
    """The database, without the file in which readers leave their marks."""
    files = (mirror.folder / "state").iterdir()
    return {file.name: file.read_bytes() for file in files if not file.name.endswith("-shm")}


@pytest.mark.parametrize(
    "given", [PUBLISHED.id, PUBLISHED.url, f"http://m.{PUBLISHED.url[12:]}/amp"]
)
def test_show_tells_all_of_an_article_by_any_of_its_names(mirror: Mirror, given: str) -> None:
    known = asked(mirror, "show", given)
    assert known["article"]["title"] == PUBLISHED.title
    assert known["article"]["published"] == PUBLISHED.published.isoformat()
    assert known["address"]["state"] == "published"
    assert known["listed"] == {"nsc418": PUBLISHED.title}
    page = mirror.files()[PATH]
    assert (known["page"]["path"], known["page"]["bytes"]) == (PATH, len(page))
    assert known["page"]["public"].encode() in page


def test_show_tells_why_there_is_no_page(mirror: Mirror) -> None:
    known = asked(mirror, "show", FAILED.id)
    assert (known["article"], known["page"]) == (None, None)
    assert (known["address"]["state"], known["address"]["reason"]) == ("failed", "HTTP 500")
    told = command(mirror, "show", FAILED.id).output
    assert "  reason: HTTP 500\n" in told


@pytest.mark.parametrize("args", [(), ("n999999",), (PUBLISHED.id, FAILED.id), ("../x",)])
def test_show_of_what_is_not_known_is_refused(mirror: Mirror, args: tuple[str, ...]) -> None:
    done = command(mirror, "show", *args)
    assert done.returncode == 2
    assert re.match(r"mirror: error: (article|word)=", done.output)


def test_status_makes_no_database(new_mirror: Callable[..., Mirror]) -> None:
    empty = new_mirror({})
    done = command(empty, "status")
    assert (done.returncode, list(empty.folder.iterdir())) == (2, [])
    assert "nothing is there yet" in done.output


# ---- the plot

DAYS = {"nsc418": {"2021-12-01": 3, "2021-12-02": 5, "2021-12-09": 4}, "nsc413": {"2021-12-05": 1}}


def test_plot_marks_gaps_red(tmp_path: Path) -> None:
    gaps = {"nsc418": {f"2021-12-{day:02}": 4 for day in (1, 2, 3, 8, 9, 10)}}
    whole = {"nsc418": {f"2021-12-{day:02}": 4 for day in range(1, 11)}}
    assert _red(tmp_path, whole) == 0
    assert 0.2 < _red(tmp_path, gaps) < 0.5


def _red(folder: Path, counts: dict[str, dict[str, int]]) -> float:
    """The share of a plot that is of the colour of gaps."""
    plot(counts, folder / "plot.png")
    picture = Image.open(folder / "plot.png").convert("RGB")
    colours = picture.getcolors(maxcolors=1 << 20)
    red = sum(count for count, (r, g, b) in colours if r - max(g, b) > 30)
    return red / sum(count for count, _ in colours)


def test_plot_has_a_row_for_each_section(mirror: Mirror, tmp_path: Path) -> None:
    plot(DAYS, tmp_path / "two.png")
    done = command(mirror, "status", "--plot", str(tmp_path / "one.png"))
    assert done.returncode == 0, done.output
    one, two = (Image.open(tmp_path / f"{name}.png").size for name in ("one", "two"))
    assert one[0] == two[0]
    assert one[1] < two[1]


def test_plot_without_matplotlib_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ArgumentError, match=r"requirements-plot\.txt"):
        plot(DAYS, tmp_path / "plot.png")
