"""scrapy status: where the mirror stands."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from mirror.cli import ReadingCommand
from mirror.config.options import Options
from mirror.exits import Exit
from mirror.pages.tree import Tree
from mirror.store.locking import at_work
from mirror.store.moves import read_move

_MAX_RUNS = 10


class Command(ReadingCommand):
    """Tell what is known of the sections, what is due, what failed; also beside a crawl."""

    def short_desc(self) -> str:
        """Return the line that the list of commands shows."""
        return "Tell where the mirror stands: articles by section, last run, what is due and failed"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --json and --plot."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print all of it as JSON")
        parser.add_argument("--plot", metavar="FILE.png", help="draw the articles of each day")

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Print what is known."""
        from mirror.cluster.roster import seen_workers
        from mirror.reporting import inspecting
        from mirror.reporting.plotting import plot
        from mirror.reporting.standing import fullest, show, size_of

        with inspecting.reading(options.database_url) as connection:
            if opts.plot:
                plot(inspecting.by_day(connection), Path(opts.plot))
            known = {
                "running": at_work(options),
                "move": move._asdict() if (move := read_move(connection)) else None,
                "last_run": inspecting.last_run(connection),
                "runs": inspecting.last_runs(connection, _MAX_RUNS),
                "held": inspecting.held_back(connection),
                "sections": inspecting.sections(connection),
                "due": inspecting.due(connection),
                "reasons": inspecting.reasons(connection),
                "workers": [w._asdict() for w in seen_workers(connection, options.lease)],
                "tree": {**Tree(options.output).size()._asdict(), **fullest(options.output)},
                "git": {"bytes": size_of(options.output / ".git")},
                "database": {"bytes": inspecting.size(connection, options.database_url)},
            }
        if opts.json:
            print(json.dumps(known, default=asdict, ensure_ascii=False, indent=2))
        else:
            show(known)
        return Exit.COMPLETE
