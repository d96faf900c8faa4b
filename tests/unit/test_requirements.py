"""requirements.lock: every package of a machine that crawls, pinned by the hashes of its files; the extras
of setup.py: what each part needs that a plain crawl does without."""

from __future__ import annotations

import ast
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
    "requirements-script.txt",
    "requirements-warc.txt",
    "requirements-curl.txt",
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


def test_extras_are_what_the_requirements_name() -> None:
    tree = ast.parse((ROOT / "setup.py").read_text())
    (extras,) = (
        ast.literal_eval(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg == "extras_require"
    )
    optional = {name.removeprefix("requirements-")[:-4]: name for name in NAMES[1:]}
    wanted = {
        extra: [
            line.partition(" #")[0].strip()
            for line in (ROOT / name).read_text().splitlines()
            if not line.startswith(("#", "-r"))
        ]
        for extra, name in optional.items()
    }
    assert extras == wanted
    others = {"requirements-dev.txt", "requirements-bench.txt"}  # for who works on the project
    assert {f.name for f in ROOT.glob("requirements-*.txt")} == {*NAMES[1:], *others}
