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
from mirror.items import replace
from mirror.pages.index_paths import section_path
from mirror.pages.rendering import HomeEntry
from mirror.store.neighbours import Beside, Placed, neighbours_to_be, placed
from mirror.store.shown_homes import shown_homes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mirror.items import ArticleItem
    from mirror.pages.rendering import Renderer
    from mirror.store.database import Database

_STAND_INS = ("OLDERLINK", "NEWERLINK")  # for links; nothing escapes or converts them
_PLAIN_RE = re.compile(r"[a-zA-Z0-9./]*")  # links of which the same is true


class Below:
    """Makes such lines with one theme, for one public address."""

    def __init__(self, database: Database, renderer: Renderer):
        self.database = database
        self.renderer = renderer
        self.forms: dict[tuple[str, str], dict[tuple[bool, ...], str]] = {}  # with stand-ins
        self.patterns: dict[tuple[str, str], re.Pattern[str]] = {}

    def line(self, article: Placed, beside: Beside = (None, None)) -> str:
        """Return the line below an article that leads to its neighbours, "" if the theme has nothing to
        say there."""
        folder = posixpath.dirname(article.path)
        links = [relative(one.path, folder) if one else "" for one in beside]
        if not all(map(_PLAIN_RE.fullmatch, links)):
            return self._line(article, *links)
        line = self._forms(article)[tuple(map(bool, links))]
        for stand_in, link in zip(_STAND_INS, links, strict=True):
            line = line.replace(stand_in, link)
        return line

    def led_on(self, coming: Sequence[ArticleItem]) -> tuple[list[ArticleItem], dict[str, Beside]]:
        """Return articles that are about to be stored, with links to their neighbours put into their pages,
        and these neighbours by the ids of those whose pages have such a line."""
        beside = neighbours_to_be(self.database, map(placed, coming))
        pages = {one.id: self.renewed(placed(one), one.page, beside[one.id]) for one in coming}
        items = [replace(one, page=pages[one.id] or one.page) for one in coming]
        return items, {id: beside[id] for id, page in pages.items() if page}

    def renewed(self, article: Placed, page: str, beside: Beside) -> str | None:
        """Return the page of an article with this line as it is to be; None if the page has no such
        line, or more than one."""
        text = f"\n{page}"  # in which all is one place further on
        found = [*self._pattern(article).finditer(text)]
        if len(found) != 1:
            return None
        line = markdown_in(self.renderer.script, self.line(article, beside))
        return page[: found[0].start()] + line + page[found[0].end() - 1 :]

    def _pattern(self, article: Placed) -> re.Pattern[str]:
        """Return what finds the line, and the end of the one before, in a page, whichever neighbours it
        has."""
        key = (posixpath.dirname(article.path), article.section)
        if key not in self.patterns:
            lines = [line for line in self._forms(article).values() if line and "\n" not in line]
            forms = [re.escape(markdown_in(self.renderer.script, line)) for line in lines]
            either = re.sub("|".join(_STAND_INS), r"[^\\s()]+", "|".join(forms) or r"(?!)")
            self.patterns[key] = re.compile(rf"\n(?:{either})(?=\n|\Z)")
        return self.patterns[key]

    def _forms(self, article: Placed) -> dict[tuple[bool, ...], str]:
        """Return the lines of a section's articles in a folder, by whether they have an older neighbour
        and a newer one."""
        key = (posixpath.dirname(article.path), article.section)
        if key not in self.forms:
            links = product(*(("", stand_in) for stand_in in _STAND_INS))
            made = {tuple(map(bool, pair)): self._line(article, *pair) for pair in links}
            self.forms[key] = made
        return self.forms[key]

    def _line(self, article: Placed, older: str, newer: str) -> str:
        index = relative(section_path(article.section), posixpath.dirname(article.path))
        return self.renderer.below(older, newer, index, self._other_homes)

    @cached_property
    def _other_homes(self) -> list[HomeEntry]:
        here = self.renderer.address(HOME)
        named = shown_homes(self.database)
        return [HomeEntry(name, address) for address, name in named.items() if address != here]
