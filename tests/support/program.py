"""The scrapy program, loaded once and forked for each run: most of a small run is its start."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
_LONGEST = 120  # seconds, for any run
_LOADED = [  # what most runs need, but mirror.settings, which looks at the environment
    "scrapy.cmdline",
    "scrapy.crawler",
    "mirror.pipelines",
    "mirror.spiders.section",
    "mirror.crawl.item_processor",
]
_forked = get_context("forkserver")
_forked.set_forkserver_preload(_LOADED)


class Done(NamedTuple):
    """What came of a run; an exit status that is negative is the signal that ended it."""

    returncode: int
    output: str


def run(words: Sequence[str], **variables: str) -> Done:
    """Run the program with these words, in the environment of the tests and these variables."""
    with TemporaryDirectory() as folder:
        output = Path(folder, "output")
        process = _forked.Process(target=_become, args=(words, {**os.environ, **variables}, output))
        process.start()
        process.join(_LONGEST)
        if process.is_alive():
            process.kill()
            process.join()
            raise TimeoutError(f"{output.read_text('utf-8')}\n{words}: still running")
        return Done(process.exitcode, output.read_text("utf-8"))


def run_anew(words: Sequence[str]) -> Done:
    """The same with an interpreter of its own, for what that finds in the environment as it starts."""
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=_LONGEST,
        check=False,
    )
    return Done(done.returncode, done.stdout)


def _become(words: Sequence[str], environment: dict[str, str], output: Path) -> None:
    """Do in a process that was forked what the program does in one of its own."""
    with output.open("ab") as opened:
        for number in (1, 2):
            os.dup2(opened.fileno(), number)
    sys.stdin = os.fdopen(0)  # multiprocessing has another one in its place
    assert "mirror.settings" not in sys.modules
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["scrapy", *words]
    from scrapy.cmdline import execute

    execute()
