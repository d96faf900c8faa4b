"""scrapy show: all that is known of one article."""

from __future__ import annotations

import argparse
import json
from typing import Any

from mirror.cli import ReadingCommand
from mirror.config.options import Options
from mirror.config.page_paths import public_address
from mirror.errors import ArgumentError
from mirror.exits import Exit
from mirror.pages.tree import Tree
from mirror.reporting import inspecting
from mirror.sites import article_id


class Command(ReadingCommand):
    """Print what the database and the tree hold of an article, by its id or any of its addresses."""

    max_words = 1

    def syntax(self) -> str:
        """Return what the usage message shows."""
        return "[options] <id or address of an article>"

    def short_desc(self) -> str:
        """Return the line that the list of commands shows."""
        return "Show all that is known of one article"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --json."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print it as JSON")

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Print a line for each fact."""
        if len(args) != 1:
            raise ArgumentError("article", " ".join(args), "must be one id such as n13465188")
        with inspecting.reading(options.database_url) as connection:
            known = inspecting.article(connection, article_id(args[0], options.source_url))
        if known is None:
            raise ArgumentError("article", args[0], "nothing is known of it")
        if known["page"]:
            known["page"] |= _where(known["page"], options)
        if opts.json:
            print(json.dumps(known, ensure_ascii=False, indent=2))
        else:
            _print(known)
        return Exit.COMPLETE


def _where(page: dict[str, Any], options: Options) -> dict[str, Any]:
    """Return the public address of a page, and the size of its files in the tree in bytes."""
    if page["home"] is None:
        return {"public": None}
    tree, path = Tree(options.output), page["path"]
    public = public_address(page["home"] or options.public_url, path)
    if page["home"]:
        return {"public": public}
    files = {"bytes": tree.read(path), "qr_bytes": tree.read(f"{path}.png")}
    return {"public": public, **{n: None if f is None else len(f) for n, f in files.items()}}


def _print(known: dict[str, Any]) -> None:
    for name, value in known.items():
        if isinstance(value, dict):
            print(f"{name}:")
            for detail, what in value.items():
                if what not in ("", None):
                    print(f"  {detail}: {_plain(what)}")
        else:
            print(f"{name}: {_plain(value)}")


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) or "-" if isinstance(value, list) else str(value)
