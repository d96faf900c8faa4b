"""Pictures as pages have them: loaded late, in several sizes, in place of others, and what is none."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from mirror.content.hidden import is_invisible
from mirror.content.links import absolute_url
from mirror.content.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

PICTURES = frozenset(("img", "image", "amp-img", "amp-anim"))
_MAX_WIDTH_PIXELS = 1000  # GitHub shows a page no wider
_ADDRESSES = ("data-src", "data-original", "data-lazy-src", "src")  # the late one comes first
_ADDRESS_NAME_RE = re.compile(r"src|orig|echo|lazy|im(?:g|age)|url|file")
_SETS = ("srcset", "src-set", "original-set")  # how the names of attributes end that hold several
_CANDIDATE_RE = re.compile(r"(\S*[^\s,])(?:\s+([0-9]{1,6}(?:\.[0-9]{1,3})?)([wx]))?\s*(?:,|$)")
_FILE_RE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|bmp)$", re.IGNORECASE)
_SIZE_RE = re.compile(
    r"-([0-9]{2,5})x[0-9]{2,5}(?=\.\w+$)"
)  # as WordPress names them: dam-600x400.jpg
_PLACEHOLDER_RE = re.compile(
    r"^(?:data|about|blob):|/blank\.|/none\.|/placeholder|/spacer\."
    r"|/(?:1x1|clear|gr[ae]y|lazy(?:-?load)?|loading|pixel|trans(?:parent)?)\.(?:gif|png|svg)\b",
    re.IGNORECASE,
)
_MIN_INLINE_CHARACTERS = 2000  # of a picture in a data: address; placeholders are shorter


class _Candidate(NamedTuple):
    url: str
    width: float | None  # pixels, None if not known


def picture_url(image: _Element, base: str) -> str | None:
    """Return a picture's address, the best of at most a thousand pixels if it has several sizes.

    None for placeholders and tracking pixels.
    """
    if image.get("width") in ("0", "1") or image.get("height") in ("0", "1"):
        return None
    given = (_address(image.get(name), base) for name in _ADDRESSES)
    single = next(filter(None, given), None)
    sized = [*_candidates(image, base), *_sources(image, base)]
    if single and not sized:
        return single
    if single:
        sized.insert(0, _Candidate(single, _width_in_name(single)))
    return _best(sized) or _late_address(image, base)


def linked_picture(image: _Element, base: str) -> str | None:
    """Return the picture's file that a link round an image without an address leads to."""
    link, after = next(image.iterancestors("a"), None), image.getnext()
    href = link.get("href") if link is not None and not is_invisible(image) else None
    if not href or not is_picture_file(href) or (after is not None and after.tag == "noscript"):
        return None
    return _address(href, base)


def is_picture_file(url: str) -> bool:
    """Whether an address is that of a picture's file, by its name."""
    return bool(_FILE_RE.search(_path(url.strip())))


def is_inline(image: _Element) -> bool:
    """Whether a picture stands in its own address, where no page on GitHub can show it."""
    values = image.attrib.values()
    return any(v.startswith("data:") and len(v) > _MIN_INLINE_CHARACTERS for v in values)


def is_same_picture(one: str, other: str) -> bool:
    """Whether two addresses are those of one picture, in whatever size.

    >>> is_same_picture("https://a.example/dam-600x400.jpg", "https://a.example/dam.jpg?x=1")
    True
    """
    return _SIZE_RE.sub("", _path(one)) == _SIZE_RE.sub("", _path(other))


def alt_text(image: _Element, title: str) -> str:
    """Return the text that stands for a picture: its own, else its caption's, else the given title."""
    return one_line(image.get("alt") or "") or _caption(image) or title


def _caption(image: _Element) -> str:
    for around in image.iterancestors("figure", "div"):
        if around.tag == "figure" or "caption" in (around.get("class") or ""):
            parts = around.iterdescendants("figcaption", "p", "div", "span")
            captions = (part for part in parts if _is_caption(part))
            return next((one_line("".join(part.itertext())) for part in captions), "")
    return ""


def _is_caption(part: _Element) -> bool:
    return part.tag == "figcaption" or "caption" in (part.get("class") or "")


def _address(value: str | None, base: str) -> str | None:
    """Return the address of a picture that an attribute gives, None for anything else."""
    if not value or _PLACEHOLDER_RE.search(value.strip()):
        return None
    url = absolute_url(value, base)
    return None if url is None or url.startswith("mailto:") else url


def _late_address(image: _Element, base: str) -> str | None:
    """Return the address in one of the many attributes from which scripts load pictures."""
    for name, value in image.items():
        known = name in ("alt", "title", "class", "id", "style") or " " in value.strip()
        is_likely = is_picture_file(value) or ("//" in value and _ADDRESS_NAME_RE.search(name))
        if not known and is_likely and (url := _address(value, base)):
            return url
    return None


def _sources(image: _Element, base: str) -> Iterator[_Candidate]:
    """Yield what else a picture offers, if the image is one of a <picture>."""
    around = image.getparent()
    if around is None or around.tag not in ("picture", "source"):  # to libxml2 a source has an end
        return
    for picture in islice(image.iterancestors("picture"), 1):
        for source in picture.iter("source"):
            yield from _candidates(source, base)


def _candidates(node: _Element, base: str) -> Iterator[_Candidate]:
    """Yield what the `srcset` of a picture, or what stands for it, offers."""
    for name, value in node.items():
        if name.endswith(_SETS):
            for address, number, unit in _CANDIDATE_RE.findall(value):
                if url := _address(address, base):
                    width = float(number) if unit == "w" else _width_in_name(url)
                    yield _Candidate(url, width)


def _width_in_name(url: str) -> float | None:
    found = _SIZE_RE.search(_path(url))
    return float(found[1]) if found else None


def _best(candidates: list[_Candidate]) -> str | None:
    """Return the widest that is not too wide, else the first of unknown width, else the narrowest."""
    known = [(c.width, -n, c.url) for n, c in enumerate(candidates) if c.width is not None]
    fitting = [c for c in known if c[0] <= _MAX_WIDTH_PIXELS]
    if fitting:
        return max(fitting)[2]
    unknown = (c.url for c in candidates if c.width is None)
    return next(unknown, min(known)[2] if known else None)


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:  # such as "http://[half an IPv6 address"
        return ""
