"""What another process of a crawl reports while it runs."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import Any, BinaryIO

_CHUNK_BYTES = 65536


class WorkerOutput:
    """Reads the output of a process: lines of JSON are its counts, all others go to the log.

    It is read in the event loop, not in a thread: a machine may have none left.
    """

    def __init__(self, output: BinaryIO):
        self.output = output
        self.counts: dict[str, int] = {}
        self._rest = b""  # of a line that has not ended yet
        os.set_blocking(output.fileno(), False)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(output.fileno(), self.read)

    def read(self) -> None:
        """Take in what is there, without waiting for more."""
        while (received := self._received()) is not None:
            *lines, self._rest = (self._rest + received).split(b"\n")
            for line in lines:
                self._take(line)
            if not received:  # the process has ended
                self._loop.remove_reader(self.output.fileno())
                return

    def _received(self) -> bytes | None:
        """Return what has come, None if nothing has."""
        try:
            return os.read(self.output.fileno(), _CHUNK_BYTES)
        except BlockingIOError:
            return None

    def _take(self, line: bytes) -> None:
        counts = _counts(line)
        if counts is None:
            sys.stderr.write(f"{line.decode(errors='replace')}\n")
        else:
            self.counts = counts

    def last(self) -> dict[str, int]:
        """Return the last counts of a process that has ended."""
        self.read()
        if self._rest:
            self._take(self._rest)
        self._loop.remove_reader(self.output.fileno())
        self.output.close()
        return self.counts


def _counts(line: bytes) -> dict[str, Any] | None:
    try:
        received = json.loads(line)
    except ValueError:
        return None
    return received if isinstance(received, dict) else None
