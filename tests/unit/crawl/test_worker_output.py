"""What the crawl hears of its other processes."""

from __future__ import annotations

import asyncio
import os

import pytest

from mirror.crawl.worker_output import WorkerOutput


def test_counts_are_known_while_a_process_runs_and_its_log_is_passed_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def listen() -> dict[str, int]:
        there, here = os.pipe()
        report = WorkerOutput(os.fdopen(there, "rb"))
        os.write(here, b'{"mirror/new": 1}\n2021-12-01 [section] WARNING: Failed\n{"mirror/n')
        await asyncio.sleep(0)
        report.read()
        assert report.counts == {"mirror/new": 1}
        os.write(here, b'ew": 5}\n{"mirror/new": 9')  # killed in the midst of a line
        os.close(here)
        return report.last()

    assert asyncio.run(listen()) == {"mirror/new": 5}
    assert "[section] WARNING: Failed\n" in capsys.readouterr().err
