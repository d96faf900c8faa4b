"""Processes that are forked on request, on a machine that may have none left."""

from __future__ import annotations

import os
import time

import pytest

from mirror.crawl.fork_server import NOT_STARTED, ForkServer


def echo(number: int) -> int:
    """Give back what comes in, until nothing does."""
    while received := os.read(0, 100):
        os.write(1, received)
    return number


def status_of(server: ForkServer, number: int) -> int | None:
    give_up = time.monotonic() + 10
    while (status := server.status(number)) is None and time.monotonic() < give_up:
        time.sleep(0.01)
    return status


def test_process_reads_and_writes_and_its_status_is_known() -> None:
    server = ForkServer(echo)
    child = server.start(7)
    child.stdin.write(b"hello")
    assert child.stdout.read(5) == b"hello"
    assert server.status(7) is None
    child.stdin.close()
    assert status_of(server, 7) == 7
    server.close()


def test_process_that_does_not_end_is_killed() -> None:
    server = ForkServer(echo)
    child = server.start(1)
    server.kill(1)
    assert status_of(server, 1) == -9
    assert child.stdout.read() == b""
    server.close()


def test_no_process_outlives_the_server() -> None:
    server = ForkServer(echo)
    child = server.start(1)
    server.close()
    assert child.stdout.read() == b""  # the other end is closed, though nobody ended it


def test_machine_without_another_process_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    fork, calls = os.fork, []

    def fork_once() -> int:
        calls.append(1)
        if len(calls) > 1:
            raise BlockingIOError("Resource temporarily unavailable")
        return fork()

    monkeypatch.setattr(os, "fork", fork_once)
    server = ForkServer(echo)
    child = server.start(1)
    assert status_of(server, 1) == NOT_STARTED
    assert child.stdout.read() == b""
    server.close()
