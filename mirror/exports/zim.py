"""ZIM, the archive that Kiwix opens and searches without a network; by libzim, which is GPL-3."""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from hashlib import md5, sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import urlsplit

from mirror.config.options import Options
from mirror.errors import ArgumentError
from mirror.exports.contents import Contents, day_name, month_name
from mirror.exports.kinds import Kind, Volume
from mirror.exports.markup import web_address
from mirror.exports.room import check_room, size_of
from mirror.exports.selection import Selection, file_name
from mirror.exports.templating import environment
from mirror.pages.qr import qr_png
from mirror.pages.rendering import section_name

if TYPE_CHECKING:
    from mirror.exports.articles import ExportArticle

_INDEX_LANGUAGE = "zho"  # with "zh" the index leaves words out: 中国, 人权
_UUID_BYTES, _CHECKSUM_BYTES = 16, 16
_UUID_PLACE = 8  # in the header: openzim.org/wiki/ZIM_file_format
_XAPIAN_MAGIC = b"\x0f\x0dXapian Glass"
_XAPIAN_UUID_PLACE = len(_XAPIAN_MAGIC) + 2  # behind the version
_STEP = 1 << 20  # bytes of a file that are read at a time: a large one takes no memory
_BY = {"": 0, "year": len("2021"), "month": len("2021-12")}  # what of a month names an archive
_HOME = "home"
_SCRIPT = "X-Script"  # of an archive in other characters than its source: no mirror comes of it
_MAX_INDEXED_IN_MEMORY = "500"  # articles; with Xapian's 10,000 it takes 700 MB
_ICON_PIXELS = 48
_ROOM = 64_000_000  # bytes on the disk; where a write fails libzim waits for ever, deaf to signals
_INDEX, _INDEX_COPIES = "_fulltext.idx.tmp", 2  # the folder of libzim's index, and what it becomes


class Zim(Kind):
    """One archive of all that is selected, or one for each year or month, by months and sections, with an
    index of every word."""

    name = "zim"
    arguments = ("by",)
    templates = "zim"

    def __init__(self, options: Options, selection: Selection, given: Mapping[str, str]):
        super().__init__(options, selection, given)
        self.by = given.get("by", "")
        if self.by not in _BY:
            raise ArgumentError("by", self.by, f"must be one of {', '.join(filter(None, _BY))}")
        if find_spec("libzim") is None:
            allowed = "needs libzim: pip install -r requirements-exports.txt"
            raise ArgumentError("kind", self.name, allowed)

    def volumes(self) -> list[Volume]:
        """Return the archive, or one for each year or month; those of times without articles are none."""
        found: dict[str, list[str]] = {}
        for month in self.catalogue.months():
            ids = [listed.id for listed in self.catalogue.listed(month)]
            found.setdefault(month[: _BY[self.by]], []).extend(ids)
        return [self._volume(time, ids) for time, ids in found.items() if ids]

    def _volume(self, time: str, ids: list[str]) -> Volume:
        """Return the archive of a year or month, "" for all that is selected."""
        parts = ("news", self.selection.name, self.selection.tag, time or self.selection.span)
        names = (section_name(section) for section in self.selection.sections)
        title = self.selection.tag or "、".join(names) or "新闻"
        return Volume(f"{file_name(*parts)}.zim", self.words(f"{title} {time}".strip()), ids)

    def basis(self, volume: Volume) -> Iterator[object]:
        """Yield what each kind's volumes follow from, and which sections show the articles."""
        yield from super().basis(volume)
        yield self.catalogue.shown_in(volume.ids)

    def write(self, volume: Volume, file: Path) -> None:
        """Write the archive, article by article, then what lists them."""
        from libzim.writer import Creator

        os.environ.setdefault("XAPIAN_FLUSH_THRESHOLD", _MAX_INDEXED_IN_MEMORY)
        creator = (
            Creator(file).config_indexing(True, _INDEX_LANGUAGE).config_nbworkers(1)
        )  # in one order
        creator.set_mainpath(_HOME)
        creator.__enter__()  # not by `with`, which would finish what there is no room for
        _Writer(self, volume, creator, file.parent).write()
        check_room(file.parent, _ROOM + _INDEX_COPIES * size_of(file.with_name(file.name + _INDEX)))
        creator.__exit__(None, None, None)
        _make_reproducible(file)


class _Writer:
    """Puts articles into one archive."""

    def __init__(self, kind: Zim, volume: Volume, creator: Any, folder: Path):
        self.kind, self.volume, self.creator, self.folder = kind, volume, creator, folder
        self.contents = Contents()
        self.fill = environment("zim", kind.script).get_template
        self.shared = {"language": kind.language, "home": kind.home, "name": volume.title}
        self.last_day = ""

    def write(self) -> None:
        self._add("style.css", "", "text/css", self.fill("style.css.j2").render())
        if self.kind.home:
            self._add("home.png", "", "image/png", qr_png(self.kind.home))
        inside = set(self.volume.ids)
        self.shown_in = self.kind.catalogue.shown_in(self.volume.ids)
        months: list[tuple[str, str]] = []
        month = ""
        for article in self.kind.catalogue.read(
            self.volume.ids, lambda id: id if id in inside else None
        ):
            if article.day[:7] != month:
                months += self._month(month)
                month = article.day[:7]
            self._article(article)
        months += self._month(month)
        page = self.fill("home.html.j2").render(**self.shared, months=months[::-1])
        self._add(_HOME, self.volume.title, "text/html", page)
        self._metadata()

    def _month(self, month: str) -> Iterator[tuple[str, str]]:
        """Write the list of a month's articles and forget them; yield its path and name."""
        if not self.contents.count:
            return
        name = month_name(month)
        groups = self.contents.groups()
        page = self.fill("month.html.j2").render(**self.shared, month=name, groups=groups)
        self._add(f"m{month}", name, "text/html", page)
        self.contents = Contents()
        yield f"m{month}", name

    def _article(self, article: ExportArticle) -> None:
        check_room(self.folder, _ROOM)
        self.contents.add(article, day_name(article.day))
        self.last_day = max(self.last_day, article.day)
        picture = self._picture(article)
        page = self.fill("article.html.j2").render(
            **self.shared,
            article=article,
            facts=_facts(article, self.shown_in.get(article.id, [])),
            picture=picture,
            month=f"m{article.day[:7]}",
            lead_address=web_address(article.lead_image),
        )
        self._add(article.id, article.title, "text/html", page, is_front=True)
        original = urlsplit(article.url).path.strip("/")
        if original and original != article.id:  # who has an address finds what it is of
            self.creator.add_redirection(original, article.title, article.id, {})

    def _picture(self, article: ExportArticle) -> str:
        """Add an article's lead picture, if there is one; return its path."""
        try:
            content = article.picture.read_bytes() if article.picture else b""
        except FileNotFoundError:  # taken away meanwhile
            content = b""
        if not content:
            return ""
        self._add(f"{article.id}.webp", "", "image/webp", content)
        return f"{article.id}.webp"

    def _add(
        self, path: str, title: str, kind: str, content: str | bytes, *, is_front: bool = False
    ) -> None:
        self.creator.add_item(_item(path, title, kind, content, is_front))

    def _metadata(self) -> None:
        values = {
            "Name": f"news_{_INDEX_LANGUAGE}_{Path(self.volume.path).stem.removeprefix('news-')}",
            "Title": self.volume.title[:30],
            "Description": f"{self.volume.title}：{len(self.volume.ids)}篇"[:80],
            "Creator": "mirror",
            "Publisher": "mirror",
            "Language": _INDEX_LANGUAGE,
            "Date": self.last_day,
            **({_SCRIPT: self.kind.script} if self.kind.script else {}),
        }
        for name, value in values.items():
            self.creator.add_metadata(name, value)
        self.creator.add_illustration(_ICON_PIXELS, _icon())


def _facts(article: ExportArticle, sections: Sequence[str]) -> str:
    """Return what of an article its page does not show, so that scrapy adopt makes it whole again."""
    names = ("url", "title", "section", "lead_image", "lead_alt", "lead_caption")
    values = {name: getattr(article, name) for name in (*names, "reporter", "editor", "tags")}
    values |= {"sections": sections, "published": article.published.isoformat()}
    values["updated"] = article.updated.isoformat() if article.updated else None
    values["removed"] = article.removed
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _item(path: str, title: str, kind: str, content: str | bytes, is_front: bool) -> Any:
    """Return what libzim takes for a file of an archive."""
    from libzim.writer import Hint, Item, StringProvider

    class Content(Item):  # type: ignore[misc]
        def get_path(self) -> str:
            return path

        def get_title(self) -> str:
            return title

        def get_mimetype(self) -> str:
            return kind

        def get_contentprovider(self) -> Any:
            return StringProvider(content)

        def get_hints(self) -> Any:
            return {Hint.FRONT_ARTICLE: is_front}

    return Content()


def _make_reproducible(file: Path) -> None:
    """Put what follows from the content in place of the random identifiers of an archive and of its
    indexes, and sum it up anew."""
    with file.open("r+b") as content:
        places = [_UUID_PLACE]
        places += (found + _XAPIAN_UUID_PLACE for found in _found(content, _XAPIAN_MAGIC))
        end = content.seek(0, os.SEEK_END) - _CHECKSUM_BYTES
        _put(content, bytes(_UUID_BYTES), places)
        identifier = _hash(sha256(), content, end)[:_UUID_BYTES]
        _put(content, identifier, places)
        _put(content, _hash(md5(usedforsecurity=False), content, end), [end])


def _found(content: BinaryIO, words: bytes) -> Iterator[int]:
    """Yield where some bytes stand in a file."""
    start, part = 0, b""
    while more := content.read(_STEP):
        part += more
        at = part.find(words)
        while at >= 0:
            yield start + at
            at = part.find(words, at + 1)
        start += max(0, len(part) - len(words) + 1)
        part = part[-len(words) + 1 :]


def _put(content: BinaryIO, words: bytes, places: Sequence[int]) -> None:
    for place in places:
        content.seek(place)
        content.write(words)


def _hash(found: Any, content: BinaryIO, end: int) -> bytes:
    """Return the hash of a file up to an end."""
    content.seek(0)
    for start in range(0, end, _STEP):
        found.update(content.read(min(_STEP, end - start)))
    digest: bytes = found.digest()
    return digest


def _icon() -> bytes:
    """Return a PNG of 48 by 48 grey pixels: a sheet with a headline and lines."""
    side, white, black = _ICON_PIXELS, b"\xff", b"\x00"
    blank = white * side
    line = white * 10 + black * 28 + white * 10
    rows = [
        line if y in (10, 11, 12, 13) or (y > 17 and y % 5 < 2 and y < 42) else blank
        for y in range(side)
    ]
    data = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(part)) + kind + part + struct.pack(">I", zlib.crc32(kind + part))
        for kind, part in chunks
    )


KIND = Zim
