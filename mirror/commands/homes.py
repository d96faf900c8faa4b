"""scrapy homes: what readers find at each home."""

from __future__ import annotations

import argparse
import json

from mirror.cli import ReadingCommand
from mirror.config.options import Options
from mirror.exits import Exit
from mirror.publishing.reaching import Reached, reach_all
from mirror.reporting.heard import HeardCommand
from mirror.reporting.history import now
from mirror.store.database import close_databases, open_database
from mirror.store.reachability import note_reachability


class Command(HeardCommand, ReadingCommand):
    """Ask each home from outside, as a reader would; may be run beside a crawl."""

    def short_desc(self) -> str:
        """Return the line that the list of commands shows."""
        return "Ask each home as a reader would: there, gone, blocked and why, moved; what to do"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --json."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print it as JSON")

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Print a line for each home, and remember them for `scrapy status`."""
        options.check()
        options.check_public()
        found, asked = reach_all(options), now()
        rows = [
            {
                "home": home.name,
                "public_url": home.public_url,
                "state": home.state,
                "told": ", ".join(filter(None, (home.told, home.behind))),
                "advice": home.advice,
                "asked": asked,
            }
            for home in found
        ]
        try:
            note_reachability(open_database(options.database_url), rows)
        finally:
            close_databases()
        if opts.json:
            print(json.dumps(rows, ensure_ascii=False, indent=2))
        elif options.display != "quiet" or any(home.advice for home in found):
            for home in found:
                print(_line(home))
        self.refusal = "; ".join(_line(home) for home in found if home.advice)
        return Exit.UNREACHABLE if self.refusal else Exit.COMPLETE


def _line(home: Reached) -> str:
    """Return what is found at a home, and what to do."""
    told = ", ".join(filter(None, (f"{home.state} {home.told}".strip(), home.behind)))
    advice = f". To do: {home.advice}" if home.advice else ""
    return f"{home.name}: {told}; {home.public_url}{advice}"
