"""mirror.toml and the environment: what they give, which wins, and what is refused in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mirror.config.given import check_given, config_file, given
from mirror.config.homes import Publishing
from mirror.errors import ArgumentError
from mirror.settings import names

EVERY_KIND = """
public_url = "https://news.example"
output = "out"
database_url = "sqlite:///state/mirror.db"
keep_pages = 100
metrics_file = "run.prom"
publish = true
publish_max_failed = 0.2
sections = ["nsc418", "nsc413"]
since = 2026-11-01

[[homes]]
name = "disk"
public_url = "https://news.example"
remote = "./news.git"
branch = "main"

[scrapy]
DOWNLOAD_DELAY = 2
LOG_FILE = "mirror.log"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "scrapy.cfg").touch()
    return tmp_path


def read(project: Path, text: str, **environment: str) -> dict[str, Any]:
    (project / "mirror.toml").write_text(text, "utf-8")
    return given(names, environment, project)


def refusal(project: Path, text: str, **environment: str) -> str:
    (project / "mirror.toml").write_text(text, "utf-8")
    with pytest.raises(ArgumentError) as refused:
        check_given({*names, "DOWNLOAD_DELAY"}, environment, project)
    return str(refused.value)


def test_the_file_gives_settings_and_paths_start_where_it_is(project: Path) -> None:
    found = read(project, EVERY_KIND)
    assert found["MIRROR_OUTPUT"] == str(project / "out")
    assert found["MIRROR_DATABASE_URL"] == f"sqlite:///{project}/state/mirror.db"
    assert found["DOWNLOAD_DELAY"] == 2
    assert found["LOG_FILE"] == str(project / "mirror.log")
    assert found["MIRROR_METRICS_FILE"] == str(project / "run.prom")
    assert found["MIRROR_KEEP_PAGES"] == 100
    from mirror import settings

    publishing = Publishing.from_settings({**vars(settings), **found})
    assert publishing.at_end
    assert publishing.homes[0].remote == str(project / "news.git")


def test_the_environment_wins_over_the_file(project: Path) -> None:
    found = read(project, EVERY_KIND, MIRROR_OUTPUT="there", MIRROR_PROXIES="http://a:1")
    assert found["MIRROR_OUTPUT"] == "there"
    assert found["MIRROR_PROXIES"] == "http://a:1"
    assert found["MIRROR_KEEP_PAGES"] == 100


def test_the_file_of_the_project_is_found_from_below_and_another_can_be_named(
    project: Path, tmp_path: Path
) -> None:
    below = project / "a/b"
    below.mkdir(parents=True)
    assert config_file({}, below) is None
    (project / "mirror.toml").touch()
    assert config_file({}, below) == project / "mirror.toml"
    assert config_file({"MIRROR_CONFIG": "/srv/x.toml"}, below) == Path("/srv/x.toml")


def test_what_is_wrong_is_refused_with_the_nearest_name(project: Path) -> None:
    assert "outptu: no such setting; the nearest is output" in refusal(project, "outptu = 'x'")
    assert "DOWNLOAD_DELYA: no such setting; the nearest is DOWNLOAD_DELAY" in refusal(
        project, "[scrapy]\nDOWNLOAD_DELYA = 2"
    )
    assert "in small letters, without MIRROR_" in refusal(project, "MIRROR_OUTPUT = 'x'")
    assert "in small letters" in refusal(project, "mirror_output = 'x'")
    assert "section: no such setting; the nearest is sections" in refusal(
        project, "section = ['a']"
    )
    assert "other: no such setting" in refusal(project, "[other]\na = 1")
    assert "MIRROR_OUTPUT: stands outside of [scrapy], as output" in refusal(
        project, "[scrapy]\nMIRROR_OUTPUT = 'x'"
    )
    assert "is not TOML" in refusal(project, "output = ")
    assert "must be a table" in refusal(project, "scrapy = 3")
    assert "nearest is MIRROR_OUTPUT" in refusal(project, "", MIRROR_OUTPTU="x")
    assert "cannot be read" in refusal(project, "", MIRROR_CONFIG=str(project / "none.toml"))


def test_what_is_wrong_gives_nothing(project: Path) -> None:
    assert read(project, "outptu = 'x'\nkeep_days = 3") == {"MIRROR_KEEP_DAYS": 3}
    assert read(project, "output = ") == {}
    assert given(names, {"MIRROR_OUTPTU": "x"}, project) == {}
