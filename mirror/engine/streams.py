"""Standard streams whose reader may go, as that of `| head` does when it has seen enough."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Unread(Exception):
    """Nobody reads what a command has to say, and it has nothing else to do."""


class _Stream(io.FileIO):
    """What is written when nobody reads any more goes nowhere; it is an error for who only writes."""

    is_all = False  # whether what is written is all that there is to do
    is_broken = False

    def write(self, data: Any) -> int:
        """Write as io.FileIO does."""
        try:
            return super().write(data) or 0
        except BrokenPipeError:
            self.is_broken = True
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
            if self.is_all:
                raise
            return memoryview(data).nbytes


def go_on_unread() -> None:
    """Have this process go on, quietly, when nobody reads its output any more, or nobody ever did; and
    when its input was closed."""
    sys.stdin = sys.stdin or _nowhere(0)
    sys.stdout = _unread(sys.stdout or _nowhere(1))
    sys.stderr = _unread(sys.stderr or _nowhere(2))


@contextmanager
def ended_unread() -> Iterator[None]:
    """Raise Unread in this block when nobody reads the standard output any more."""
    raw = _raw(sys.stdout)
    if raw is None:
        yield
        return
    raw.is_all = True
    try:
        yield
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit):  # the latter is what rich makes of the former
        if not raw.is_broken:
            raise
        raise Unread from None
    finally:
        raw.is_all = False


def _nowhere(number: int) -> io.TextIOWrapper:
    """Return a stream in the place of one that was closed before the program began, so that no file gets
    its number."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    if nowhere != number:
        os.dup2(nowhere, number)
        os.close(nowhere)
    return open(number, "w" if number else "r", closefd=False)


def _unread(stream: Any) -> Any:
    """Return a stream in its place, or the same if it is none of the process's own."""
    if type(stream) is not io.TextIOWrapper or _raw(stream) or stream.fileno() not in (1, 2):
        return stream
    stream.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(_Stream(stream.fileno(), "w", closefd=False)),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def _raw(stream: Any) -> _Stream | None:
    raw = getattr(getattr(stream, "buffer", None), "raw", None)
    return raw if isinstance(raw, _Stream) else None
