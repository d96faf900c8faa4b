"""The settings that a new mirror begins with."""

from __future__ import annotations

import posixpath
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import yaml

from mirror.config.given import tomllib
from mirror.config.page_paths import page_path
from mirror.config.starting import PAGE_PATH, Start, settings_text

ROOT = Path(__file__).resolve().parents[3]
SHOWN = 1_000  # files of a folder that GitHub's web page shows


def test_folders_of_a_section_of_50_articles_a_day_stay_below_what_github_shows() -> None:
    start = Start(Path("/srv/news"), ["nsc418"], "https://news.example", ["/x.git"], "", "none")
    pattern = tomllib.loads(settings_text(start))["page_path"]
    first = datetime(2024, 1, 1)
    paths = [
        page_path(pattern, "nsc418", f"n{day * 50 + number}", first + timedelta(days=day))
        for day in range(366)
        for number in range(50)
    ]
    pages = Counter(map(posixpath.dirname, paths))
    assert 2 * max(pages.values()) < SHOWN  # a page and its QR code
    above = Counter(posixpath.dirname(folder) for folder in pages)
    assert max(above.values()) < SHOWN


def test_what_is_copied_by_hand_has_the_same_path() -> None:
    flow = yaml.safe_load((ROOT / "deploy/github-actions/mirror.yml").read_text("utf-8"))
    assert flow["jobs"]["mirror"]["env"]["MIRROR_PAGE_PATH"] == PAGE_PATH
    lines = (ROOT / "deploy/mirror.env").read_text("utf-8").splitlines()
    assert f"MIRROR_PAGE_PATH={PAGE_PATH}" in lines
