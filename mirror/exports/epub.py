"""EPUB 3: a book for each month of a section, a paper for each day, or a book of a topic."""

from __future__ import annotations

from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from importlib.util import find_spec
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from mirror.config.options import Options
from mirror.errors import ArgumentError
from mirror.exports.articles import ExportArticle, Listed
from mirror.exports.contents import Contents, day_name, month_name
from mirror.exports.kinds import Kind, Volume
from mirror.exports.markup import web_address
from mirror.exports.selection import Selection, file_name
from mirror.exports.templating import environment
from mirror.exports.zips import ReproducibleZip
from mirror.pages.qr import qr_png
from mirror.pages.rendering import section_name
from mirror.pictures.jpegs import as_jpeg

_FOLDER = "EPUB"
_BY = ("month", "day")
_PICTURES = {"webp": "image/webp", "jpeg": "image/jpeg"}  # endings and types of files


class Epub(Kind):
    """Books by months of sections, by days with contents by section, or of one tag."""

    name = "epub"
    arguments = ("by", "pictures", "max_bytes")
    templates = "epub"

    def __init__(self, options: Options, selection: Selection, given: Mapping[str, str]):
        super().__init__(options, selection, given)
        self.by = given.get("by", "month")
        if self.by not in _BY:
            raise ArgumentError("by", self.by, f"must be one of {', '.join(_BY)}")
        if self.by != "month" and selection.tag:
            raise ArgumentError("by", self.by, "a book of a tag is one book")
        self.pictures = given.get("pictures", "webp")
        if self.pictures not in _PICTURES:
            raise ArgumentError("pictures", self.pictures, f"must be one of {', '.join(_PICTURES)}")
        if self.pictures == "jpeg" and find_spec("PIL") is None:
            allowed = "needs Pillow: pip install -r requirements-pictures.txt"
            raise ArgumentError("pictures", self.pictures, allowed)
        size = given.get("max_bytes", "")
        if size and not (size.isascii() and size.isdecimal()):
            raise ArgumentError("max_bytes", size, "must be a whole number of bytes")
        self.max_bytes = int(size) if size else None
        self.qr = qr_png(self.home) if self.home else b""

    def volumes(self) -> list[Volume]:
        """Return the books. Months are whole ones, whichever of their days were asked for."""
        if self.selection.tag:
            return [volume for volume in [self._topic()] if volume.ids]
        return list(self._days() if self.by == "day" else self._months())

    def _months(self) -> Iterator[Volume]:
        for section in self.catalogue.sections():
            for month in self.catalogue.months(section):
                ids = [listed.id for listed in self.catalogue.whole_month(month, section)]
                title = self.words(f"{section_name(section)} {month_name(month)}")
                yield Volume(f"{section}-{month}.epub", title, ids)

    def _days(self) -> Iterator[Volume]:
        for month in self.catalogue.months():
            days: dict[str, list[Listed]] = defaultdict(list)
            for listed in self.catalogue.listed(month):
                days[listed.day].append(listed)
            for day, found in days.items():
                found.sort(key=lambda listed: section_name(listed.section))
                ids = [listed.id for listed in found]
                path = f"{file_name(self.selection.name)}-{day}.epub"
                yield Volume(path, self.words(f"新闻 {day_name(day)}"), ids)

    def _topic(self) -> Volume:
        tag = self.selection.tag
        months = self.catalogue.months()
        ids = [listed.id for month in months for listed in self.catalogue.listed(month)]
        parts = ("topic", tag, *self.selection.sections, self.selection.span)
        return Volume(f"{file_name(*parts)}.epub", self.words(tag), ids)

    def write(self, volume: Volume, file: Path) -> None:
        """Write a book: chapters as they come, then what lists them."""
        with ReproducibleZip(file) as book:
            _Book(self, volume, book).write()


class _Book:
    """One book that is being written."""

    def __init__(self, kind: Epub, volume: Volume, book: ReproducibleZip):
        self.kind, self.volume, self.book = kind, volume, book
        self.contents = Contents()
        self.pictures: list[str] = []  # their names
        self.newest: datetime | None = None
        self.size = 0
        self.fill = environment("epub", kind.script).get_template
        self.shared = {"title": volume.title, "language": kind.language, "home": kind.home}

    def write(self) -> None:
        self.book.store("mimetype", "application/epub+zip")
        self.book.add("META-INF/container.xml", self.fill("container.xml.j2").render())
        self._add("style.css")
        if self.kind.qr:
            self.book.store(f"{_FOLDER}/home.png", self.kind.qr)
        inside = set(self.volume.ids)
        for article in self.kind.catalogue.read(
            self.volume.ids, lambda id: f"{id}.xhtml" if id in inside else None
        ):
            self._chapter(article)
        days = self.contents.days()
        self._add("cover.xhtml", days=days, count=self.contents.count)
        qr = b64encode(self.kind.qr).decode()
        self._add("cover.svg", qr=qr, days=days, count=self.contents.count)
        groups = self.contents.groups()
        self._add("nav.xhtml", groups=groups)
        name = ("epub", self.kind.script, self.volume.path)
        identifier = uuid5(NAMESPACE_URL, "/".join(filter(None, name))).urn
        self._add("toc.ncx", groups=groups, identifier=identifier)
        self._add("package.opf", **self._package(identifier))

    def _package(self, identifier: str) -> dict[str, object]:
        return {
            "identifier": identifier,
            "entries": self.contents.entries,
            "pictures": self.pictures,
            "picture_type": _PICTURES[self.kind.pictures],
            "modified": f"{self.newest or datetime(1980, 1, 1):%Y-%m-%dT%H:%M:%SZ}",
        }

    def _add(self, name: str, **values: object) -> None:
        self.book.add(f"{_FOLDER}/{name}", self.fill(f"{name}.j2").render(**self.shared, **values))

    def _chapter(self, article: ExportArticle) -> None:
        by_section = self.kind.by == "day"
        self.contents.add(article, article.section_name if by_section else day_name(article.day))
        time = article.published.astimezone(timezone.utc)
        self.newest = max(self.newest or time, time)
        picture = self._picture(article)
        chapter = self.fill("chapter.xhtml.j2").render(
            **self.shared,
            article=article,
            picture=picture,
            original=web_address(article.url),
            lead_address=web_address(article.lead_image),
        )
        self.size += len(chapter)
        self.book.add(f"{_FOLDER}/{article.id}.xhtml", chapter)

    def _picture(self, article: ExportArticle) -> str:
        """Put an article's lead picture into the book if there is room for it; return its name."""
        if article.picture is None:
            return ""
        try:
            content = article.picture.read_bytes()
        except FileNotFoundError:  # taken away meanwhile
            return ""
        if self.kind.pictures == "jpeg":
            content = as_jpeg(content)
        if self.kind.max_bytes is not None and self.size + len(content) > self.kind.max_bytes:
            return ""
        self.size += len(content)
        name = f"{article.id}.{self.kind.pictures}"
        self.book.store(f"{_FOLDER}/{name}", content)
        self.pictures.append(name)
        return name


KIND = Epub
