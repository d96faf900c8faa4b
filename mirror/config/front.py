"""What the operator sets of the home page and of the sections' pages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mirror.config.page_paths import ID_PATTERN
from mirror.config.values import quoting, words
from mirror.errors import ArgumentError

_MAX_NAME_LENGTH = 30  # characters of a group's name


@dataclass(frozen=True, slots=True)
class Front:
    """What stands on those pages, and in which order; see docs/settings.md."""

    groups: Mapping[str, Sequence[str]]  # name -> sections, as they were given
    pinned: tuple[str, ...]  # ids of articles
    hidden: re.Pattern[str] | None  # finds the titles that stand in the months alone

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Front:
        """Return what the settings give. Raises ArgumentError."""
        return cls(
            groups=dict(_groups(settings["MIRROR_GROUPS"])),
            pinned=_pinned(settings["MIRROR_PINNED"]),
            hidden=_hidden(str(settings["MIRROR_HIDDEN_TITLES"])),
        )


NO_FRONT = Front({}, (), None)


def _groups(value: object) -> Iterator[tuple[str, tuple[str, ...]]]:
    allowed = 'must be a JSON object such as {"文化": ["nsc1001", "nsc2007"]}; or empty'
    try:
        found = json.loads(value) if isinstance(value, str) and value.strip() else value or {}
    except ValueError:
        found = None
        allowed += quoting("MIRROR_GROUPS", value, '{"name": ...}')
    if not isinstance(found, Mapping):
        raise ArgumentError("MIRROR_GROUPS", value, allowed)
    seen: set[str] = set()
    for name, sections in found.items():
        if not (isinstance(sections, list | tuple) and all(isinstance(s, str) for s in sections)):
            raise ArgumentError("MIRROR_GROUPS", value, allowed)
        if not name.strip() or len(name) > _MAX_NAME_LENGTH or len(name.splitlines()) > 1:
            limit = f"a group's name must be one line, 1-{_MAX_NAME_LENGTH} characters"
            raise ArgumentError("MIRROR_GROUPS", name, limit)
        for section in sections:
            if section in seen:
                raise ArgumentError("MIRROR_GROUPS", section, "a section can be in one group")
            seen.add(section)
        yield name.strip(), tuple(sections)


def _pinned(value: object) -> tuple[str, ...]:
    ids = tuple(dict.fromkeys(words(value)))
    for id in ids:
        if not re.fullmatch(ID_PATTERN, id):
            allowed = "must be ids of articles such as n13465188, separated by commas"
            raise ArgumentError("MIRROR_PINNED", id, allowed)
    return ids


def _hidden(value: str) -> re.Pattern[str] | None:
    allowed = "must be a regular expression such as 视频|环球直击"
    try:
        found = re.compile(value)
    except (re.error, RecursionError, OverflowError) as error:
        raise ArgumentError("MIRROR_HIDDEN_TITLES", value, f"{allowed} ({error})") from None
    if value and found.search(""):
        raise ArgumentError("MIRROR_HIDDEN_TITLES", value, f"{allowed}; this one finds all titles")
    return found if value else None
