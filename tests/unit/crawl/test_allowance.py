"""What several processes may take from together."""

from __future__ import annotations

import os
import signal

from mirror.crawl.allowance import Allowance


def test_no_more_is_taken_than_there_is() -> None:
    allowance = Allowance(10)
    assert [allowance.take(4), allowance.take(4), allowance.take(4), allowance.take(4)] == [
        4,
        4,
        2,
        0,
    ]
    allowance.give_back(3)
    assert allowance.take(4) == 3
    allowance.set(1)
    assert allowance.take(4) == 1


def test_forked_processes_take_from_the_same() -> None:
    allowance = Allowance(1000)
    children = [_fork(allowance) for _ in range(4)]
    taken = sum(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children)
    assert (taken, allowance.take(1000)) == (200, 800)


def test_process_that_dies_lets_go_of_it() -> None:
    allowance = Allowance(5)
    if not (child := os.fork()):
        with allowance._locked():
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert allowance.take(5) == 5


def _fork(allowance: Allowance) -> int:
    """Return a process whose exit status is how many it took, one by one."""
    if child := os.fork():
        return child
    os._exit(sum(allowance.take(1) for _ in range(50)))
