"""What another process of a crawl tells of itself while it runs."""

from __future__ import annotations

import json
import sys
from threading import Thread
from typing import Any, BinaryIO


class WorkerOutput:
    """Listens to the output of a process: lines of JSON are its counts, all others go to the log."""

    def __init__(self, output: BinaryIO):
        self.output = output
        self.counts: dict[str, int] = {}
        self.listening = Thread(target=self._listen, daemon=True)
        self.listening.start()

    def last(self) -> dict[str, int]:
        """Wait until a process has nothing more to tell, and return its last counts."""
        self.listening.join()
        self.output.close()
        return self.counts

    def _listen(self) -> None:
        for line in self.output:
            counts = _counts(line)
            if counts is None:
                sys.stderr.write(line.decode(errors="replace"))
            else:
                self.counts = counts


def _counts(line: bytes) -> dict[str, Any] | None:
    try:
        received = json.loads(line)
    except ValueError:
        return None
    return received if isinstance(received, dict) else None
