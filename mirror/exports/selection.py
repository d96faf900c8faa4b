"""Which articles an export is of: the arguments of scrapy export."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from mirror.errors import ArgumentError
from mirror.sites.sections import sections_by_site

ARGUMENTS = ("id", "year", "month", "day", "since", "until", "tag")

_FIRST_DAY, _LAST_DAY = "0000-00-00", "9999-99-99"  # before and after every day, compared as texts
_SPANS = {"year": r"\d{4}", "month": r"\d{4}-\d\d", "day": r"\d{4}-\d\d-\d\d"}
_UNSAFE_RE = re.compile(r"[^\w-]+")  # in the name of a file
_MAX_NAME_BYTES = 150
_EXAMPLES = {"year": "2021", "month": "2021-12", "day": "2021-12-29"}


@dataclass(frozen=True, slots=True)
class Selection:
    """Articles of some sections (none named: all), of a span of days, with a tag (empty: any)."""

    sections: tuple[str, ...] = ()
    since: str = _FIRST_DAY
    until: str = _LAST_DAY
    tag: str = ""

    @property
    def name(self) -> str:
        """The sections as part of a file's name."""
        return "-".join(self.sections) or "all"

    @property
    def span(self) -> str:
        """The days as part of a file's name; empty if they are all."""
        ends = [self.since, self.until.rstrip("~")]
        return "-".join(dict.fromkeys(d for d in ends if d not in (_FIRST_DAY, _LAST_DAY)))

    @classmethod
    def from_arguments(cls, given: Mapping[str, str], sites: list[str]) -> Selection:
        """Return what the arguments select; `sites` are those whose sections need no prefix. Raises
        ArgumentError."""
        for name in ARGUMENTS:
            if name in given and not given[name].strip():
                raise ArgumentError(name, "", "is empty; without it all are taken")
        sections = sections_by_site(given["id"], sites) if given.get("id") else {}
        since, until = _span(given)
        return cls(
            tuple(section for found in sections.values() for section in found),
            since,
            until,
            given.get("tag", "").strip(),
        )


def file_name(*parts: str) -> str:
    """Return parts as the name of a file, without its ending. What is too long for one, or holds more than
    letters, digits and hyphens, ends in some characters that tell it from others like it.

    >>> file_name("topic", "天气", ""), file_name("topic", "a/b")
    ('topic-天气', 'topic-a_b-95247b')
    """
    given = "-".join(filter(None, parts))
    name = _UNSAFE_RE.sub("_", given).encode()[:_MAX_NAME_BYTES].decode("utf-8", "ignore")
    return name if name == given else f"{name}-{sha256(given.encode()).hexdigest()[:6]}"


def _span(given: Mapping[str, str]) -> tuple[str, str]:
    """Return the first and the last day, as texts that sort as days do."""
    named = [name for name in _SPANS if given.get(name)]
    ends = [name for name in ("since", "until") if given.get(name)]
    if len(named) > 1 or (named and ends):
        allowed = f"cannot be given together with {(named + ends)[1]}"
        raise ArgumentError(named[0], given[named[0]], allowed)
    for name in named:
        value = given[name]
        if not re.fullmatch(_SPANS[name], value, re.ASCII) or not _is_day((value + "-01-01")[:10]):
            raise ArgumentError(name, value, f"must be a {name} such as {_EXAMPLES[name]}")
        return value, f"{value}~"  # sorts after all that begins like it
    for name in ends:
        if not _is_day(given[name]):
            raise ArgumentError(name, given[name], "must be a day such as 2021-12-29")
    since, until = given.get("since") or _FIRST_DAY, given.get("until") or _LAST_DAY
    if since > until:
        raise ArgumentError("since", since, f"must not be later than until={until}")
    return since, until


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
