"""Signals that end a command as Ctrl-C does."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread


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
