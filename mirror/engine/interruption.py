"""Signals that end a command as Ctrl-C does, and what it has started."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import current_thread, main_thread
from types import FrameType

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def interrupted_by(*numbers: signal.Signals) -> Iterator[None]:
    """Have signals do what Ctrl-C does, as long as nothing else is set for them: a process that is
    the first of a container would not even hear them."""
    if current_thread() is not main_thread():
        yield
        return
    free = [number for number in numbers if signal.getsignal(number) is signal.SIG_DFL]
    for number in free:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number in free:
            signal.signal(number, signal.SIG_DFL)


def run_on(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> int:
    """Run another program to its end and return its status: each signal that would end this one goes
    there, which ends in order, a Ctrl-C of the terminal once and not twice."""
    started: list[subprocess.Popen[bytes]] = []

    def pass_on(number: int, _frame: FrameType | None) -> None:
        for process in started:
            process.send_signal(number)

    before = {n: handler for n in _ENDING if (handler := signal.getsignal(n)) != signal.SIG_IGN}
    for number in before:
        signal.signal(number, pass_on)
    try:
        process = subprocess.Popen(command, cwd=folder, env=environment, start_new_session=True)
        started.append(process)
        return process.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
