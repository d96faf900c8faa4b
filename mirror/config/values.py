"""The values of settings: each kind is read, and refused, in one place."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from mirror.errors import ArgumentError

_WHOLE_RE = re.compile(r"\d{1,30}", re.ASCII)
_MOST = 10**9 - 1  # of seconds, pages, articles: what neither clocks nor databases stumble over
_SECONDS_RE = re.compile(r"\d{1,9}(\.\d{1,9})?", re.ASCII)
_FLAGS = {"0": False, "1": True, "False": False, "True": True, "": False}


def number(
    settings: Mapping[str, Any], name: str, least: int = 0, most: int = _MOST, words: str = ""
) -> int:
    """Return a setting that is a whole number from `least` to `most`; `words` say what else it may be.
    Raises ArgumentError."""
    value = str(settings[name])
    given = int(value) if _WHOLE_RE.fullmatch(value) else None
    if given is not None and least <= given <= most:
        return given
    lower = f", {least} or more" if least else ""
    upper = f", {most} or less" if given is not None and given > most else ""
    raise ArgumentError(name, value, f"must be a whole number{lower}{upper}{words}")


def seconds(settings: Mapping[str, Any], name: str) -> float:
    """Return a setting that is a time in seconds. Raises ArgumentError."""
    value = str(settings[name])
    if not _SECONDS_RE.fullmatch(value):
        raise ArgumentError(name, value, "must be a number of seconds")
    return float(value)


def folder_of(settings: Mapping[str, Any], name: str) -> Path:
    """Return a setting that is the path of a folder. Raises ArgumentError if it is empty, which would be
    the one that a command is called in."""
    if not str(settings[name]).strip():
        raise ArgumentError(name, settings[name], "must be the path of a folder")
    return Path(settings[name])


def share(settings: Mapping[str, Any], name: str) -> float:
    """Return a setting that is a share, 0 to 1. Raises ArgumentError."""
    try:
        value = float(str(settings[name]))
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise ArgumentError(name, settings[name], "must be a number from 0 to 1")
    return value


def flag(settings: Mapping[str, Any], name: str) -> bool:
    """Return a setting that is 0 or 1. Raises ArgumentError."""
    if str(settings[name]) not in _FLAGS:
        raise ArgumentError(name, settings[name], "must be 0 or 1")
    return _FLAGS[str(settings[name])]


def one_of(settings: Mapping[str, Any], name: str, allowed: Collection[str]) -> str:
    """Return a setting that is one of a few words. Raises ArgumentError."""
    value = str(settings[name])
    if value not in allowed:
        empty = ", or empty" if "" in allowed else ""
        shown = ", ".join(filter(None, allowed))
        raise ArgumentError(name, value, f"must be one of {shown}{empty}")
    return value


def words(value: object) -> list[str]:
    """Return the words of a list, which may be a text with commas."""
    given = value if isinstance(value, list | tuple) else str(value).split(",")
    return [word for word in (str(word).strip() for word in given) if word]


def day(name: str, value: str | None) -> date | None:
    """Return a day, None if none is given. Raises ArgumentError."""
    try:
        return datetime.strptime(value, "%Y-%m-%d").date() if value is not None else None
    except ValueError:
        raise ArgumentError(name, value, "must be a day such as 2021-12-01") from None


def quoting(name: str, value: object, beginning: str) -> str:
    """Return what to say of a JSON value from whose quotes one can see who has read it, "" if not.

    >>> print(quoting("MIRROR_GROUPS", "{Culture:[nsc2007]}", '{"name": ...}'))
    , in single quotes where a shell reads it: MIRROR_GROUPS='{"name": ...}'
    """
    given = str(value).strip()
    if given.startswith(("'", '"')):  # docker's --env-file takes them for a part of the value
        return ", without the quotes around it where docker reads it (--env-file)"
    if '"' not in given:  # a shell has read the file that it stands in, and taken them off
        return f", in single quotes where a shell reads it: {name}='{beginning}'"
    return ""
