"""The line below an article that leads on: to its neighbours, its section, and other homes of the mirror.

Neighbours come one after the other, so the line is renewed in a page without making all of the page again.
"""

from __future__ import annotations

import posixpath
import re
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

from mirror.config.page_paths import HOME
from mirror.content.links import relative
from mirror.content.script import markdown_in
from mirror.pages.index_paths import section_path
from mirror.pages.rendering import HomeEntry
from mirror.store.neighbours import Placed, neighbours
from mirror.store.shown_homes import shown_homes

if TYPE_CHECKING:
    from mirror.pages.rendering import Renderer
    from mirror.store.database import Database

_ANY = "ANYLINK"  # stands for a link; nothing escapes or converts it


class Below:
    """Makes such lines with one theme, for one public address."""

    def __init__(self, database: Database, renderer: Renderer):
        self.database = database
        self.renderer = renderer
        self.patterns: dict[tuple[str, str], re.Pattern[str]] = {}

    def line(self, article: Placed) -> str:
        """Return the line below an article, "" if the theme has nothing to say there."""
        folder = posixpath.dirname(article.path)
        beside = neighbours(self.database, article)
        return self._line(article, *(relative(n.path, folder) if n else "" for n in beside))

    def renewed(self, article: Placed, page: str) -> str | None:
        """Return the page of an article with this line as it is to be; None if the page has no such
        line, or more than one."""
        found = list(self._pattern(article).finditer(page))
        if len(found) != 1:
            return None
        line = markdown_in(self.renderer.script, self.line(article))
        return page[: found[0].start()] + line + page[found[0].end() :]

    def _pattern(self, article: Placed) -> re.Pattern[str]:
        """Return what finds the line in a page, whichever neighbours it has."""
        key = (posixpath.dirname(article.path), article.section)
        if key not in self.patterns:
            lines = {self._line(article, *links) for links in product((_ANY, ""), repeat=2)} - {""}
            forms = [re.escape(markdown_in(self.renderer.script, line)) for line in lines]
            either = "|".join(form.replace(_ANY, r"[^\s()]+") for form in forms) or r"(?!)"
            self.patterns[key] = re.compile(f"^(?:{either})$", re.MULTILINE)
        return self.patterns[key]

    def _line(self, article: Placed, older: str, newer: str) -> str:
        index = relative(section_path(article.section), posixpath.dirname(article.path))
        return self.renderer.below(older, newer, index, self._other_homes)

    @cached_property
    def _other_homes(self) -> list[HomeEntry]:
        here = self.renderer.address(HOME)
        named = shown_homes(self.database)
        return [HomeEntry(name, address) for address, name in named.items() if address != here]
