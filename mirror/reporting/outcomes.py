"""How a crawl ended: as the log's last line, as JSON, as a table."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mirror.errors import without_secrets
from mirror.exits import Exit
from mirror.reporting.history import harmless, now
from mirror.reporting.reasons import reason
from mirror.reporting.summary import Figures, line, table, total

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of a crawl."""

    spider: str
    arguments: Mapping[str, str]
    started: str  # ISO 8601, UTC
    status: Exit = Exit.ERROR
    message: str = ""  # why it did not begin, or could not go on
    figures: Figures | None = None  # None if it did not begin
    sources: tuple[Outcome, ...] = ()  # of a run of several sources: of each

    def of(self, ended: Sequence[Outcome]) -> Outcome:
        """Return the outcome of a run by those of its sources."""
        if len(ended) == 1:
            return ended[0]
        figures = [one.figures for one in ended if one.figures]
        return replace(self, figures=total(figures) if figures else None, sources=tuple(ended))

    def show(self) -> None:
        """Print the figures, if there are any, as a table on a terminal, else log them as one."""
        for source in self.sources:
            source.show()
        if self.figures is None or self.sources:
            return
        given = (f"{name}={value}" for name, value in harmless(self.arguments).items())
        title = f"{' '.join([self.spider, *given])}: {self.status.name}"
        if sys.stderr.isatty():
            from mirror.reporting.display import show_table

            show_table(title, self.figures)
        else:
            known = {"title": title, "table": table(self.figures)}
            logger.info("%(title)s\n%(table)s", known)

    def log(self) -> None:
        """Log the line that says it all, of a level that is seen if anything is to be done."""
        level = logging.INFO if self.status is Exit.COMPLETE else logging.WARNING
        logger.log(level, "%(line)s", {"line": self.line()})

    def line(self) -> str:
        """Return in one line how the crawl ended."""
        said = without_secrets(self.message)
        if not said and self.figures:
            said = ". ".join(filter(None, (line(self.figures), reason(self.status, self.figures))))
        return f"Ended with status {self.status:d} {self.status.name}: {said or 'see above'}"

    def write(self, file: Path) -> None:
        """Write it as JSON, whole or not at all. Raises OSError."""
        temporary = file.with_name(f"{file.name}.tmp")
        temporary.write_text(
            f"{json.dumps(self.as_json(), ensure_ascii=False, indent=2)}\n", "utf-8"
        )
        temporary.replace(file)

    def as_json(self) -> dict[str, Any]:
        """Return what docs/exits.md says of the file."""
        return {
            "spider": self.spider,
            "arguments": harmless(self.arguments),
            "started": self.started,
            "ended": now(),
            "status": int(self.status),
            "name": self.status.name,
            "message": without_secrets(self.message) or reason(self.status, self.figures),
            "figures": self.figures.as_json() if self.figures else None,
            "sources": [source.as_json() for source in self.sources],
        }
