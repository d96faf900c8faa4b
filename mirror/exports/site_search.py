"""The search of the reader's site: which articles hold which pairs of characters, in files that a page
can load by itself from a disk.

Texts are folded (width, case, Traditional to Simplified) and cut at what is neither letter nor digit;
of the rest, each two neighbouring characters are noted, and the last one alone. A volume (a month or a
year) has its own files, which stay as they are when it is over:

    docs.js     the articles, the oldest first: id, title, day, sections; their places are their numbers
    0.js ...    shards: the pairs that begin with some characters; each with the numbers of its articles
    text/*.js   what is shown around a hit, and what decides whether a text holds a phrase

`search.js` in templates/site reads them.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

_ARTICLES_PER_SHARD = 48  # on average: some 100 kB, zipped 70 kB
_TEXTS_PER_FILE = 16  # articles
_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_SOURCE = "// variants: from OpenCC, https://github.com/BYVoid/OpenCC, Apache License 2.0\n"
_LAST = "."  # in a shard, after the last character of a word
_MORE = 32  # of a digit: another one follows


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


def shard_count(articles: int) -> int:
    """Return how many shards a volume of some articles has."""
    return -(-articles // _ARTICLES_PER_SHARD)


def read_variants(text: str) -> list[str]:
    """Return the pairs of a file of variants: parted by white space, lines with # left out."""
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return [pair for line in lines for pair in line.split()]


def pairs(folded: str) -> set[str]:
    """Return what of a folded text is noted: each two neighbours, and each last one alone.

    >>> sorted(pairs("ab 国家法"))
    ['ab', 'b', '国家', '家法', '法']
    """
    found: set[str] = set()
    for word in folded.split():
        found.update(map(str.__add__, word, word[1:]))
        found.add(word[-1])
    return found


class SearchVolume:
    """The search of one volume, in some shards; articles are added in the order of their months."""

    def __init__(self, name: str, shards: int, folding: Folding):
        self.name = name
        self.shards = shards
        self.folding = folding
        self._docs: list[SearchEntry] = []
        self._places: dict[str, _Places] = {}
        self._texts: list[str] = []  # of the month that is being added
        self._month = ""
        self._text_files = 0  # of that month

    def add(self, entry: SearchEntry) -> Iterator[tuple[str, str]]:
        """Note an article, and yield the files of texts that are complete by that: names and contents."""
        month = entry.day[:7]
        if month != self._month:
            yield from self._text_file()
            self._month, self._text_files = month, 0
        elif len(self._texts) == _TEXTS_PER_FILE:
            yield from self._text_file()
        number = len(self._docs)
        self._docs.append(SearchEntry(entry.id, entry.title, entry.day, entry.sections, ""))
        self._texts.append(entry.text)
        for pair in pairs(self.folding(f"{entry.title}\n{entry.text}")):
            places = self._places.get(pair) or self._places.setdefault(pair, _Places())
            places.add(number)

    def files(self) -> Iterator[tuple[str, str]]:
        """Yield the names and contents of all other files. To be called when all articles are added."""
        yield from self._text_file()
        docs = [[d.id, d.title, d.day, " ".join(d.sections)] for d in self._docs]
        yield f"search/{self.name}/docs.js", _call("docs", self.name, docs)
        by_shard: list[list[str]] = [[] for _ in range(self.shards)]
        for pair in sorted(self._places):
            by_shard[ord(pair[0]) % self.shards].append(pair)
        for number, chosen in enumerate(by_shard):
            content = _call("shard", self.name, number, self._shard(chosen))
            yield f"search/{self.name}/{number}.js", content

    def _text_file(self) -> Iterator[tuple[str, str]]:
        if self._texts:
            name = f"{self._month}-{self._text_files}"
            yield f"search/text/{name}.js", _call("texts", name, self._texts)
            self._text_files += 1
            self._texts.clear()

    def _shard(self, chosen: Sequence[str]) -> dict[str, str]:
        """Return some pairs: by the first character, a text of each second one and its places."""
        found: dict[str, list[str]] = {}
        for pair in chosen:
            places = self._places[pair].digits.decode("ascii")
            found.setdefault(pair[0], []).append((pair[1:] or _LAST) + places)
        return {first: " ".join(texts) for first, texts in found.items()}


class _Places:
    """Growing numbers, as the distances between them in digits of five bits, the highest first."""

    __slots__ = ("digits", "last")

    def __init__(self) -> None:
        self.digits = bytearray()
        self.last = -1

    def add(self, number: int) -> None:
        distance = number - self.last - 1
        self.last = number
        if distance >= _MORE:
            self.digits += _high_digits(distance)
        self.digits.append(_LOW[distance % _MORE])


def _high_digits(distance: int) -> bytes:
    digits = []
    while distance := distance // _MORE:
        digits.append(_HIGH[distance % _MORE])
    return bytes(reversed(digits))


_LOW, _HIGH = _DIGITS[:_MORE].encode(), _DIGITS[_MORE:].encode()


def contents(
    volumes: Mapping[str, int],
    months: Mapping[str, str],
    sections: Mapping[str, str],
    folding: Folding,
) -> str:
    """Return the file that a search begins with: the volumes, each with its number of shards; the
    volume of each month; the names of sections by id; and the variants."""
    table = "".join(sorted(a + b for a, b in folding.variants.items()))
    values = {"volumes": volumes, "months": months, "sections": sections, "variants": table}
    return _SOURCE + _call("contents", values)


def _call(name: str, *values: object) -> str:
    """Return a script that hands values over to the page that loads it."""
    text = ",".join(json.dumps(v, ensure_ascii=False, separators=(",", ":")) for v in values)
    text = text.replace("\u2028", "\\u2028").replace(
        "\u2029", "\\u2029"
    )  # ends of lines in scripts
    return f"mirrorSearch.{name}({text});\n"
