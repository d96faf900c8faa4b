"""Commands that run on a schedule beside the crawls: their failures are heard, too."""

from __future__ import annotations

import argparse
import sys

from mirror.cli import MirrorCommand
from mirror.errors import without_secrets
from mirror.exits import Exit
from mirror.reporting.history import now
from mirror.reporting.notices import notify


class HeardCommand(MirrorCommand):
    """A command that tells MIRROR_NOTIFY how it ended, unless somebody sits at its terminal."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run, and send the notice whatever is raised."""
        started, self.exitcode = now(), Exit.ERROR
        try:
            super().run(args, opts)
        finally:
            if not sys.stderr.isatty():
                notify(self.settings, self._outcome(started))

    def _outcome(self, started: str) -> dict[str, object]:
        status = Exit(self.exitcode)
        return {
            "command": type(self).__module__.rpartition(".")[2],
            "started": started,
            "ended": now(),
            "status": int(status),
            "name": status.name,
            "message": without_secrets(self.refusal),
        }
