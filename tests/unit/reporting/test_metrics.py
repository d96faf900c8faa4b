"""The OpenMetrics text: each name once, with help and type, and the end marked."""

from __future__ import annotations

import re
from pathlib import Path

from mirror.reporting.inspecting import Section
from mirror.reporting.metrics import write_metrics

FIGURES = dict.fromkeys(
    (
        "new",
        "updated",
        "unchanged",
        "refused",
        "failed",
        "absent",
        "gone",
        "skipped",
        "requests",
        "bytes",
    ),
    2,
) | {"seconds": 1.5}
OUTCOME = {"status": 10, "ended": "2021-12-08T10:00:00+00:00", "figures": FIGURES}


def test_metrics_of_a_run_and_of_the_mirror(tmp_path: Path) -> None:
    file = tmp_path / "mirror.prom"
    sections = [Section("nsc418", {"published": 7, "failed": 1}, 6), Section('a"b', {}, 1)]
    write_metrics(file, OUTCOME, {"sections": sections, "due": {"new": 3, "next": None}})
    lines = file.read_text("utf-8").splitlines()
    assert "mirror_last_run_status 10" in lines
    assert "mirror_last_run_timestamp_seconds 1638957600.0" in lines
    assert 'mirror_last_run_articles{result="new"} 2' in lines
    assert 'mirror_articles{section="nsc418",state="published"} 7' in lines
    assert 'mirror_pages{section="a\\"b"} 1' in lines
    assert 'mirror_due{what="new"} 3' in lines
    assert lines[-1] == "# EOF"
    names = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(names) == len(set(names))
    samples = [re.split(r"[{ ]", line)[0] for line in lines if not line.startswith("#")]
    assert list(dict.fromkeys(samples)) == names
    assert [f.name for f in tmp_path.iterdir()] == ["mirror.prom"]


def test_a_run_that_did_not_begin_has_a_status(tmp_path: Path) -> None:
    file = tmp_path / "mirror.prom"
    write_metrics(file, {**OUTCOME, "status": 2, "figures": None}, {})
    assert "mirror_last_run_status 2" in file.read_text("utf-8")
