"""Whole runs over loopback: mirrors of the made-up site."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from demo.server import DemoServer
from support.program import ROOT, run, run_anew

PUBLIC_URL = "https://github.com/example/mirror/blob/main"
_STAT_RE = re.compile(r"^[ {]'([^']+)': (\d+)[,}]", re.MULTILINE)


class Run(NamedTuple):
    """What came of one run of the scrapy program."""

    returncode: int
    output: str
    stats: dict[str, int]
    asked: list[str]  # paths, in the order in which the server saw them


class Stamp(NamedTuple):
    """A file or folder (no content) and when it changed."""

    content: bytes | None
    mtime: int


class Mirror:
    """One mirror: the folder it publishes, its database, and the server it is made from."""

    def __init__(self, folder: Path, server: DemoServer):
        self.folder = folder
        self.server = server
        self.tree = folder / "out"
        self.anew = False  # whether each run starts an interpreter of its own

    def section(self, id: str, **args: object) -> Run:
        """Run `scrapy crawl section` with these arguments."""
        return self.scrapy(
            "crawl", "section", f"-aid={id}", *(f"-a{k}={v}" for k, v in args.items())
        )

    def article(self, url: str) -> Run:
        """Run `scrapy crawl article`."""
        return self.scrapy("crawl", "article", f"-aurl={url}")

    def scrapy(self, *args: str, **settings: object) -> Run:
        """Run the scrapy program."""
        self.server.requests.clear()
        words = self._command(args, settings)[3:]
        done = run_anew(words) if self.anew else run(words)
        stats = {name: int(value) for name, value in _STAT_RE.findall(done.output)}
        return Run(done.returncode, done.output, stats, self.asked())

    def start(self, *args: str) -> subprocess.Popen[bytes]:
        """Start the scrapy program and leave it running."""
        quiet = subprocess.DEVNULL
        return subprocess.Popen(self._command(args, {}), cwd=ROOT, stdout=quiet, stderr=quiet)

    def asked(self) -> list[str]:
        """The paths that the server was asked for since the last run began."""
        return [request.path for request in self.server.requests]

    def files(self) -> dict[str, bytes]:
        """The published files by their paths."""
        return {path: s.content for path, s in self.stamps().items() if s.content is not None}

    def texts(self) -> dict[str, str]:
        """The published Markdown files by their paths."""
        return {path: c.decode() for path, c in self.files().items() if path.endswith(".md")}

    def articles(self) -> set[str]:
        """The ids of the articles that have a page."""
        return {page.stem for page in self.tree.glob("pages/**/n*.md")}

    def stamps(self) -> dict[str, Stamp]:
        """Every published file and folder."""
        found = [self.tree, *sorted(self.tree.rglob("*"))] if self.tree.exists() else []
        return {
            file.relative_to(self.tree).as_posix(): Stamp(
                None if file.is_dir() else file.read_bytes(), file.stat().st_mtime_ns
            )
            for file in found
        }

    def _command(self, args: tuple[str, ...], settings: dict[str, object]) -> list[str]:
        settings = {
            "MIRROR_SOURCE_URL": self.server.url,
            "MIRROR_OUTPUT": self.tree,
            "MIRROR_DATABASE_URL": f"sqlite:///{self.folder}/state/mirror.db",
            "MIRROR_PUBLIC_URL": PUBLIC_URL,
            **settings,
        }
        given = [f"-s{name}={value}" for name, value in settings.items()]
        return [sys.executable, "-m", "scrapy", *args, *given]
