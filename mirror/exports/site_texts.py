"""What the search of the reader's site reads, in files that a page can load by itself from a disk.

Texts are folded (width, case, Traditional to Simplified) and cut at what is neither letter nor digit.

    contents.js  the volumes of the index, and how many articles each day of their months has
    VOLUME/*.js  the index, see site_index.py
    text/*.js    articles, the oldest first: what is shown of hits, and what decides whether a text holds
                 a phrase
    sections.js  which articles each section shows

`search.js` in templates/site reads them.
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

TEXTS = "search/text/"  # the folder
_TEXTS_PER_FILE = 16  # articles
_SOURCE = "// variants: from OpenCC, https://github.com/BYVoid/OpenCC, Apache License 2.0\n"
_CALL = "mirrorSearch."

File = tuple[str, str]  # its path in the site, its content


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """What is known of an article for searching it."""

    id: str
    title: str
    day: str  # as 2021-12-29
    sections: tuple[str, ...]
    text: str


class Folding:
    """Makes texts alike that a reader takes for the same; `variants` has pairs of characters, a
    Traditional one before its Simplified form."""

    def __init__(self, variants: Iterable[str]):
        self.variants = {pair[0]: pair[1] for pair in variants}
        self._table = _FoldingTable(self.variants)

    def __call__(self, text: str) -> str:
        """Return a text folded, with a space for whatever is neither letter nor digit."""
        return text.translate(self._table)


class _FoldingTable(dict[int, str]):
    """What each character is folded to, found when it is met for the first time."""

    def __init__(self, variants: Mapping[str, str]):
        super().__init__()
        self.variants = variants

    def __missing__(self, code: int) -> str:
        whole = unicodedata.normalize("NFKC", chr(code)).lower()
        folded = "".join(self.variants.get(c, c) if c.isalnum() else " " for c in whole)
        return self.setdefault(code, folded)


def read_variants(text: str) -> list[str]:
    """Return the pairs of a file of variants: parted by white space, lines with # left out."""
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return [pair for line in lines for pair in line.split()]


class TextFiles:
    """The texts of a month's articles, some in each file; `number` is that of the next file."""

    def __init__(self, month: str):
        self.month = month
        self.number = 0
        self._rows: list[Sequence[str]] = []

    def add(self, entry: SearchEntry) -> Iterator[File]:
        """Add an article, and yield the file that is complete by that, if one is."""
        sections = " ".join(entry.sections)
        self._rows.append((entry.id, entry.title, entry.day, sections, entry.text))
        if len(self._rows) == _TEXTS_PER_FILE:
            yield from self.end()

    def end(self) -> Iterator[File]:
        """Yield the file of what is left. To be called when all articles of the month are added."""
        if self._rows:
            name = f"{self.month}-{self.number}"
            yield f"{TEXTS}{name}.js", script("texts", name, self._rows)
            self.number += 1
            self._rows.clear()


def read_texts(content: str) -> Iterator[SearchEntry]:
    """Yield the articles of a file of texts."""
    values = content.removeprefix(f"{_CALL}texts(").removesuffix(");\n")
    _, rows = json.loads(f"[{values}]")
    for id, title, day, sections, text in rows:
        yield SearchEntry(id, title, day, tuple(sections.split()), text)


def contents(
    volumes: Mapping[str, int],
    days: Sequence[tuple[str, str]],
    sections: Mapping[str, str],
    folding: Folding,
) -> str:
    """Return the file that a search begins with: the volumes, the oldest first, each with its number of
    shards; of each month its volume and the number of articles of each day, from `days`, a volume
    and a day for each article; the names of sections by id; and the variants."""
    months: dict[str, tuple[str, list[int]]] = {}
    for (volume, day), count in Counter(days).items():
        _, counts = months.setdefault(day[:7], (volume, [0] * 31))
        counts[int(day[8:]) - 1] = count
    table = "".join(sorted(a + b for a, b in folding.variants.items()))
    values = {"volumes": volumes, "months": months, "sections": sections, "variants": table}
    return _SOURCE + script("contents", values)


def script(name: str, *values: object) -> str:
    """Return a script that hands values over to the page that loads it."""
    text = ",".join(json.dumps(v, ensure_ascii=False, separators=(",", ":")) for v in values)
    text = text.replace("\u2028", "\\u2028").replace(
        "\u2029", "\\u2029"
    )  # ends of lines in scripts
    return f"{_CALL}{name}({text});\n"
