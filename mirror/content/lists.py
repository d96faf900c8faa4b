"""The numbers of a list's items, as browsers count and write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element

LISTS = ("ul", "ol", "menu", "dir")
_INTEGER_RE = re.compile(r"\s*([+-]?[0-9]{1,8})(?![0-9])")
_STYLE_RE = re.compile(r"\blist-style(?:-type)?\s*:([^;]*)", re.IGNORECASE)
_ROMAN_DIGITS = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        "m cm d cd c xc l xl x ix v iv i".split(),
        strict=True,
    )
)
_CHINESE_DIGITS = "〇一二三四五六七八九"


class Numbering:
    """The number of each item of one list: from `start`, `reversed` and `value`."""

    def __init__(self, node: _Element):
        self.write = _writer(node) if node.tag == "ol" else _nothing
        self.step, self.next = 1, 1
        if node.tag == "ol":
            is_reversed = node.get("reversed") is not None
            start = _integer(node.get("start"))
            self.step = -1 if is_reversed else 1
            self.next = (len(node.findall("li")) if is_reversed else 1) if start is None else start
        self.is_markdown = node.tag != "ol" or (
            self.write is _decimal and all(number >= 0 for number in self._numbers(node))
        )

    def number(self, item: _Element) -> int:
        """Return the number of the next item."""
        value = _integer(item.get("value"))
        number = self.next if value is None else value
        self.next = number + self.step
        return number

    def _numbers(self, node: _Element) -> list[int]:
        first = self.next
        numbers = [self.number(item) for item in node.iterchildren("li")]
        self.next = first
        return numbers


def _integer(value: str | None) -> int | None:
    found = _INTEGER_RE.match(value) if value else None
    return int(found[1]) if found else None


def _writer(node: _Element) -> Callable[[int], str]:
    """Return how a list's numbers are written: as its `type` says, or its style."""
    declared = _STYLE_RE.search(node.get("style") or "")
    names = declared[1].lower().split() if declared else []
    return next(
        (_WRITERS[name] for name in [*names, node.get("type")] if name in _WRITERS), _decimal
    )


def _decimal(number: int) -> str:
    """
    >>> _decimal(3)
    '3. '
    """
    return f"{number}. "


def _alpha(number: int) -> str:
    """
    >>> _alpha(3), _alpha(28), _alpha(0)
    ('c. ', 'ab. ', '0. ')
    """
    if number < 1:
        return _decimal(number)
    letters = ""
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("a") + letter) + letters
    return f"{letters}. "


def _roman(number: int) -> str:
    """
    >>> _roman(1994), _roman(0)
    ('mcmxciv. ', '0. ')
    """
    if not 0 < number < 4000:
        return _decimal(number)
    digits = ""
    for value, digit in _ROMAN_DIGITS:
        times, number = divmod(number, value)
        digits += digit * times
    return f"{digits}. "


def _chinese(number: int) -> str:
    """
    >>> _chinese(3), _chinese(10), _chinese(12), _chinese(40), _chinese(100)
    ('三、', '十、', '十二、', '四十、', '100. ')
    """
    if not 0 < number < 100:
        return _decimal(number)
    tens, ones = divmod(number, 10)
    high = (_CHINESE_DIGITS[tens] if tens > 1 else "") + "十" if tens else ""
    return f"{high}{_CHINESE_DIGITS[ones] if ones else ''}、"


def _nothing(number: int) -> str:
    return ""


_WRITERS: dict[str | None, Callable[[int], str]] = {
    # of the attribute `type`, and of CSS: www.w3.org/TR/css-counter-styles-3
    **dict.fromkeys(("a", "lower-alpha", "lower-latin"), _alpha),
    **dict.fromkeys(("A", "upper-alpha", "upper-latin"), lambda n: _alpha(n).upper()),
    **dict.fromkeys(("i", "lower-roman"), _roman),
    **dict.fromkeys(("I", "upper-roman"), lambda n: _roman(n).upper()),
    **dict.fromkeys(
        ("cjk-ideographic", "simp-chinese-informal", "trad-chinese-informal"), _chinese
    ),
    "none": _nothing,
}
