"""A theme is tried before a run: what is wrong with it is said, with file and line."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.commands import command

import mirror.settings
from mirror.config.options import Options
from mirror.config.themes import SHIPPED_THEMES, theme_names
from mirror.errors import ArgumentError
from mirror.pages.theme_check import check_theme, theme_problems, unused_files

if TYPE_CHECKING:
    from conftest import Mirror

SHIPPED = {name: value for name, value in vars(mirror.settings).items() if name[:7] == "MIRROR_"}
OPTIONS = Options.from_settings(SHIPPED)
TEMPLATES = Path(__file__).parents[3] / "templates"


def test_themes_that_come_with_the_project_are_sound() -> None:
    assert {*SHIPPED_THEMES} == {file.parent.name for file in TEMPLATES.glob("*/article.md.j2")}
    for theme in SHIPPED_THEMES:
        check_theme(replace(OPTIONS, theme=theme))
        assert not list(unused_files(replace(OPTIONS, theme=theme)))


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


def test_each_kind_of_page_is_tried(tmp_path: Path) -> None:
    (tmp_path / "index.md.j2").write_text("{{ nosuch }}", "utf-8")
    (tmp_path / "home.md.j2").write_text("{% if %}", "utf-8")
    told = list(theme_problems(replace(OPTIONS, theme=str(tmp_path))))
    assert ["index.md.j2, line 1" in told[0], "home.md.j2, line 1" in told[1]] == [True, True]


def test_file_that_no_page_is_made_of_is_told(tmp_path: Path) -> None:
    options = replace(OPTIONS, theme=str(tmp_path))
    for name in ("fotter.md.j2", "footer.md.j2", "README.md", "part.md.j2"):
        (tmp_path / name).write_text("", "utf-8")
    (tmp_path / "menu.md.j2").write_text("{% include 'part.md.j2' %}", "utf-8")
    assert list(unused_files(options)) == [
        "fotter.md.j2 is used by no page: no such template; the nearest is footer.md.j2"
    ]
    (tmp_path / "menu.md.j2").write_text("{% include 'par' ~ 't.md.j2' %}", "utf-8")
    assert not any("part.md.j2" in told for told in unused_files(options))


def test_command_says_what_is_wrong(tmp_path: Path, new_mirror: Callable[..., Mirror]) -> None:
    mirror = new_mirror({})
    done = command(mirror, "themes")
    assert (done.returncode, done.output) == (
        0,
        "".join(f"{name}: nothing is wrong\n" for name in theme_names()),
    )
    (tmp_path / "menu.md.j2").write_text("\n{{ hom }}", "utf-8")
    done = command(mirror, "themes", str(tmp_path))
    assert (done.returncode, "menu.md.j2, line 2: 'hom' is undefined" in done.output) == (1, True)
    assert command(mirror, "themes", "nosuch").returncode == 2
    shown = command(mirror, "themes", "--list", MIRROR_THEME=str(tmp_path))
    assert shown.output.split("\n")[:-1] == [*theme_names(), f"{tmp_path} (set)"]
