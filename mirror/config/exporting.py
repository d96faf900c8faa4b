"""What is exported, and where to: the settings MIRROR_EXPORTS, MIRROR_EXPORT_FOLDER and
MIRROR_SIGN_KEY."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from mirror.config.values import folder_of
from mirror.errors import ArgumentError


class ExportCall(NamedTuple):
    """A kind of export and its arguments."""

    kind: str
    arguments: dict[str, str]


@dataclass(frozen=True, slots=True)
class Exporting:
    """The folder of exports, those that each crawl brings up to date, and what they are signed with."""

    folder: Path
    at_end: tuple[ExportCall, ...]
    sign_key: Path | None  # a file; None: nothing is signed

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Exporting:
        """Return what the settings give. Raises ArgumentError."""
        value = settings["MIRROR_EXPORTS"]
        calls = value if isinstance(value, list | tuple) else str(value).split(";")
        found = tuple(_call(str(call)) for call in calls if str(call).strip())
        key = str(settings["MIRROR_SIGN_KEY"])
        return cls(folder_of(settings, "MIRROR_EXPORT_FOLDER"), found, Path(key) if key else None)


def _call(text: str) -> ExportCall:
    allowed = "must be like 'epub id=nsc418; epub by=day; bundle'"
    try:
        kind, *words = shlex.split(text)
    except ValueError:  # an open quotation mark
        raise ArgumentError("MIRROR_EXPORTS", text, allowed) from None
    pairs = [word.partition("=") for word in words]
    if "=" in kind or not all(equals for _, equals, _ in pairs):
        raise ArgumentError("MIRROR_EXPORTS", text, allowed)
    names = [name for name, _, _ in pairs]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise ArgumentError("MIRROR_EXPORTS", text, f"{twice} is given twice")
    return ExportCall(kind, {name: value for name, _, value in pairs})
