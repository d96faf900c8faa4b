"""scrapy themes: what is wrong with a theme, without a database or a network."""

from __future__ import annotations

import argparse
from dataclasses import replace

from mirror.cli import ReadingCommand
from mirror.config.options import Options
from mirror.config.themes import theme_names
from mirror.exits import Exit
from mirror.pages.theme_check import theme_problems, unused_files


class Command(ReadingCommand):
    """Try themes on made-up articles, as each run does with the one that is set."""

    max_words = 1

    def syntax(self) -> str:
        """Return what the usage message shows."""
        return "[options] [name of a theme, or the path of its folder]"

    def short_desc(self) -> str:
        """Return the line that the list of commands shows."""
        return (
            "Try themes on made-up articles: what is wrong, with file and line; --list names them"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --list."""
        super().add_options(parser)
        parser.add_argument("--list", action="store_true", help="name the themes, and try none")

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Print what is wrong with one theme, or with all that come with the project and the one set."""
        themes = args or list(dict.fromkeys([*theme_names(), options.theme]))
        wrong = 0
        for theme in themes:
            if opts.list:
                print(f"{theme} (set)" if theme == options.theme else theme)
                continue
            tried = replace(options, theme=theme)
            problems = [*theme_problems(tried), *unused_files(tried)]
            wrong += len(problems)
            for told in problems or ["nothing is wrong"]:
                print(f"{theme}: {told}")
        return Exit.ERROR if wrong else Exit.COMPLETE
