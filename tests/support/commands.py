"""Commands of the scrapy program inside the process of the tests, which spares their start."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING

from scrapy.cmdline import execute
from scrapy.settings import Settings

from mirror.store.database import open_database
from support.program import Done

if TYPE_CHECKING:
    from conftest import Mirror


def command(mirror: Mirror, *args: str, **settings: object) -> Done:
    """Run a command that does not crawl, with the settings of a mirror."""
    ours = Settings()
    ours.setmodule("mirror.settings", priority="project")
    argv, out = mirror._command(args, settings)[2:], io.StringIO()
    open_database.cache_clear()  # the file may be another one by now
    with redirect_stdout(out), redirect_stderr(out):
        try:
            execute(argv, ours)
        except SystemExit as end:
            return Done(int(end.code or 0), out.getvalue())
    raise AssertionError("scrapy did not exit")
