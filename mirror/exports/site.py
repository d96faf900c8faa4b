"""The reader's site: all articles as pages that need no server, with a search, in one zip or some."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from mirror.config.themes import template_files
from mirror.errors import ArgumentError
from mirror.exports.kinds import Kind, Volume
from mirror.exports.site_entries import SiteEntry, entries
from mirror.exports.site_markup import site_text
from mirror.exports.site_pages import TEMPLATES, SitePages, article_path
from mirror.exports.site_search import (
    Folding,
    SearchEntry,
    SearchVolume,
    contents,
    read_variants,
    shard_count,
)
from mirror.exports.zips import ReproducibleZip
from mirror.pages.qr import qr_png
from mirror.pages.rendering import section_name

if TYPE_CHECKING:
    from mirror.config.options import Options
    from mirror.exports.articles import ExportArticle
    from mirror.exports.selection import Selection

_UNSAFE_RE = re.compile(r"[^\w-]+")  # in the name of a file
_SPLITS = ("none", "months")
_FRAME = "frame"  # of a site in parts: home, sections, tags, and what the search begins with


class SiteExport(Kind):
    """A site of parts: the years before the newest one, and the months of that; each part has its own
    pages and search, which stay as they are when it is over. With split=months each is its own zip."""

    name = "site"
    arguments = ("split",)
    templates = TEMPLATES

    def __init__(self, options: Options, selection: Selection, given: Mapping[str, str]):
        super().__init__(options, selection, given)
        self.split = given.get("split", "none")
        if self.split not in _SPLITS:
            raise ArgumentError("split", self.split, f"must be one of {', '.join(_SPLITS)}")

    def volumes(self) -> list[Volume]:
        """Return one zip of all, or one of each part and the frame around them."""
        chosen = self.selection
        words = (_UNSAFE_RE.sub("_", chosen.tag), chosen.name, chosen.span)
        name = "-".join(filter(None, words))
        if not self._ids:
            return []
        if self.split == "none":
            return [Volume(f"{name}.zip", "", self._everything)]
        parts = [
            Volume(f"{name}/{part}.zip", part, [id for month in months for id in self._ids[month]])
            for part, months in self._parts.items()
        ]
        return [*parts, Volume(f"{name}/{_FRAME}.zip", _FRAME, ())]

    def basis(self, volume: Volume) -> Iterator[object]:
        """Yield what each kind's volumes follow from, and which sections show the articles."""
        whole = replace(volume, ids=volume.ids or self._everything)
        yield from super().basis(whole)
        ids = {*whole.ids}
        for month in self._parts.get(volume.title, self._ids):
            yield self._sections_of(month, ids)

    def write(self, volume: Volume, file: Path) -> None:
        """Write one zip; the parts come first, so that what changes most often stands at the end."""
        with ReproducibleZip(file) as target:
            if volume.title in self._parts:
                self._write_part(volume.title, set(volume.ids), target)
                return
            if self.split == "none":
                for part in self._parts:
                    self._write_part(part, set(volume.ids), target)
            self._write_frame(volume.ids or self._everything, target)

    # ---- what there is

    @cached_property
    def _ids(self) -> dict[str, list[str]]:
        """The articles of each month, the oldest first."""
        months = self.catalogue.months()
        return {month: [listed.id for listed in self.catalogue.listed(month)] for month in months}

    @cached_property
    def _everything(self) -> list[str]:
        return [id for ids in self._ids.values() for id in ids]

    @cached_property
    def _parts(self) -> dict[str, list[str]]:
        """The months of each part, the oldest first."""
        newest = max(self._ids, default="")[:4]
        by_part = groupby(self._ids, lambda month: month if month[:4] == newest else month[:4])
        return {part: list(months) for part, months in by_part}

    @cached_property
    def _paths(self) -> dict[str, str]:
        return {id: article_path(id, month) for month, ids in self._ids.items() for id in ids}

    @cached_property
    def _pages(self) -> SitePages:
        return SitePages(self.home)

    @cached_property
    def _folding(self) -> Folding:
        return Folding(read_variants(template_files(TEMPLATES)["variants.txt"]))

    def _sections_of(self, month: str, ids: set[str]) -> dict[str, list[str]]:
        """Return the articles of a month by the sections that show them."""
        found = {}
        for section in self.catalogue.sections():
            shown = [e.id for e in self.catalogue.listed(month, section) if e.id in ids]
            if shown:
                found[section] = shown
        return found

    # ---- the parts

    def _write_part(self, part: str, ids: set[str], target: ReproducibleZip) -> None:
        search = SearchVolume(part, self._shards(part), self._folding)
        for month in self._parts[part]:
            there = [id for id in self._ids[month] if id in ids]
            for name, content in self._month(month, there, search):
                target.add(name, content)
        for name, content in search.files():
            target.add(name, content)

    def _month(
        self, month: str, ids: Sequence[str], search: SearchVolume
    ) -> Iterator[tuple[str, bytes | str]]:
        """Yield the files of a month: its articles, days and indexes; add it to the search."""
        known = {entry.id: entry for entry in entries(self.catalogue.database, ids)}
        sections = self._sections_of(month, {*ids})
        shown_in: dict[str, list[str]] = {}
        for section, members in sections.items():
            for id in members:
                shown_in.setdefault(id, []).append(section)
        pictures: set[str] = set()
        made: set[str] = set()
        for article in self.catalogue.read(ids, self._paths.get):
            text = site_text(article.html)
            picture = ""
            if article.picture:
                picture = article.picture.name
                if picture not in pictures:
                    yield f"a/{month}/{picture}", article.picture.read_bytes()
                    pictures.add(picture)
            yield self._paths[article.id], self._pages.article(article, text, picture)
            entry = _search_entry(article, text.plain, shown_in.get(article.id, []))
            yield from search.add(entry)
            made.add(article.id)
        for id in ids:
            if (
                id not in made
            ):  # no markup could be made of it: links to it lead to a page all the same
                yield self._paths[id], self._pages.missing(known[id])
        yield from self._pages.month(month, [known[id] for id in ids])
        for section, members in sections.items():
            name = section_name(section)
            yield self._pages.section_month(section, name, month, [known[id] for id in members])

    # ---- the frame around them

    def _write_frame(self, ids: Sequence[str], target: ReproducibleZip) -> None:
        known = {entry.id: entry for entry in entries(self.catalogue.database, ids)}
        sections: dict[str, dict[str, list[SiteEntry]]] = {}  # by month, the newest first
        for month in reversed(self._ids):
            for section, members in self._sections_of(month, set(known)).items():
                of_month = [known[id] for id in reversed(members)]
                sections.setdefault(section, {})[month] = of_month
        names = {section: section_name(section) for section in sorted(sections)}
        newest = [known[id] for id in reversed(ids)]
        for name, content in self._pages.frame(newest, sections, names):
            target.add(name, content)
        target.add("search/contents.js", self._contents(names))
        if self.home:
            target.add("home.png", qr_png(self.home))

    def _contents(self, names: Mapping[str, str]) -> str:
        months = {month: part for part, months in self._parts.items() for month in months}
        volumes = {part: self._shards(part) for part in self._parts}
        return contents(volumes, months, names, self._folding)

    def _shards(self, part: str) -> int:
        return shard_count(sum(len(self._ids[month]) for month in self._parts[part]))


def _search_entry(article: ExportArticle, text: str, sections: Sequence[str]) -> SearchEntry:
    around = " ".join(filter(None, (article.lead_caption, *article.tags, article.reporter)))
    whole = "\n".join(filter(None, (text, around)))
    return SearchEntry(article.id, article.title, article.day, tuple(sections), whole)


KIND = SiteExport
