"""The benchmark measures what it says: a small run of it, and what a job that failed is worth."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from support.mirrors import ROOT

from bench import daily, exports, full, known, report
from bench.jobs import BARE, STOCK, full_job
from bench.known import fill_beside
from bench.server import serving

ARTICLES = 55  # more than one process fetches before it is given others


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> dict:
    file = tmp_path_factory.mktemp("bench") / "bench.json"
    command = [
        sys.executable,
        "-m",
        "bench",
        "--only",
        "bare,full,stages,render",
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
    rates = {name: jobs[name]["per_second"]["rounds"][0] for name in (BARE, STOCK, full_job(1))}
    assert ratios[full_job(1)]["rounds"][0] == pytest.approx(
        rates[full_job(1)] / rates[BARE], rel=0.01
    )
    assert full_job(1) in result["printed"]


def test_runs_of_a_day_take_time(result: dict) -> None:
    assert all(row["cpu"]["median"] > 0.1 for row in result["daily"].values())
    assert f"| verify {ARTICLES} articles, 1 process |" in result["printed"]


def test_known_articles_are_copied_until_there_are_so_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daily, "_WITH_PAGES", 20)
    fill_beside(20, 3, tmp_path / "known.db")
    with sqlite3.connect(tmp_path / "known.db") as database:
        for table in ("articles", "listings"):
            database.execute(
                f"UPDATE {table} SET published = '2020-02-29' || substr(published, 11)"
            )
    daily._multiply(tmp_path / "known.db", 100)
    with sqlite3.connect(tmp_path / "known.db") as database:
        count = "SELECT count(*), count(DISTINCT {}), max({}) FROM {}"
        newest = {
            table: database.execute(count.format(key, "published", table)).fetchone()
            for table, key in (("articles", "id"), ("listings", "article"))
        }
        assert [row[:2] for row in newest.values()] == [(100, 100), (100, 100)]
        for (published,) in database.execute("SELECT published FROM articles"):
            datetime.fromisoformat(published)  # is a day that there was
        due = database.execute("SELECT count(*), count(DISTINCT url), count(due) FROM frontier")
        assert due.fetchone() == (100, 100, 0)


def test_exports_are_compared_with_the_smallest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known._fill(20, 0, tmp_path / "20.db")
    monkeypatch.setattr(exports, "KINDS", ("epub",))
    monkeypatch.setattr(exports, "mirror_of", lambda *_: (tmp_path / "20.db", tmp_path / "20.out"))
    [row] = exports.exports([20], 1, tmp_path, lambda line: None)
    assert (row["kind"], row["articles"], row["cpu_against"]["median"]) == ("epub", 20, 1.0)
    assert [*tmp_path.glob("*/epub/*.epub")]
    assert any(line.startswith("| epub | 20 |") for line in report._exports({"exports": [row]}))


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


def test_what_several_processes_do_is_counted_once(tmp_path: Path) -> None:
    with serving(120) as server:
        sample = full.crawl(server.url, tmp_path, 120, {"MIRROR_WORKERS": 2})
    assert sample.articles == 120
    assert 0 < sample.seconds < sample.whole_seconds
