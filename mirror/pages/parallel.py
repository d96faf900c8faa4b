"""The same work on one thing after the other, shared by processes that are forked for it.

They know all that their maker knows, and end with it, whatever ends that: each reads what is to be done
from a pipe that has no other writer.
"""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain, cycle, islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, TypeVar

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")

_AT_ITS_END = EOFError, BrokenPipeError, ConnectionResetError  # of a pipe
_TASKS_AHEAD = 3  # that each process is given, so that none waits for the next
_GRACE_SECONDS = 10  # for what a process is doing when no more is wanted


def in_order(
    work: Callable[[_Task], _Result],
    tasks: Iterable[_Task],
    count: int,
    begin: Callable[[], None] = lambda: None,
) -> Iterator[_Result]:
    """Yield what `work` makes of each task, in their order; tasks and results can be pickled.

    So many processes share the work, each of which calls `begin` first; none is made for one task.
    Raises what `work` does, ChildProcessError if a process dies.
    """
    tasks = iter(tasks)
    first = list(islice(tasks, 2))
    if count < 2 or len(first) < 2:
        yield from map(work, chain(first, tasks))
        return
    workers: list[_Worker] = []
    try:
        for _ in range(count):
            workers.append(_Worker(work, begin, workers))
        busy: deque[_Worker] = deque()
        for worker, task in zip(cycle(workers), chain(first, tasks), strict=False):
            worker.give(task)
            busy.append(worker)
            if len(busy) == count * _TASKS_AHEAD:
                yield busy.popleft().result()
        while busy:
            yield busy.popleft().result()
    finally:
        for worker in workers:
            worker.end()


class _Worker:
    """One of the processes."""

    def __init__(
        self, work: Callable[[Any], Any], begin: Callable[[], None], others: list[_Worker]
    ):
        fork = get_context("fork")
        self.pipe, inner = fork.Pipe()
        not_mine = [self.pipe, *(worker.pipe for worker in others)]
        target = (inner, not_mine, work, begin)
        self.process = fork.Process(target=_serve, args=target, daemon=True)
        self.process.start()
        inner.close()

    def give(self, task: Any) -> None:
        """Give the process a task, after those that it has."""
        with self._alive():
            self.pipe.send(task)

    def result(self) -> Any:
        """Wait for what came of the first task that is not answered. Raises what that raised."""
        with self._alive():
            error, result = self.pipe.recv()
        if error is not None:
            raise error
        return result

    @contextmanager
    def _alive(self) -> Iterator[None]:
        try:
            yield
        except _AT_ITS_END:
            self.process.join(_GRACE_SECONDS)
            status = self.process.exitcode
            raise ChildProcessError(f"a process that helps died (status {status})") from None

    def end(self) -> None:
        """Let the process end what it is doing, and no more."""
        self.pipe.close()
        self.process.join(_GRACE_SECONDS)
        self.process.kill()
        self.process.join()


def _serve(
    pipe: Connection,
    not_mine: list[Connection],
    work: Callable[[Any], Any],
    begin: Callable[[], None],
) -> None:
    """Do what comes through the pipe until it is closed; the body of a worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal; the maker ends this in order
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for other in not_mine:
        other.close()
    begin()
    with suppress(*_AT_ITS_END):  # no more is wanted
        while True:
            pipe.send(_answer(work, pipe.recv()))


def _answer(work: Callable[[Any], Any], task: Any) -> tuple[Exception | None, Any]:
    """Return what was raised, or None and the result."""
    try:
        return None, work(task)
    except Exception as error:
        return error, None
