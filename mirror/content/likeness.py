"""How alike two texts are, whatever their titles and markup; and a few numbers by which a text that is
much like another can be found among many without looking at them.

Texts are compared by their shingles: all runs of a few characters (Broder, "On the resemblance and
containment of documents", 1997). Those numbers are made of fewer, those behind frequent words (Theobald et
al., "SpotSigs", 2008), by min-hashing with one permutation and bands (Leskovec et al., "Mining of
Massive Datasets", chapter 3).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from zlib import crc32

# Of 2,903 real articles, the 11 pairs that tell the same story share 0.56 to 0.99 of their shingles, all
# other pairs 0.41 or less.
SAME_STORY = 0.5

_MIN_CHARACTERS = 250  # previews of a program's parts are shorter, and much the same
_SHINGLE_CHARACTERS = 6
_SPOT_RE = re.compile(r"[的一是在不了和有](?=(.{6}))")
_NUMBERS, _HASHES = 8, 4  # of a sketch; that each of them is made of
_BINS = _NUMBERS * _HASHES
# Nearly all do that share 90 % of their shingles, four of five that share 75 %, a third that share 60 %.
MIN_SHARED = 2
_HASH_BITS, _NUMBER_BITS = 32, 63
_MIX = 0x9E3779B97F4A7C15  # an odd number; checksums of like texts are not spread evenly
_TAG_RE, _TARGET_RE, _WORD_RE = map(re.compile, (r"<[^<>]*>", r"\]\([^()]*\)", r"\w+"))


def bare_text(body: str) -> str:
    """Return the letters, characters and digits of HTML or Markdown, without anything between them."""
    text = _TAG_RE.sub("", body)
    return "".join(_WORD_RE.findall(_TARGET_RE.sub("", text) if "](" in text else text))


def sketch(body: str) -> list[int]:
    """Return some numbers of 63 bits of a body, of which bodies of the same story are likely to share
    MIN_SHARED; none if it is too short to tell."""
    text = bare_text(body)
    spots = set(_SPOT_RE.findall(text)) if len(text) >= _MIN_CHARACTERS else ()
    most = (1 << _HASH_BITS) - 1
    numbers = [crc32(spot) * _MIX >> _HASH_BITS & most for spot in map(str.encode, spots)]
    lowest = {number % _BINS: number for number in sorted(numbers, reverse=True)}
    if not lowest:
        return []
    filled = sorted(lowest)  # what stays empty has what is in the next place that is not
    places = [filled[bisect_left(filled, place) % len(filled)] for place in range(_BINS)]
    hashes = [lowest[place] for place in places]
    return [_joined(hashes[n : n + _HASHES], n) for n in range(0, _BINS, _HASHES)]


def _joined(hashes: list[int], start: int) -> int:
    for number in hashes:
        start = (start * _MIX + number) & (1 << _NUMBER_BITS) - 1
    return start


def likeness(body: str, other: str) -> float:
    """Return the share of shingles that two bodies have in common, from 0 to 1; 0 if one of them is too
    short to tell.

    >>> story = "".join(map(chr, range(0x4e00, 0x4f00)))
    >>> likeness(f"<p>{story}</p>", f"<h2>{story[:200]}</h2><p>{story[200:]}"), likeness(story, story[:99])
    (1.0, 0)
    """
    texts = [bare_text(body), bare_text(other)]
    if min(map(len, texts)) < _MIN_CHARACTERS:
        return 0
    one, two = map(_shingles, texts)
    return len(one & two) / len(one | two)


def _shingles(text: str) -> set[str]:
    last = len(text) - _SHINGLE_CHARACTERS + 1
    return {text[start : start + _SHINGLE_CHARACTERS] for start in range(last)}
