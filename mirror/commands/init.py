"""scrapy init FOLDER: from nothing to a mirror with settings, keys, a schedule and its first pages."""

from __future__ import annotations

import argparse
import getpass
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from mirror.cli import ReadingCommand
from mirror.config.homes import host_of, local_folder
from mirror.config.options import Options
from mirror.config.schedules import Place
from mirror.config.starting import (
    FIRST_RUN,
    KNOWN_HOSTS,
    PAGE_PATH,
    SCHEDULES,
    Start,
    next_steps,
    schedule_files,
    settings_text,
    workflow,
)
from mirror.config.values import one_of
from mirror.config.writing import make_folder
from mirror.engine.interruption import run_on
from mirror.errors import ArgumentError
from mirror.exits import Exit
from mirror.quantities import counted
from mirror.sites import get_site, section_names
from mirror.sites.sections import section_ids

_PROJECT = Path(__file__).resolve().parents[2]
_EXAMPLE_URL = "https://mirror.example"  # until there is an answer
_GITHUB_RE = re.compile(r"(?:https://github\.com/|git@github\.com:)([^/]+/[^/]+?)(?:\.git)?/?")


class Command(ReadingCommand):
    """Make the folder of a new mirror; what is not given on the command line is asked for."""

    max_words = 1
    reads_config = False

    def syntax(self) -> str:
        """Return what the usage message shows."""
        return "[options] <folder>"

    def short_desc(self) -> str:
        """Return the line that the list of commands shows."""
        return (
            "Begin a mirror: settings, keys, a schedule and its first pages, in a folder of its own"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add what can be said about the mirror."""
        super().add_options(parser)
        parser.add_argument("--sections", help="section ids such as nsc418,nsc413")
        parser.add_argument("--public-url", help="where readers will find the pages")
        parser.add_argument(
            "--home", action="append", help="a Git remote to publish to; may be repeated, or empty"
        )
        parser.add_argument("--since", help="how far back: a day such as 2026-01-01, or empty")
        parser.add_argument("--schedule", help=f"one of {', '.join(SCHEDULES)}")
        parser.add_argument("--no-run", action="store_true", help="leave out the first crawl")

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Check all that is said, write the files, crawl a little, and say what is to be done."""
        start = self._start(args, opts)
        place = _place(start)
        files = _write(start, place)
        print(f"{start.folder} is ready; its settings are in {place.config}")
        status = Exit.COMPLETE if opts.no_run else _first_run(place)
        is_whole = status in (Exit.COMPLETE, Exit.REFUSED)
        pages = len(list(start.folder.glob("output/pages/**/*.md")))
        if not is_whole:
            print(
                f"The first crawl did not get to its end (status {status:d} {status.name}): settings and "
                f"schedule are whole, {counted(pages, 'page')} {'is' if pages == 1 else 'are'} there."
            )
        has_pages = is_whole and bool(pages)
        print("What to do next:" if is_whole else "What to do next, which goes on from there:")
        for number, step in enumerate(next_steps(start, place, files, has_pages=has_pages), 1):
            print(f"  {number}. " + step.replace("\n", "\n       "))
        return status

    def _start(self, args: list[str], opts: argparse.Namespace) -> Start:
        if len(args) != 1:
            raise ArgumentError("folder", " ".join(args), "must be one folder, such as ~/news")
        folder = Path(args[0]).expanduser().resolve()
        if (folder / "mirror.toml").exists():
            allowed = f"there is a mirror in it already; MIRROR_CONFIG={folder}/mirror.toml goes on with it"
            raise ArgumentError("folder", folder, allowed)
        start = Start(folder, (), _EXAMPLE_URL, (), "", "none")
        given = [(question, getattr(opts, question.argument)) for question in _questions()]
        given.sort(key=lambda asked: asked[1] is None)  # faults of the call before any question
        for question, value in given:
            start = self._answered(start, question, value)
        if start.ssh_remotes and not shutil.which("ssh-keygen"):
            allowed = "needs ssh-keygen for a home that is reached by ssh (Debian: openssh-client)"
            raise ArgumentError("--home", start.ssh_remotes[0], allowed)
        return start

    def _answered(self, start: Start, question: Question, given: Any) -> Start:
        """Return a start with one more answer: the one that was given, or the operator's, who is asked
        until it is one. Raises ArgumentError."""
        if given is not None:
            return self._checked(start, question, given)
        while True:
            answer = _asked(question)
            try:
                return self._checked(start, question, answer)
            except ArgumentError as error:
                print(f"  {error}")

    def _checked(self, start: Start, question: Question, answer: Any) -> Start:
        """Return a start with one more answer. Raises ArgumentError for what no mirror can be begun with."""
        start = replace(start, **{question.field: question.read(answer)})
        homes = [
            {"name": f"{n}", "public_url": start.public_url, "remote": remote, "branch": "main"}
            for n, remote in enumerate(start.remotes)
        ]
        given = {
            **dict(self.settings),
            "MIRROR_PUBLIC_URL": start.public_url,
            "MIRROR_HOMES": homes,
            "MIRROR_OUTPUT": str(start.folder / "output"),
            "MIRROR_DATABASE_URL": f"sqlite:///{start.folder}/state/mirror.db",
            "MIRROR_STATS_FILE": "",
            "MIRROR_PAGE_PATH": PAGE_PATH,
            "MIRROR_SSH_FOLDER": "",
        }
        options = Options.from_settings(given)
        options.check_values()
        options.check_public()
        if unreadable := _place(start).unreadable():
            allowed = f"paths with {unreadable!r} cannot be written into all that has to name them"
            raise ArgumentError("folder", start.folder, allowed)
        return start


class Question(NamedTuple):
    """What an operator is asked for, unless an argument has it; `read` returns what a Start has in a
    field, and raises ArgumentError."""

    argument: str
    field: str
    text: str
    read: Callable[[Any], Any]

    @property
    def option(self) -> str:
        """The argument as it is given."""
        return f"--{self.argument.replace('_', '-')}"


def _questions() -> list[Question]:
    names = ", ".join(f"{id} {name}" for id, name in list(section_names().items())[:6])
    schedules = ", ".join(SCHEDULES)
    return [
        Question("sections", "sections", f"Sections, by id ({names} ...)", _sections),
        Question(
            "public_url", "public_url", "Address at which readers find the pages", _public_url
        ),
        Question("home", "remotes", "Git remote to publish to (empty: none yet)", _remotes),
        Question("since", "since", "How far back, a day such as 2026-01-01 (empty: all)", _since),
        Question("schedule", "schedule", f"Schedule ({schedules})", _schedule),
    ]


def _sections(given: str) -> tuple[str, ...]:
    return section_ids(given, get_site("epochtimes"))


def _public_url(given: str) -> str:
    return given.rstrip("/")


def _remotes(given: str | list[str]) -> list[str]:
    homes = [given] if isinstance(given, str) else given
    return [str(local_folder(home) or home) for home in homes if home]


def _since(given: str) -> str:
    """Return a day of the past, or "". Raises ArgumentError."""
    try:
        is_past = not given or date.fromisoformat(given) <= date.today()
    except ValueError:
        is_past = False
    if not is_past:
        raise ArgumentError("--since", given, "must be a day of the past such as 2026-01-01")
    return given


def _schedule(given: str) -> str:
    return one_of({"--schedule": given}, "--schedule", SCHEDULES)


def _place(start: Start) -> Place:
    scrapy = Path(sys.executable).with_name("scrapy")
    return Place(start.folder, _PROJECT, scrapy, getpass.getuser(), start.local_homes)


def _write(start: Start, place: Place) -> dict[str, str]:
    """Write all that a mirror begins with, what makes it one at last; return the files of its schedule."""
    for folder in (start.folder, start.folder / "output", start.folder / "state"):
        make_folder("folder", folder, folder)
    actions = ""
    if start.is_by_workflow:
        template = (_PROJECT / "deploy/github-actions/mirror.yml").read_text("utf-8")
        actions = workflow(start, template, *_program())
    files = schedule_files(start, place, actions)
    for name, text in files.items():
        (start.folder / "schedule").mkdir(exist_ok=True)
        (start.folder / "schedule" / name).write_text(text, "utf-8")
    if start.ssh_remotes:
        _write_keys(start)
    place.config.write_text(settings_text(start), "utf-8")
    return files


def _asked(question: Question) -> str:
    """Return what the operator answers. Raises ArgumentError if nobody is there."""
    if not sys.stdin.isatty():
        raise ArgumentError(question.option, None, "must be given where nobody can be asked")
    try:
        return input(f"{question.text}: ").strip()
    except EOFError:
        raise ArgumentError(question.option, None, "must be given") from None


def _write_keys(start: Start) -> None:
    """Make a key for the mirror alone, and pin the host keys of the homes that are well known."""
    place = start.folder / "ssh"
    place.mkdir(mode=0o700, exist_ok=True)
    hosts = {host_of(remote) for remote in start.ssh_remotes}
    known = [f"{host} {KNOWN_HOSTS[host]}\n" for host in sorted(hosts & KNOWN_HOSTS.keys())]
    pinned = place / "known_hosts"
    pinned.write_text("".join(known), "utf-8")
    for host in sorted(hosts - KNOWN_HOSTS.keys()):
        print(
            f"{host}: its host key is not known here. ssh-keyscan {host} >> {shlex.quote(str(pinned))}, "
            "and compare it with the one that its operator publishes"
        )
    key = place / "id_ed25519"
    if not key.exists():
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "mirror", "-f", str(key)]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def _program() -> tuple[str, str]:
    """Return the repository at GitHub, as owner/name, and the commit of the program; "" if it is from
    nowhere else that is known."""
    git = ["git", "-C", str(_PROJECT)]

    def said(*command: str) -> str:
        done = subprocess.run([*git, *command], capture_output=True, text=True, check=False)
        return done.stdout.strip() if done.returncode == 0 else ""

    if not shutil.which("git"):
        return "", ""
    found = _GITHUB_RE.fullmatch(said("remote", "get-url", "origin"))
    return (found[1], said("rev-parse", "HEAD")) if found else ("", "")


def _first_run(place: Place) -> Exit:
    """Crawl one listing page of each section, and publish nothing yet: the homes may lack the key."""
    print("Crawling the newest articles of each section, 20 at most ...", flush=True)
    scrapy = [sys.executable, "-m", "scrapy", "crawl", "section", *FIRST_RUN]
    scrapy += ["-s", "MIRROR_PUBLISH=0"]
    environment = {**os.environ, "MIRROR_CONFIG": str(place.config)}
    status = run_on(scrapy, _PROJECT, environment)
    return Exit(status) if status in list(Exit) else Exit.ERROR
