"""What the crawl hears of its other processes."""

from __future__ import annotations

import os
import time

import pytest

from mirror.crawl.worker_output import WorkerOutput


def test_counts_are_known_while_a_process_runs_and_its_log_is_passed_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    there, here = os.pipe()
    report = WorkerOutput(os.fdopen(there, "rb"))
    os.write(here, b'{"mirror/new": 1}\n2021-12-01 [section] WARNING: Failed\n{"mirror/new": 5}\n')
    give_up = time.monotonic() + 5
    while report.counts != {"mirror/new": 5} and time.monotonic() < give_up:
        time.sleep(0.01)
    assert report.counts == {"mirror/new": 5}
    os.write(here, b'{"mirror/new": 9')  # killed in the midst of a line
    os.close(here)
    assert report.last() == {"mirror/new": 5}
    told = capsys.readouterr().err
    assert told.startswith("2021-12-01 [section] WARNING: Failed\n")
