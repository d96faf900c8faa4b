"""requirements.lock: every package of a machine that crawls, pinned by the hashes of its files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "requirements.lock").read_text()
PINS = re.findall(r"^([\w.-]+)==([\w.]+)", LOCK, re.MULTILINE)
NAMES = (
    "requirements.txt",
    "requirements-cluster.txt",
    "requirements-plot.txt",
    "requirements-pictures.txt",
    "requirements-exports.txt",
    "requirements-warc.txt",
)


@pytest.mark.parametrize("name", NAMES)
def test_lock_has_what_the_requirements_name(name: str) -> None:
    lines = (ROOT / name).read_text().splitlines()
    wanted = re.findall(r"^([\w.-]+)(?:\[\w+\])?==([\w.]+)", "\n".join(lines), re.MULTILINE)
    assert wanted
    locked = {(package.lower(), version) for package, version in PINS}
    assert {(package.lower(), version) for package, version in wanted} <= locked


def test_each_package_is_pinned_by_hashes_and_from_no_named_place() -> None:
    assert LOCK.count("--hash=sha256:") > len(PINS)
    entries = re.split(r"^(?=\w)", LOCK, flags=re.MULTILINE)[1:]
    assert len(entries) == len(PINS)
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in LOCK
