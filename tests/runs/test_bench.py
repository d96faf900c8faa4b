"""The benchmark measures what it says: a small run of it, and what a job that failed is worth."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from support.mirrors import ROOT

from bench import full
from bench.jobs import BARE, full_job
from bench.server import serving

ARTICLES = 60


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> dict:
    file = tmp_path_factory.mktemp("bench") / "bench.json"
    command = [
        sys.executable,
        "-m",
        "bench",
        "--only",
        "server,bare,full,stages",
        "--rounds",
        "1",
        "--articles",
        str(ARTICLES),
        "--json",
        str(file),
    ]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(file.read_text("utf-8")) | {"printed": done.stdout}


def test_ratios_are_those_of_the_rates_of_one_round(result: dict) -> None:
    jobs, ratios = result["jobs"], result["against_bare"]
    rates = {name: jobs[name]["per_second"]["rounds"][0] for name in (BARE, full_job(1))}
    assert ratios[full_job(1)]["rounds"][0] == pytest.approx(
        rates[full_job(1)] / rates[BARE], rel=0.01
    )
    assert full_job(1) in result["printed"]


def test_every_stage_takes_time(result: dict) -> None:
    names = {
        "record",
        "take",
        "parse",
        "site.article",
        "Clean",
        "Markdown",
        "Qr",
        "Render",
        "Write",
    }
    assert names <= result["stages"].keys()
    assert all(result["stages"][name]["cpu_ms"]["median"] > 0 for name in names)


def test_a_job_that_leaves_articles_out_is_not_measured(tmp_path: Path) -> None:
    with serving(31) as server, pytest.raises(full.WrongError, match="30 of 31 articles published"):
        full.crawl(server.url, tmp_path, 31, {"MIRROR_WORKERS": 1}, "pages=1")
