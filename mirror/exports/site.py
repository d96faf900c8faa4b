"""The reader's site: all articles as pages that need no server, with a search, in one zip or some."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

from mirror.config.themes import template_files
from mirror.errors import ArgumentError
from mirror.exports.kinds import Kind, Volume
from mirror.exports.selection import file_name
from mirror.exports.site_entries import SiteEntry, entries
from mirror.exports.site_index import SearchIndex, sections_file, shard_count
from mirror.exports.site_markup import site_text
from mirror.exports.site_pages import TEMPLATES, SitePages, article_path
from mirror.exports.site_texts import (
    TEXTS,
    Folding,
    SearchEntry,
    TextFiles,
    contents,
    read_texts,
    read_variants,
)
from mirror.exports.zips import ReproducibleZip
from mirror.pages.qr import qr_png
from mirror.pages.rendering import section_name

if TYPE_CHECKING:
    from mirror.config.options import Options
    from mirror.exports.articles import ExportArticle
    from mirror.exports.selection import Selection

_SPLITS = ("none", "months")
_FRAME = "frame"  # of a site in parts: home, sections, tags, and what the search begins with
_SEARCH = "search"  # of a site in parts: the index of one volume


class SiteExport(Kind):
    """A site of parts: the years before the newest one, and the months of that; each part has its own
    pages, which stay as they are when it is over. The search has three volumes at most, so that it needs
    few files: those years, the months of the newest year that are over, and the newest month; the years
    are taken together with the months as long as they have fewer articles.
    With split=months each part, and each volume but the newest, is its own zip."""

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
        if not self._ids:
            return []
        if self.split == "none":
            return [self._whole()]
        return [
            *(Volume(self._zip(part), part, self._in(self._parts[part])) for part in self._parts),
            *(Volume(self._zip(name), name, ()) for name in self._searches if name != _FRAME),
            Volume(self._zip(_FRAME), _FRAME, ()),
        ]

    def sample(self, volumes: list[Volume]) -> Volume:
        """Return the one zip of all: an article costs about the same in parts."""
        return self._whole()

    def _whole(self) -> Volume:
        return Volume(f"{self._name}.zip", "", self._in(self._ids))

    def basis(self, volume: Volume) -> Iterator[object]:
        """Yield what each kind's volumes follow from, and which sections show the articles."""
        of_volume = {**self._parts, **self._searches, "": [*self._ids], _FRAME: [*self._ids]}
        months = of_volume[volume.title]
        whole = replace(volume, ids=volume.ids or self._in(months))
        yield from super().basis(whole)
        ids = {*whole.ids}
        for month in months:
            yield self._sections_of(month, ids)

    def write(self, volume: Volume, file: Path) -> None:
        """Write one zip; what is oldest comes first, so that what changes most often is at the end."""
        ids = {*volume.ids}
        with ReproducibleZip(file) as target:
            if volume.title in self._parts:
                for month in self._parts[volume.title]:
                    self._write_month(month, ids, target, lambda entry: None)
            elif volume.title:
                self._write_index(volume.title, target)
                if volume.title == _FRAME:
                    self._write_frame(self._in(self._ids), target)
            else:
                for name, months in self._searches.items():
                    count = sum(id in ids for id in self._in(months))
                    index = self._index(name, count, file.parent)
                    for month in months:
                        self._write_month(month, ids, target, index.add)
                    _add_all(index.files(), target)
                self._write_frame(volume.ids, target)

    # ---- what there is

    @cached_property
    def _ids(self) -> dict[str, list[str]]:
        """The articles of each month that has some, the oldest first."""
        months = self.catalogue.months()
        found = ((month, self.catalogue.listed(month)) for month in months)
        return {month: [entry.id for entry in listed] for month, listed in found if listed}

    def _in(self, months: Iterable[str]) -> list[str]:
        return [id for month in months for id in self._ids[month]]

    @cached_property
    def _name(self) -> str:
        chosen = self.selection
        return file_name(chosen.tag, chosen.name, chosen.span)

    def _zip(self, name: str) -> str:
        return f"{self._name}/{name}.zip"

    @cached_property
    def _parts(self) -> dict[str, list[str]]:
        """The months of each part, the oldest first."""
        newest = max(self._ids, default="")[:4]
        by_part = groupby(self._ids, lambda month: month if month[:4] == newest else month[:4])
        return {part: list(months) for part, months in by_part}

    @cached_property
    def _searches(self) -> dict[str, list[str]]:
        """The months of each volume of the search, by the name of its zip, the oldest first."""
        *over, newest = self._ids
        years = [month for month in over if month[:4] != newest[:4]]
        months = over[len(years) :]
        if len(self._in(years)) < len(self._in(months)):
            years, months = [], over
        volumes = {f"{_SEARCH}-years": years, f"{_SEARCH}-months": months, _FRAME: [newest]}
        return {name: months for name, months in volumes.items() if months}

    @cached_property
    def _paths(self) -> dict[str, str]:
        return {id: article_path(id, month) for month, ids in self._ids.items() for id in ids}

    @cached_property
    def _pages(self) -> SitePages:
        return SitePages(self.home, self.script)

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

    def _write_month(
        self,
        month: str,
        ids: set[str],
        target: ReproducibleZip,
        note: Callable[[SearchEntry], None],
    ) -> None:
        """Write the files of a month: its articles, their texts, days and indexes."""
        there = [id for id in self._ids[month] if id in ids]
        known = {entry.id: entry for entry in entries(self.catalogue.database, there, self.script)}
        sections = self._sections_of(month, ids)
        shown_in = _turned_round(sections)
        texts = TextFiles(month)
        pictures: set[str] = set()
        articles = self.catalogue.read(there, self._paths.get)
        article = next(articles, None)
        for id in there:
            if article and article.id == id:
                text = site_text(article.html)
                picture = self._picture(article, month, pictures, target)
                target.add(self._paths[id], self._pages.article(article, text, picture))
                plain = _searched(article, text.plain)
                article = next(articles, None)
            else:  # no markup could be made of it: links to it lead to a page all the same
                target.add(self._paths[id], self._pages.missing(known[id]))
                plain = ""
            row = SearchEntry(
                id, known[id].title, known[id].day, tuple(shown_in.get(id, ())), plain
            )
            note(row)
            _add_all(texts.add(row), target)
        _add_all(texts.end(), target)
        _add_all(self._pages.month(month, [known[id] for id in there]), target)
        for section, members in sections.items():
            listed = [known[id] for id in members]
            name = self.words(section_name(section))
            target.add(*self._pages.section_month(section, name, month, listed))

    def _picture(
        self, article: ExportArticle, month: str, there: set[str], target: ReproducibleZip
    ) -> str:
        """Add an article's picture, if it has one that is not there; return its name."""
        if not article.picture:
            return ""
        name = article.picture.name
        if name not in there:
            target.store(f"a/{month}/{name}", article.picture.read_bytes())
            there.add(name)
        return name

    def _write_index(self, name: str, target: ReproducibleZip) -> None:
        """Write the index of a volume, from the texts in the zips of its parts."""
        months = self._searches[name]
        index = self._index(name, len(self._in(months)), self.folder)
        for part, members in self._parts.items():
            if members[0] in months:  # and so are the others
                for entry in self._texts(part):
                    index.add(entry)
        _add_all(index.files(), target)

    def _texts(self, part: str) -> Iterator[SearchEntry]:
        with ZipFile(self.folder / self._zip(part)) as written:
            for name in written.namelist():  # in their order
                if name.startswith(TEXTS):
                    yield from read_texts(written.read(name).decode())

    def _index(self, name: str, articles: int, folder: Path) -> SearchIndex:
        return SearchIndex(self._searches[name][-1], articles, self._folding, folder)

    # ---- the frame around them

    def _write_frame(self, ids: Sequence[str], target: ReproducibleZip) -> None:
        known = {entry.id: entry for entry in entries(self.catalogue.database, ids, self.script)}
        there = {*known}
        sections: dict[str, dict[str, list[SiteEntry]]] = {}  # by month, the newest first
        for month in reversed(self._ids):
            for section, members in self._sections_of(month, there).items():
                of_month = [known[id] for id in reversed(members)]
                sections.setdefault(section, {})[month] = of_month
        names = {section: self.words(section_name(section)) for section in sorted(sections)}
        newest = [known[id] for id in reversed(ids)]
        _add_all(self._pages.frame(newest, sections, names), target)
        target.add("search/contents.js", self._contents(known, names))
        shown_in = _turned_round(
            {s: [e.id for of in months.values() for e in of] for s, months in sections.items()}
        )
        target.add(*sections_file(shown_in.get(id, ()) for id in ids))
        if self.home:
            target.add("home.png", qr_png(self.home))

    def _contents(self, known: Mapping[str, SiteEntry], names: Mapping[str, str]) -> str:
        volumes, days = {}, []
        for months in self._searches.values():
            there = [known[id].day for id in self._in(months) if id in known]
            volumes[months[-1]] = shard_count(len(there))
            days += [(months[-1], day) for day in there]
        return contents(volumes, days, names, self._folding)


def _turned_round(sections: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return the sections of each article from the articles of each section."""
    found: dict[str, list[str]] = {}
    for section, ids in sections.items():
        for id in ids:
            found.setdefault(id, []).append(section)
    return found


def _searched(article: ExportArticle, text: str) -> str:
    """Return what of an article is searched beside its title."""
    around = " ".join(filter(None, (article.lead_caption, *article.tags, article.reporter)))
    return "\n".join(filter(None, (text, around)))


def _add_all(files: Iterable[tuple[str, str]], target: ReproducibleZip) -> None:
    for name, content in files:
        target.add(name, content)


KIND = SiteExport
