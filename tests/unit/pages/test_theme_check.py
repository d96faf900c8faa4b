"""A theme is tried before a run: what is wrong with it is said, with file and line."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

import mirror.settings
from mirror.config.options import Options
from mirror.config.themes import SHIPPED_THEMES
from mirror.errors import ArgumentError
from mirror.pages.theme_check import check_theme

SHIPPED = {name: value for name, value in vars(mirror.settings).items() if name[:7] == "MIRROR_"}
OPTIONS = Options.from_settings(SHIPPED)
TEMPLATES = Path(__file__).parents[3] / "templates"


def test_themes_that_come_with_the_project_are_sound() -> None:
    assert {*SHIPPED_THEMES} == {file.parent.name for file in TEMPLATES.glob("*/article.md.j2")}
    for theme in SHIPPED_THEMES:
        check_theme(replace(OPTIONS, theme=theme))


def test_theme_of_a_few_files_is_sound(tmp_path: Path) -> None:
    (tmp_path / "menu.md.j2").write_text("[首页]({{ home }})\n", "utf-8")
    check_theme(replace(OPTIONS, theme=str(tmp_path)))


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("menu.md.j2", "一\n{{ hom }}\n", r"/menu\.md\.j2, line 2: 'hom' is undefined"),
        ("lead.md.j2", "{% if article %}\n", r"/lead\.md\.j2, line 1: .*end of template"),
        ("dateline.md.j2", "{{ article.updated.year }}", r"/dateline\.md\.j2, line 1: .*'None"),
        ("article.md.j2", "{% include 'nosuch.md.j2' %}", r"line 1: .*nosuch\.md\.j2"),
        (
            "article.md.j2",
            "{{ article.title }}",
            r"article\.md\.j2 does not show article\.markdown",
        ),
        ("index.md.j2", "{{ name }}", r"index\.md\.j2 does not show article\.link"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, name: str, text: str, told: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(ArgumentError) as refusal:
        check_theme(replace(OPTIONS, theme=str(tmp_path)))
    assert re.search(f"MIRROR_THEME={tmp_path}: .*{told}", str(refusal.value)), refusal.value
