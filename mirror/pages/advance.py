"""How far long work is: whoever does it says so, and a terminal shows it with the time left."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

Listener = Callable[[str, int, int], None]

_PATIENCE_SECONDS = 1.0  # what takes no longer is not worth showing
_REFRESH_SECONDS = 0.1
_listeners: list[Listener] = []


def advance(what: str, done: int = 0, total: int = 0) -> None:
    """Say how much of something is done; of what cannot be counted, that it is at hand."""
    for listener in _listeners:
        listener(what, done, total)


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """Have a listener called with all that is said in this block."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


@contextmanager
def on_terminal(
    console: Console | None = None, patience: float = _PATIENCE_SECONDS
) -> Iterator[None]:
    """Show on the terminal how far this block is, once it takes longer than `patience` seconds;
    nothing where there is no terminal."""
    if console is None and not sys.stderr.isatty():
        yield
        return
    bar = _Bar(console, patience)
    try:
        with heard_by(bar.show):
            yield
    finally:
        bar.close()


class _Bar:
    """One line at the foot of the terminal. It is drawn by nobody but who works: a thread of its own
    would not go together with processes that are forked."""

    def __init__(self, console: Console | None, patience: float):
        self.console = console
        self.first = time.monotonic() + patience
        self.next = self.first
        self.what = ""
        self.progress: Progress | None = None

    def show(self, what: str, done: int, total: int) -> None:
        """Draw the line anew, if it is time."""
        now = time.monotonic()
        if now < self.first or (what == self.what and now < self.next):
            return
        self.next = now + _REFRESH_SECONDS
        progress = self._begun()
        if what != self.what:
            self.what = what
            for earlier in progress.task_ids:
                progress.remove_task(earlier)
            progress.add_task(what, total=None, told="")
        told = f"{done:,} of {total:,}, left" if total else ""
        progress.update(progress.task_ids[-1], completed=done, total=total or None, told=told)
        progress.refresh()

    def close(self) -> None:
        """Wipe the line out."""
        if self.progress:
            self.progress.stop()

    def _begun(self) -> Progress:
        """Return the line, begun when it is drawn first."""
        if self.progress is None:
            self.progress = _progress(self.console)
            self.progress.start()
        return self.progress


def _progress(console: Console | None) -> Progress:
    from rich.console import Console  # most commands are done before it is of use
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[told]}"),
        TimeRemainingColumn(),
        console=console or Console(stderr=True, soft_wrap=True),
        transient=True,
        auto_refresh=False,
        redirect_stdout=sys.stdout.isatty(),
    )
