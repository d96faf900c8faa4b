"""Work that processes share comes out as if one had done it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from itertools import count
from pathlib import Path

import pytest

from mirror.pages.parallel import in_order


def test_results_come_in_the_order_of_the_tasks_from_several_processes() -> None:
    def work(number: int) -> tuple[int, int]:
        time.sleep(0.002 * (number % 3))
        return number, os.getpid()

    results = list(in_order(work, range(20), 2))
    assert [number for number, _ in results] == [*range(20)]
    assert len({process for _, process in results} - {os.getpid()}) == 2


@pytest.mark.parametrize(("tasks", "processes"), [(range(1), 2), (range(5), 1), ((), 2)])
def test_little_work_and_one_process_take_no_other(tasks: range, processes: int) -> None:
    results = in_order(lambda _: os.getpid(), tasks, processes)
    assert {*results} <= {os.getpid()}


def test_error_of_a_task_is_raised_when_its_turn_comes() -> None:
    def work(number: int) -> int:
        if number == 3:
            raise OSError(28, "No space left on device")
        return number

    results = in_order(work, range(9), 2)
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(OSError, match="No space left"):
        next(results)


def test_process_that_dies_is_an_error_and_nothing_is_waited_for() -> None:
    with pytest.raises(ChildProcessError, match="status -9"):
        list(in_order(lambda _: os.kill(os.getpid(), signal.SIGKILL), range(9), 2))


def test_each_process_begins_before_its_first_task_and_ends_when_no_more_is_wanted(
    tmp_path: Path,
) -> None:
    begun = tmp_path / "begun"
    begun.write_text("")

    def begin() -> None:
        with begun.open("a") as file:
            file.write(f"{os.getpid()}\n")

    results = in_order(lambda number: (number, os.getpid()), count(), 2, begin)
    first = [next(results) for _ in range(4)]
    results.close()
    processes = {int(line) for line in begun.read_text().split()}
    assert {process for _, process in first} == processes
    assert len(processes) == 2
    assert not any(Path(f"/proc/{process}").exists() for process in processes)


_ENDLESS = """
import os, sys, time
from itertools import count
from mirror.pages.parallel import in_order
try:
    for process in in_order(lambda number: time.sleep(0.01) or os.getpid(), count(), 2):
        print(process, flush=True)
except KeyboardInterrupt:
    sys.exit(7)
"""


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 7), (signal.SIGTERM, -15), (signal.SIGKILL, -9)]
)
def test_no_process_outlives_its_maker(number: signal.Signals, status: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _ENDLESS], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as maker:
        assert maker.stdout
        assert maker.stderr
        helpers = {int(maker.stdout.readline()) for _ in range(2)}
        maker.send_signal(number)
        assert maker.wait(10) == status
        assert b"Traceback" not in maker.stderr.read()  # ends when the last that holds it does
    give_up = time.monotonic() + 5
    while any(Path(f"/proc/{helper}").exists() for helper in helpers):
        assert time.monotonic() < give_up
        time.sleep(0.01)
