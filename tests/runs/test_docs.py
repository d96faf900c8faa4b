"""The documentation says what the code says."""

from __future__ import annotations

import doctest
import re
from pathlib import Path
from typing import Any

import pytest
from parsel import Selector

from mirror import settings
from mirror.exits import Exit
from mirror.items import Link
from mirror.pages.rendering import Entry
from mirror.sites import Site
from mirror.spiders.archive import ArchiveSpider
from mirror.spiders.section import SectionSpider

ROOT = Path(__file__).resolve().parents[2]
DOCS = {path.name: path.read_text("utf-8") for path in (ROOT / "docs").glob("*.md")}


def test_every_setting_is_documented_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `(MIRROR_\w+)` \| (\S+) \|", DOCS["settings.md"], re.MULTILINE))
    known = {name: str(value) for name, value in vars(settings).items() if name[:7] == "MIRROR_"}
    assert rows == {name: f"`{value}`" if value != "" else "empty" for name, value in known.items()}


def test_all_that_a_theme_may_use_is_documented() -> None:
    text = DOCS["add-a-theme.md"]
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \| [^|]*\|$", text, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert named == {name for name in dir(Entry) if not name.startswith("_")} - {"read"}
    files = {path.name for path in (ROOT / "templates/default").iterdir()}
    assert {name for name in files if f"`{name}`" not in text} == set()


def test_every_argument_of_the_section_spider_is_documented() -> None:
    named = set(re.findall(r"^\| `(\w+)(?:=\w+)?` \|", DOCS["run.md"], re.MULTILINE))
    assert {*SectionSpider.arguments, "site"} <= named


def test_every_argument_of_the_archive_spider_is_documented() -> None:
    named = set(re.findall(r"^\| `(\w+)(?:=\w+)?` \|", DOCS["archive.md"], re.MULTILINE))
    assert {*ArchiveSpider.arguments, "site"} == named


def test_every_exit_status_is_documented() -> None:
    shown = re.findall(r"^\| (\d+) \| (\w+) \|", DOCS["exits.md"], re.MULTILINE)
    assert shown == [(str(int(status)), status.name) for status in sorted(Exit)]


@pytest.mark.parametrize("path", [*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")], ids=str)
def test_links_in_the_documentation_lead_to_files(path: Path) -> None:
    for link in re.findall(r"\]\(([^)#:]+)\)|src=\"([^\":]+)\"", path.read_text("utf-8")):
        assert (path.parent / "".join(link)).exists(), link


# Chapters that the Chinese guide leaves out: what is looked up rather than read.
ENGLISH_ALONE = {
    "deploy.md": {"What there is to copy", "Try it first"},
    "publish.md": {"After a crash or a power failure"},
    "run.md": {
        "How large a page may be",
        "If the clock is wrong",
        "One bad answer",
        "Other commands",
        "Several sources",
        "What a crawl says of itself",
        "scrapy crawl archive",
        "scrapy crawl article",
        "scrapy crawl pictures",
    },
}


def outline(text: str) -> list[str]:
    """The levels of the headings, and the code without what is said about it."""
    found = []
    for part in re.split(r"(^```.*?^```)", text, flags=re.MULTILINE | re.DOTALL):
        is_code = part.startswith("```")
        lines = part.splitlines() if is_code else re.findall(r"^#+ ", part, re.MULTILINE)
        found += [re.sub(r"\s{2,}.*", "", line) for line in lines]
    return found


def test_the_chinese_readme_is_in_step() -> None:
    chinese = (ROOT / "docs/zh/README.md").read_text("utf-8")
    assert outline(chinese) == outline((ROOT / "README.md").read_text("utf-8"))


def test_each_chapter_of_the_chinese_guide_is_of_one_that_exists() -> None:
    guide = (ROOT / "docs/zh/guide.md").read_text("utf-8")
    chapters = re.findall(r"^## .*\n(.*)", guide, re.MULTILINE)
    for line in chapters:
        source = re.fullmatch(r"<!-- ([\w-]+\.md): (.+) -->", line)
        assert source, line
        assert f"\n## {source[2]}\n" in DOCS[source[1]], line
    statuses = re.findall(r"^\| (\d+) \| ([A-Z_]+) \|", guide, re.MULTILINE)
    assert statuses == [(str(int(status)), status.name) for status in sorted(Exit)]


@pytest.mark.parametrize("name", ENGLISH_ALONE)
def test_each_chapter_for_operators_is_in_the_chinese_guide_unless_said_otherwise(
    name: str,
) -> None:
    guide = (ROOT / "docs/zh/guide.md").read_text("utf-8")
    told = set(re.findall(rf"^<!-- {re.escape(name)}: (.+) -->$", guide, re.MULTILINE))
    code = re.sub(r"^```.*?^```", "", DOCS[name], flags=re.MULTILINE | re.DOTALL)
    assert {*re.findall(r"^## (.+)$", code, re.MULTILINE)} - told == ENGLISH_ALONE[name]


def test_every_room_is_named_in_the_design() -> None:
    rooms = {f"`{p.name}/`" for p in (ROOT / "mirror").iterdir() if (p / "__init__.py").exists()}
    files = {f"`{p.name}`" for p in (ROOT / "mirror").glob("[a-z]*.py")}
    table = DOCS["design.md"]
    assert [name for name in rooms | files if name not in table] == []


def test_every_command_is_documented() -> None:
    commands = {p.stem for p in (ROOT / "mirror" / "commands").glob("*.py")} - {"__init__"}
    assert commands <= set(re.findall(r"scrapy ([\w-]+)", DOCS["run.md"]))


def test_examples_in_add_a_site_give_what_they_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    examples = doctest.DocTestParser()
    code = DOCS["add-a-site.md"].split("```python\n>>>")[1].split("```")[0]
    test = examples.get_doctest(f">>>{code}", {}, "add-a-site.md", None, None)
    assert len(test.examples) >= 5
    assert doctest.DocTestRunner().run(test).failed == 0


def test_site_in_add_a_site_is_a_site() -> None:
    code = DOCS["add-a-site.md"].split("```python\n")[1].split("```")[0]
    names: dict[str, Any] = {}
    exec(compile(code, "add-a-site.md", "exec"), names)
    site = names["SITE"]()
    promised = {name for name in vars(Site) if not name.startswith("_")}
    promised |= set(Site.__annotations__)
    assert {name for name in promised if not hasattr(site, name)} == set()
    page = Selector(
        "<ul class=stories><li><a href='/2021/12/08/4711.html'> 题 目 </a></ul>"
        "<a rel=next href='/topics/harbour/?page=2'>2</a>"
        "<article><h1>题目</h1><time datetime=2021-12-08T09:30:00+08:00></time>"
        "<div class=text><p>正文。</p></div></article>"
    )
    url = "https://gazette.example/2021/12/08/4711.html"
    assert site.article_links(page) == [Link("gz4711", url, "题 目")]
    assert site.next_page(page) == "https://gazette.example/topics/harbour/?page=2"
    item = site.article(page, f"{url}?from=home")
    assert (item.id, item.url, item.title) == ("gz4711", url, "题目")
    assert site.byline("", url)["published"].date() == item.published.date()
