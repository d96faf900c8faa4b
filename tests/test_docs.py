"""The documentation says what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mirror import settings
from mirror.exits import Exit
from mirror.spiders.section import SectionSpider

ROOT = Path(__file__).parent.parent
DOCS = {path.name: path.read_text("utf-8") for path in (ROOT / "docs").glob("*.md")}


def test_every_setting_is_documented_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `(MIRROR_\w+)` \| (\S+) \|", DOCS["settings.md"], re.MULTILINE))
    known = {name: str(value) for name, value in vars(settings).items() if name[:7] == "MIRROR_"}
    assert rows == {name: f"`{value}`" if value != "" else "empty" for name, value in known.items()}


def test_every_argument_of_the_section_spider_is_documented() -> None:
    named = set(re.findall(r"^\| `(\w+)(?:=\w+)?` \|", DOCS["run.md"], re.MULTILINE))
    assert {*SectionSpider.arguments, "site"} <= named


def test_every_exit_status_is_documented() -> None:
    shown = re.findall(r"^\| (\d+) \| (\w+) \|", DOCS["exits.md"], re.MULTILINE)
    assert shown == [(str(int(status)), status.name) for status in sorted(Exit)]


@pytest.mark.parametrize("path", [*(ROOT / "docs").glob("*.md"), *ROOT.glob("*.md")], ids=str)
def test_links_in_the_documentation_lead_to_files(path: Path) -> None:
    for link in re.findall(r"\]\(([^)#:]+)\)|src=\"([^\":]+)\"", path.read_text("utf-8")):
        assert (path.parent / "".join(link)).exists(), link


def test_every_module_is_named_in_the_design() -> None:
    modules = {p.stem for p in (ROOT / "mirror").glob("*.py")} - {"__init__", "settings"}
    modules -= {"addons", "middlewares", "logs"}  # Scrapy's plugs, named by it
    assert modules <= set(re.findall(r"\w+", DOCS["design.md"]))


def test_every_command_is_documented() -> None:
    commands = {p.stem for p in (ROOT / "mirror" / "commands").glob("*.py")} - {"__init__"}
    assert commands <= set(re.findall(r"scrapy ([\w-]+)", DOCS["run.md"]))
