"""What the scrapy program is called with, Scrapy's own commands included: what is unknown or cannot be is
refused before anything is opened."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.settings import Settings, default_settings
from scrapy.utils.conf import get_config
from scrapy.utils.project import get_project_settings

from mirror import settings as shipped
from mirror.config.components import COMPONENTS, merged
from mirror.config.given import check_given, given
from mirror.config.names import CONFIG, check_settings, no_such
from mirror.config.options import Options
from mirror.config.scrapys import check_scrapys, check_tables
from mirror.config.values import day, words
from mirror.engine.log_file import check_log
from mirror.engine.streams import go_on_unread
from mirror.errors import ArgumentError
from mirror.sites import check_sources
from mirror.sites.sections import check_sections

_SCRAPYS_FOLDERS = ("JOBDIR", "HTTPCACHE_DIR")
_OPTION_RE = re.compile(r"(?<![\w-])--?[a-z][\w-]*", re.ASCII | re.IGNORECASE)


class StrictCommand(ScrapyCommand):
    """A command that refuses what it does not know, where Scrapy drops it without a word."""

    settings: Settings  # set by Scrapy before it runs the command
    parser: argparse.ArgumentParser
    max_words = 0  # that it takes beside its options
    reads_config = True  # False: it makes the file that MIRROR_CONFIG names

    def __init__(self) -> None:
        """Be ready to be written of, too, for who reads no more than the first lines."""
        super().__init__()
        go_on_unread()

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Take options by their whole names only: what is half a name may be a typo."""
        parser.allow_abbrev = False
        self.parser = parser
        super().add_options(parser)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Take what is set. What cannot be taken is no error of the program."""
        try:
            check_tables(_pairs(opts))
            _check_once(getattr(opts, "spargs", ()))
            if opts.profile and not Path(opts.profile).absolute().parent.is_dir():
                raise ArgumentError("--profile", opts.profile, "its folder is not there")
            super().process_options(args, opts)
        except ArgumentError as error:
            raise UsageError(str(error), print_help=False) from None
        except OSError as error:  # of --pidfile
            raise UsageError(f"--pidfile: {error}", print_help=False) from None

    def check_call(self, args: list[str], opts: argparse.Namespace) -> None:
        """Raise ArgumentError for the first option, word, setting or variable that is unknown."""
        options = {*_OPTION_RE.findall(self.parser.format_help())}
        for word in args:
            if word.startswith("-"):
                name = word.partition("=")[0]
                raise ArgumentError(name, None, no_such("option", name, options))
        for word in args[self.max_words :]:
            raise ArgumentError("word", word, self._surplus(word, opts))
        check_project(os.environ)
        known = known_settings()
        check_settings(_pairs(opts), known)
        left_out = () if self.reads_config else (CONFIG,)
        environment = {k: value for k, value in os.environ.items() if k not in left_out}
        check_given(known, environment, Path.cwd())

    def complete_components(self) -> None:
        """Add to the parts that -s gives those of the project. Raises ArgumentError."""
        project = get_project_settings()
        for name in COMPONENTS:
            priority = self.settings.getpriority(name) or 0
            if priority > (project.getpriority(name) or 0):
                parts = merged(name, project[name], self.settings[name])
                self.settings.set(name, parts, priority)

    def _surplus(self, word: str, opts: argparse.Namespace) -> str:
        """Return in words that a command takes no such word."""
        if "=" in word and hasattr(opts, "spargs"):
            return f"arguments are given with -a: -a {word}"
        return (
            f"no more than {self.max_words} can be given" if self.max_words else "none can be given"
        )


class StockCommand(StrictCommand):
    """One of Scrapy's own commands, named before the one that it is."""

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse what is wrong before anything is done about what is right."""
        try:
            check_tables(_pairs(opts))
            self.check_call(args, opts)
            check_values(self._given(opts))
            super().process_options(args, opts)
            check_log(self.settings)
            self.complete_components()
        except ArgumentError as error:
            raise UsageError(str(error), print_help=False) from None

    def _given(self, opts: argparse.Namespace) -> Settings:
        """Return the settings as they are going to be."""
        made = self.settings.copy()
        made.setdict(_pairs(opts), priority="cmdline")
        if opts.loglevel:
            made.set("LOG_LEVEL", opts.loglevel, priority="cmdline")
        return made


class RefusedCommand(ScrapyCommand):
    """One of Scrapy's own commands that has no use here."""

    requires_crawler_process = False
    instead: str  # what has

    def short_desc(self) -> str:
        """Return the line that the list of commands shows."""
        return f"Not here: {self.instead}"

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse, whatever is given."""
        raise UsageError(f"not available in this project: {self.instead}", print_help=False)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Never called."""


def _pairs(opts: argparse.Namespace) -> dict[str, str]:
    """Return the settings of a command line by name. Raises ArgumentError for what is no pair."""
    for one in opts.set:
        if "=" not in one:
            raise ArgumentError("-s", one, "must be NAME=VALUE")
    return dict(one.split("=", 1) for one in opts.set)


def _check_once(given: Iterable[str]) -> None:
    """Raise ArgumentError for an argument that is given twice: the first would be dropped."""
    names = [one.partition("=")[0] for one in given]
    for name in names:
        if names.count(name) > 1:
            raise ArgumentError(
                "-a", name, "is given twice; several values are separated by commas"
            )


def check_project(environment: Mapping[str, str]) -> None:
    """Raise ArgumentError for a settings module that is not that of the project asked for by its name in
    scrapy.cfg: Scrapy drops the name then, and a worker of a cluster would be a crawl of its own."""
    project, module = map(environment.get, ("SCRAPY_PROJECT", "SCRAPY_SETTINGS_MODULE"))
    meant = get_config().get("settings", project, fallback=module) if project else module
    if module != meant:
        allowed = f"SCRAPY_PROJECT={project} means {meant}; unset one of the two"
        raise ArgumentError("SCRAPY_SETTINGS_MODULE", module, allowed)


def known_settings() -> set[str]:
    """Return the names of all settings: the project's, Scrapy's, and those of the settings module
    that is used, without what mirror.toml has put there."""
    file = given((), os.environ, Path.cwd())
    ours = {name for name in get_project_settings() if name not in file}
    return {*ours, *shipped.names, *filter(str.isupper, vars(default_settings))}


def check_scrapy_values(settings: Settings, beginning: str = "") -> None:
    """Raise ArgumentError for the first of Scrapy's settings that it cannot work with; only names with a
    beginning are looked at."""
    known = {name: value for name, value in vars(default_settings).items() if name.isupper()}
    check_scrapys(settings, known, beginning)


def check_values(settings: Settings) -> None:
    """Raise ArgumentError for the first setting that no command can work with."""
    check_scrapy_values(settings)
    options = Options.from_settings(settings)
    options.check_values()
    check_folders(settings, options)
    check_names(settings, options)


def check_folders(settings: Settings, options: Options) -> None:
    """Raise ArgumentError for the first folder of Scrapy's that would be published."""
    for name in _SCRAPYS_FOLDERS:
        if settings[name]:
            options.check_private(name, settings[name], Path(settings[name]))


def check_names(settings: Settings, options: Options) -> None:
    """Raise ArgumentError for the first site, section or day in a setting that there is not."""
    check_sources(options.source_url)
    check_sections("MIRROR_SECTIONS", words(settings["MIRROR_SECTIONS"]))
    day("MIRROR_SINCE", str(settings["MIRROR_SINCE"]) or None)
    for sections in options.front.groups.values():
        check_sections("MIRROR_GROUPS", sections)
