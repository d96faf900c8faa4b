"""scrapy status: where the mirror stands."""

from __future__ import annotations

import argparse
import json
import posixpath
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.filesize import decimal
from rich.table import Table

from mirror.archive.plans import FOLDER_LIMITS
from mirror.cli import ReadingCommand
from mirror.cluster.roster import seen_workers
from mirror.config.options import Options
from mirror.config.writing import check_target
from mirror.exits import Exit
from mirror.pages.tree import Tree
from mirror.publishing.host_limits import Sizes, near_limits
from mirror.reporting import inspecting
from mirror.reporting.inspecting import Reason, Section
from mirror.reporting.plotting import plot
from mirror.reporting.reasons import reason
from mirror.reporting.sources import Source, sources
from mirror.reporting.summary import Figures, line
from mirror.sites import section_names
from mirror.store.locking import at_work
from mirror.store.moves import Move, read_move
from mirror.store.reachability import read_reachability

_STATES = {  # how the table names the states of the frontier
    "discovered": "waiting",
    "published": "published",
    "unchanged": "published",
    "failed": "failed",
    "refused": "refused",
    "gone": "gone",
    "skipped": "skipped",
    "withdrawn": "withdrawn",
}
_WALKS = {"open": "cut off", "bounded": "as asked", "skipped": "pages missing", "": ""}
_WORKER = (
    "Worker {name}: {state}, seen {seen} s ago, {rate:.1f} requests/s, {answers:,} answers, {asked}"
)
_WIDTH_COLUMNS = 160  # columns, where there is no terminal
_MAX_EXAMPLES = 3
_MAX_REASONS = 20
_MAX_RUNS = 10
_MAX_LIMITS = 10
_LARGE_BYTES = 1_000_000  # of a file, below which no limit is near
_WARNING_SHARE = 0.8  # of a limit of GitHub's


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
        if opts.plot:
            check_target("--plot", Path(opts.plot))
        with inspecting.reading(options.database_url) as connection:
            if opts.plot:
                plot(inspecting.by_day(connection), Path(opts.plot))
            known: dict[str, Any] = {
                "running": at_work(options),
                "move": _move(read_move(connection)),
                "last_run": inspecting.last_run(connection),
                "runs": inspecting.last_runs(connection, _MAX_RUNS),
                "held": inspecting.held_back(connection),
                "homes": read_reachability(connection),
                "sections": (sections := inspecting.sections(connection)),
                "sources": sources(connection, sections),
                "due": inspecting.due(connection),
                "reasons": inspecting.reasons(connection),
                "workers": [w._asdict() for w in seen_workers(connection, options.lease)],
                "tree": {**Tree(options.output).size()._asdict(), **_fullest(options)},
                "git": {"bytes": _size_of(options.output / ".git")},
                "database": {"bytes": inspecting.size(connection, options.database_url)},
            }
        known["limits"] = near_limits(
            Sizes(files=_large(options), repository=known["git"]["bytes"])
        )
        if opts.json:
            print(json.dumps(known, default=asdict, ensure_ascii=False, indent=2))
        else:
            _print(known)
        return Exit.COMPLETE


def _print(known: dict[str, Any]) -> None:
    if run := known["running"]:
        print(f"At work: {run['run']}, process {run['pid']}, since {run['started']}")
    if move := known["move"]:
        print(f"A move to {move['new']} was begun and is not whole yet, see docs/publish.md")
    print(f"Last crawl: {_last(known['last_run'], 'at work' if run else 'cut off')}")
    for run in known["runs"][1:]:
        name = "cut off" if run["status"] is None else Exit(run["status"]).name
        given = " ".join(f"{name}={value}" for name, value in run["arguments"].items())
        print(f"  before: {run['started']} {run['spider']} {given}: {name}")
    console = Console(width=None if sys.stdout.isatty() else _WIDTH_COLUMNS)
    if len(known["sources"]) > 1:
        console.print(_by_source(known["sources"], "at work" if run else "cut off"))
    console.print(_table(known["sections"]))
    due = dict(known["due"])
    next_one = due.pop("next")
    print(f"Due now: {', '.join(f'{count:,} {what}' for what, count in due.items())}")
    if next_one:
        print(f"Due next at {next_one}")
    _print_reasons(known["reasons"])
    for update in known["held"]:
        print(f"Held back: {update['article']}, {update['reason']}; see scrapy accept --diff")
    for home in known["homes"]:
        told = " ".join(filter(None, (home["state"], home["told"])))
        advice = f". To do: {home['advice']}" if home["advice"] else ""
        print(f"Home {home['home']}: {told}, asked {home['asked']}{advice}")
    for worker in known["workers"]:
        print(_WORKER.format_map(worker))
    _print_sizes(known)


def _print_sizes(known: dict[str, Any]) -> None:
    tree, database = known["tree"], known["database"]
    print(f"Tree: {tree['pages']:,} pages, {decimal(tree['bytes'])} in all files")
    if tree["files"]:
        print(
            f"Fullest folder: {tree['files']:,} files in {tree['folder']}{_advice(tree['files'])}"
        )
    print(f"Git: {decimal(known['git']['bytes'])} in .git")
    print(f"Database: {decimal(database['bytes'])}")
    for warning in known["limits"][:_MAX_LIMITS]:
        print(f"Near or over a limit: {warning}")
    if len(known["limits"]) > _MAX_LIMITS:
        print(f"and {len(known['limits']) - _MAX_LIMITS} more limits, see --json")


def _advice(files: int) -> str:
    """Return what GitHub does with a folder of so many files, from 80 % of its limits on."""
    for limit, what in FOLDER_LIMITS:
        if files >= limit * _WARNING_SHARE:
            return f", near or over the {limit:,} files that {what}; see MIRROR_PAGE_PATH"
    return ""


def _fullest(options: Options) -> dict[str, Any]:
    """Return the published folder with the most files, and how many they are."""
    folders = Counter(posixpath.dirname(path) for path in Tree(options.output).files())
    folder, files = max(folders.items(), key=lambda item: item[1], default=("", 0))
    return {"folder": folder or ".", "files": files}


def _large(options: Options) -> dict[str, int]:
    """Return the bytes of the published files that are large, by their paths."""
    tree = Tree(options.output)
    sizes = ((path, (tree.folder / path).lstat().st_size) for path in tree.files())
    return {path: size for path, size in sizes if size >= _LARGE_BYTES}


def _size_of(folder: Path) -> int:
    return sum(file.lstat().st_size for file in folder.rglob("*") if file.is_file())


def _move(move: Move | None) -> dict[str, str] | None:
    return move._asdict() if move else None


def _last(run: dict[str, Any] | None, otherwise: str) -> str:
    """Return in words how a run ended, or `otherwise`."""
    if run is None:
        return "none"
    given = " ".join(f"{name}={value}" for name, value in run["arguments"].items())
    told = f"{run['spider']} {given}, begun {run['started']}"
    if run["status"] is None:
        return f"{told}, {otherwise}"
    told = f"{told}, ended {run['ended']} with status {run['status']} {Exit(run['status']).name}"
    figures = Figures.from_json(run["figures"]) if run["figures"] else None
    why = reason(Exit(run["status"]), figures)
    return "\n  ".join(filter(None, (told, line(figures) if figures else "", why)))


def _table(sections: Sequence[Section]) -> Table:
    """Return a row for each section; columns of states in which there is nothing are left out."""
    rows = [(section, _by_column(section.states)) for section in sections]
    columns = dict.fromkeys([*_STATES.values(), *(name for _, counts in rows for name in counts)])
    shown = [name for name in columns if name == "published" or any(c[name] for _, c in rows)]
    table = Table(box=SIMPLE)
    numbers = ("listed", *shown, "pages")
    for name in ("section", "", *numbers, "oldest", "newest", "listing"):
        table.add_column(name, justify="right" if name in numbers else "left")
    names = section_names()
    for section, counts in rows:
        times = ((time or "")[:16].replace("T", " ") for time in (section.oldest, section.newest))
        figures = (section.listed, *(counts[name] for name in shown), section.pages)
        table.add_row(
            section.id,
            names.get(section.id, ""),
            *(f"{figure:,}" for figure in figures),
            *times,
            _WALKS.get(section.walk, section.walk),
        )
    return table


def _by_source(known: Sequence[Source], otherwise: str) -> Table:
    """Return a row for each source; `otherwise` tells of a crawl that has not ended."""
    columns = [name for name in dict.fromkeys(_STATES.values()) if name != "published"]
    counts = {source.site: _by_column(source.states) for source in known}
    shown = [name for name in columns if any(count[name] for count in counts.values())]
    table = Table(box=SIMPLE)
    for name in ("source", "pages", *shown, "newest", "last crawl", "ended"):
        table.add_column(name, justify="right" if name in ("pages", *shown) else "left")
    for source in known:
        figures = (source.pages, *(counts[source.site][name] for name in shown))
        times = ((time or "")[:16].replace("T", " ") for time in (source.newest, source.started))
        ended = source.status or (otherwise if source.started else "")
        table.add_row(source.site, *(f"{figure:,}" for figure in figures), *times, ended)
    return table


def _by_column(states: Mapping[str, int]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for state, count in states.items():
        counts[_STATES.get(state, state)] += count
    return counts


def _print_reasons(reasons: Sequence[Reason]) -> None:
    for why in reasons[:_MAX_REASONS]:
        ids = why.articles[:_MAX_EXAMPLES] + ["..."] * (len(why.articles) > _MAX_EXAMPLES)
        print(
            f"{why.state.capitalize()}: {len(why.articles):,} for {why.reason!r}: {', '.join(ids)}"
        )
    if len(reasons) > _MAX_REASONS:
        print(f"and {len(reasons) - _MAX_REASONS} more reasons, see --json")
