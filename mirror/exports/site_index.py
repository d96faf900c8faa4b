"""The index of the search of the reader's site: which articles hold which pairs of neighbouring characters.

A volume's articles are numbered in the order of their publication. For each pair there is a text of
digits, the distances between the numbers of its articles. Titles are noted once more by themselves, as
what is found in them comes first. Pairs are shared out over files, the shards; `search.js` in
templates/site knows how.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

from mirror.exports.site_texts import script

if TYPE_CHECKING:
    from mirror.exports.site_texts import Folding, SearchEntry

_ARTICLES_PER_SHARD = 48  # on average: some 100 kB, zipped 70 kB
_SHARDS_PER_PLACE = 64  # of so many, what begins with one character is in one shard
_ARTICLES_IN_MEMORY = 2_000
_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_LAST = "."  # in a shard, after the last character of a word
_TITLE = "+"  # in a shard, before the first character: of titles
_MORE = 32  # of a digit: another one follows

File = tuple[str, str]  # its path in the site, its content


def shard_count(articles: int) -> int:
    """Return how many shards a volume of some articles has."""
    return -(-articles // _ARTICLES_PER_SHARD)


def shard_of(pair: str, shards: int) -> int:
    """Return the shard of a pair, or of a last character: in a small volume the first character alone
    says it, in a large one, where that would give large shards, the second one has a part in it."""
    spread = max(1, shards // _SHARDS_PER_PLACE)
    return (ord(pair[0]) * spread + ord(pair[1:] or "\0") % spread) % shards


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


class SearchIndex:
    """The index of one volume. Articles are added in the order of their publication; what they hold is
    kept in a file in a folder, some thousand articles at a time."""

    def __init__(self, name: str, articles: int, folding: Folding, folder: Path):
        self.name = name
        self.shards = shard_count(articles)
        self.folding = folding
        self.folder = folder
        self._count = 0
        self._places: dict[str, _Places] = {}
        self._runs: list[_Run] = []
        self._files = ExitStack()

    def add(self, entry: SearchEntry) -> None:
        """Note an article. Raises OSError."""
        in_title = pairs(self.folding(entry.title))
        everywhere = pairs(self.folding(entry.text)) | in_title
        for key in (*everywhere, *(_TITLE + pair for pair in in_title)):
            places = self._places.get(key) or self._places.setdefault(key, _Places(self._count))
            places.add(self._count)
        self._count += 1
        if self._count % _ARTICLES_IN_MEMORY == 0:
            self._set_down()

    def files(self) -> Iterator[File]:
        """Yield the shards; to be called once, when all articles are added. Raises OSError."""
        self._set_down()
        for number in range(self.shards):
            shard: dict[str, _Places] = {}
            for run in self._runs:
                for key, places in run.shard(number):
                    shard.setdefault(key, _Places(-1)).join(places)
            content = script("shard", f"{self.name}/{number}", _packed(shard))
            yield f"search/{self.name}/{number}.js", content
        self._files.close()

    def _set_down(self) -> None:
        if self._places:
            file: IO[bytes] = TemporaryFile(dir=self.folder)  # noqa: SIM115  # closed with the others
            self._runs.append(_Run(self._places, self.shards, self._files.enter_context(file)))
            self._places = {}


def _packed(shard: dict[str, _Places]) -> dict[str, str]:
    """Return some pairs: by the first character, a text of each second one and its places."""
    found: dict[str, list[str]] = {}
    for key in sorted(shard):
        end = 2 if key[0] == _TITLE else 1
        places = shard[key].digits.decode("ascii")
        found.setdefault(key[:end], []).append((key[end:] or _LAST) + places)
    return {first: " ".join(texts) for first, texts in found.items()}


class _Places:
    """Growing numbers, as the distances between them in digits of five bits, the highest first.

    `first` is that of the numbers that are there, -1 if there are none yet to count from.
    """

    __slots__ = ("digits", "first", "last")

    def __init__(self, first: int):
        self.first = first
        self.last = first if first >= 0 else -1
        self.digits = bytearray()

    def add(self, number: int) -> None:
        if number > self.last:
            self.digits += _digits(number - self.last - 1)
            self.last = number

    def join(self, later: _Places) -> None:
        """Add numbers that are all higher."""
        self.add(later.first)
        self.digits += later.digits
        self.last = later.last


def _digits(distance: int) -> bytes:
    if distance < _MORE:
        return _LOW[distance]
    high = []
    rest = distance
    while rest := rest // _MORE:
        high.append(_HIGH[rest % _MORE])
    return bytes(reversed(high)) + _LOW[distance % _MORE]


_LOW = [digit.encode() for digit in _DIGITS[:_MORE]]
_HIGH = _DIGITS[_MORE:].encode()


class _Run:
    """The pairs of some thousand articles in a file, shard by shard."""

    def __init__(self, places: dict[str, _Places], shards: int, file: IO[bytes]):
        by_shard: list[list[str]] = [[] for _ in range(shards)]
        for key in places:
            by_shard[shard_of(key.removeprefix(_TITLE), shards)].append(key)
        self.file = file
        self.starts = [0]
        for keys in by_shard:
            for key in keys:
                found = places[key]
                digits = found.digits.decode("ascii")
                self.file.write(f"{key} {found.first} {found.last} {digits}\n".encode())
            self.starts.append(self.file.tell())

    def shard(self, number: int) -> Iterator[tuple[str, _Places]]:
        """Yield the pairs of a shard."""
        self.file.seek(self.starts[number])
        rows = self.file.read(self.starts[number + 1] - self.starts[number])
        for row in rows.decode().splitlines():
            key, first, last, digits = row.split(" ")
            places = _Places(int(first))
            places.last = int(last)
            places.digits += digits.encode()
            yield key, places


def sections_file(shown_in: Iterable[Sequence[str]]) -> File:
    """Return the file that says which articles each section shows; articles come in the order of their
    publication, from all volumes, each as its sections."""
    found: dict[str, _Places] = {}
    for number, sections in enumerate(shown_in):
        for section in sections:
            found.setdefault(section, _Places(-1)).add(number)
    places = {section: found[section].digits.decode("ascii") for section in sorted(found)}
    return "search/sections.js", script("sections", "", places)
