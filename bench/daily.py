"""What the runs of a day cost: some new articles on top of many known ones, publishing them, and making or
comparing all pages.

Of the many only the newest have pages, the others are rows of the database, copied in bulk: nothing of a
run may look at each of them. What is written stays to the end.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from hashlib import sha512
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, NamedTuple

from bench import full, processes
from bench.jobs import CORES
from bench.known import fill_beside
from bench.samples import figure
from bench.server import Served, serving

NEW = 20
GROUPS = ("everyday", "publish", "render")
_WITH_PAGES = 1000
_LONGEST_SECONDS = 1800
_PUBLIC_URL = "https://mirror.example/blob/main"
_FORMS = {
    "one folder": "pages/{section}/{id}.md",
    "folders of months": "pages/{section}/{year}/{month}/{id}.md",
}
_COPY = "'n' || copies.n || substr({0}, 2)"  # of an id
_EARLIER = (  # by some years, of which few have a 29 February
    "(substr(published, 1, 4) - 1 - copies.n % 20) || replace(substr(published, 5), '-02-29', '-02-28')"
)
_COPIED = {  # tables, by the column with the id, and what a copy has in other columns
    "articles": ("id", {"body": "substr(body, 1, 200)"}),
    "listings": ("article", {}),
    "frontier": ("article", {"seq": "NULL", "due": "NULL"}),
}


class Measured(NamedTuple):
    """What one run of a job took, in seconds."""

    cpu: float
    wall: float


Job = Callable[[], Measured]


def daily(
    groups: Sequence[str],
    counts: Sequence[int],
    published: int,
    articles: int,
    rounds: int,
    folder: Path,
    say: Callable[[str], None],
) -> dict[str, Any]:
    """Return by job what it takes: an everyday run with each of the numbers of known articles, publishing
    a few of so many pages, rendering and verifying so many articles."""
    with ExitStack() as stack:
        jobs: dict[str, Job] = {}
        if "everyday" in groups:
            server = stack.enter_context(serving(_WITH_PAGES + NEW))
            jobs |= _everyday(server, counts, folder)
        if "publish" in groups:
            jobs |= _publish(published, folder)
        if "render" in groups:
            jobs |= _render(articles, folder)
        found: dict[str, list[Measured]] = {name: [] for name in jobs}
        for number in range(rounds):
            for name, job in jobs.items():
                say(f"round {number + 1}: {name}")
                found[name].append(job())
    return {
        name: {kind: figure([getattr(m, kind) for m in of]) for kind in Measured._fields}
        for name, of in found.items()
    }


def _everyday(server: Served, counts: Sequence[int], folder: Path) -> Iterator[tuple[str, Job]]:
    known, tree = mirror_of(_WITH_PAGES, folder)
    for count in counts:
        file = folder / f"everyday-{count}.db"
        shutil.copy(known, file)
        _multiply(file, count)
        yield f"{NEW} new, {count:,} known", partial(_crawl, server, file, tree, folder)


def _crawl(server: Served, known: Path, tree: Path, folder: Path) -> Measured:
    here = Path(mkdtemp(dir=folder))
    shutil.copy(known, here / "mirror.db")
    shutil.copytree(tree, here / "out", copy_function=os.link)  # files are replaced, never changed
    settings = {"MIRROR_WORKERS": 1, "MIRROR_PUBLIC_URL": _PUBLIC_URL}
    done = full.crawl(server.url, here, NEW, settings)
    return Measured(done.cpu_seconds, done.whole_seconds)


def _publish(pages: int, folder: Path) -> Iterator[tuple[str, Job]]:
    known, _ = mirror_of(_WITH_PAGES, folder)
    for form, pattern in _FORMS.items():
        here = Path(mkdtemp(dir=folder))
        file = here / "mirror.db"
        shutil.copy(known, file)
        _multiply(file, pages)
        newest = _write_tree(file, here / "out", pattern)
        subprocess.run(["git", "init", "--quiet", "--bare", here / "home.git"], check=True)
        home = {"name": "home", "public_url": _PUBLIC_URL, "branch": "main"}
        homes = json.dumps([{**home, "remote": str(here / "home.git")}])
        settings = {"MIRROR_PAGE_PATH": pattern, "MIRROR_HOMES": homes}
        command = mirror_command("publish", file, here / "out", settings)
        _run(command)
        yield f"publish {NEW} of {pages:,}, {form}", partial(_publish_some, command, newest)


def _publish_some(command: Sequence[str], folder: Path) -> Measured:
    for _ in range(NEW):
        page = Path(mkdtemp(dir=folder.parent, prefix="n")).name  # a name that no other has
        (folder.parent / page).rmdir()
        (folder / f"{page}.md").write_text(page)
        (folder / f"{page}.md.png").write_text(page)
    return _run(command)


def _render(articles: int, folder: Path) -> Iterator[tuple[str, Job]]:
    known, tree = mirror_of(articles, folder)
    for name in ("render", "verify"):
        for count in sorted({1, CORES}):
            command = mirror_command(name, known, tree, {"MIRROR_WORKERS": count})
            shared = f"{count} process{'es' if count > 1 else ''}"
            yield f"{name} {articles:,} articles, {shared}", partial(_run, command)


def mirror_of(count: int, folder: Path) -> tuple[Path, Path]:
    """Return a database of so many articles that are published, and their tree."""
    file = folder / f"daily-{count}.db"
    if not file.exists():
        fill_beside(count, NEW, file)
        _run(mirror_command("render", file, file.with_suffix(".out"), {}))
    return file, file.with_suffix(".out")


def _multiply(file: Path, count: int) -> None:
    """Copy the rows of a database, older and under other ids, until there are so many articles."""
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA synchronous = OFF")
        copies = count // _WITH_PAGES - 1
        database.execute(
            "CREATE TEMP TABLE copies AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 "
            f"FROM c WHERE n < {copies}) SELECT 100 + n AS n FROM c WHERE n <= {copies}"
        )
        for table, (key, others) in _COPIED.items():
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            copy = _COPY.format(key)
            values = {
                key: copy,
                **{name: f"replace({name}, {key}, {copy})" for name in ("url", "path")},
                "published": _EARLIER,
                **others,
            }
            chosen = ", ".join(values.get(name, name) for name in columns)
            database.execute(f"INSERT INTO {table} SELECT {chosen} FROM {table}, copies")
        database.execute("UPDATE frontier SET due = NULL")
    database.close()


def _write_tree(file: Path, tree: Path, pattern: str) -> Path:
    """Write a page and a picture for each article; return the folder of the newest one."""
    database = sqlite3.connect(file)
    by_month = "'pages/' || section || '/' || replace(substr(published, 1, 7), '-', '/') || '/'"
    if "{year}" in pattern:
        database.execute(f"UPDATE articles SET path = {by_month} || id || '.md'")
        database.commit()
    paths = [path for (path,) in database.execute("SELECT path FROM articles ORDER BY published")]
    database.close()
    for path in paths:
        page = tree / path
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(f"# {path}\n{sha512(path.encode()).hexdigest() * 10}\n")
        page.with_name(f"{page.name}.png").write_bytes(sha512(path.encode()).digest() * 6)
    return (tree / paths[-1]).parent


def mirror_command(name: str, file: Path, tree: Path, settings: dict[str, Any]) -> list[str]:
    given = {
        "MIRROR_DATABASE_URL": f"sqlite:///{file}",
        "MIRROR_OUTPUT": tree,
        "MIRROR_PUBLIC_URL": _PUBLIC_URL,
        **settings,
    }
    return [sys.executable, "-m", "scrapy", name, *(f"-s{k}={v}" for k, v in given.items())]


def _run(command: Sequence[str]) -> Measured:
    done = processes.run([command], longest=_LONGEST_SECONDS)
    return Measured(done.cpu_seconds, done.seconds)
