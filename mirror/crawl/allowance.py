"""How many articles a crawl may fetch, counted for all of its processes together."""

from __future__ import annotations

import fcntl
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile

_NUMBER_FORMAT = struct.Struct("!q")


class Allowance:
    """A number that the processes take from which are forked after it was made. The system lets go of the
    lock of one that dies."""

    def __init__(self, count: int = 0):
        self.file = TemporaryFile()  # noqa: SIM115 - it goes with the last process that has it
        self._write(count)

    def set(self, count: int) -> None:
        """Say how many there are."""
        with self._locked():
            self._write(count)

    def take(self, wanted: int) -> int:
        """Take so many, or what is left of them, and return how many that is."""
        with self._locked():
            left = self._read()
            taken = max(0, min(wanted, left))
            self._write(left - taken)
        return taken

    def give_back(self, count: int) -> None:
        """Put back what was taken and not used."""
        if count:
            with self._locked():
                self._write(self._read() + count)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        fcntl.lockf(self.file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.lockf(self.file, fcntl.LOCK_UN)

    def _read(self) -> int:
        return int(_NUMBER_FORMAT.unpack(os.pread(self.file.fileno(), _NUMBER_FORMAT.size, 0))[0])

    def _write(self, count: int) -> None:
        os.pwrite(self.file.fileno(), _NUMBER_FORMAT.pack(count), 0)


_shared: list[Allowance] = []  # of this process and those forked from it: one, if there may be any


def share_allowance() -> None:
    """Make the allowance of a crawl whose processes are yet to be forked. Raises OSError."""
    _shared[:] = [Allowance()]


def shared_allowance() -> Allowance | None:
    """Return the allowance of this process and its fellows, None if it is alone."""
    return _shared[0] if _shared else None
