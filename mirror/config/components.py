"""The parts that a crawl is made of: what the operator gives is added to the project's own.

Scrapy merges its own parts with a project's the same way; to have one of them replaced by whatever is
given would publish nothing, without a word.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from mirror.errors import ArgumentError

COMPONENTS = (
    "ITEM_PIPELINES",
    "EXTENSIONS",
    "DOWNLOADER_MIDDLEWARES",
    "SPIDER_MIDDLEWARES",
    "ADDONS",
)
_OURS = "mirror."
_OPTIONAL = frozenset(  # what a crawl does its work without
    (
        "mirror.crawl.addons.Unused",
        "mirror.crawl.clock_check.ClockCheck",
        "mirror.crawl.descriptors.Descriptors",
        "mirror.crawl.evidence.Evidence",
        "mirror.crawl.exporting.ExportAtEnd",
        "mirror.crawl.watchdog.Watchdog",
        "mirror.publishing.extension.PublishAtEnd",
        "mirror.reporting.reminders.PublicAddressReminder",
    )
)


def with_given(project: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that a file or the environment gives, with the project's own parts in each
    that lists some.

    >>> with_given({"EXTENSIONS": {"a.B": 1}}, {"EXTENSIONS": {"own.C": 2}, "LOG_LEVEL": "INFO"})
    {'EXTENSIONS': {'a.B': 1, 'own.C': 2}, 'LOG_LEVEL': 'INFO'}
    """
    return {
        name: {**project[name], **value}
        if name in COMPONENTS and isinstance(value, dict)
        else value
        for name, value in given.items()
    }


def merged(name: str, ours: Mapping[Any, Any], given: object) -> dict[Any, Any]:
    """Return the project's parts and those that the operator gives, under the name of a setting. Raises
    ArgumentError if one is left out that a crawl cannot do without, or put behind one that it precedes.

    >>> merged("EXTENSIONS", {"a.B": 1}, {"own.C": 2})
    {'a.B': 1, 'own.C': 2}
    """
    if not isinstance(given, Mapping):
        raise ArgumentError(name, given, "must be an object of classes and their places")
    parts = {**ours, **{_path(part): place for part, place in given.items()}}
    for part, place in parts.items():
        if place is not None and not isinstance(place, int | float):
            raise ArgumentError(f"{name}: {part}", place, "its place must be a number or null")
        if place is None and ours.get(part) is not None and not _is_optional(part):
            raise ArgumentError(f"{name}: {part}", None, "the project cannot do without it")
    needed = [part for part in _in_order(ours) if parts[part] is not None]
    for first, second in pairwise(needed):
        if parts[first] > parts[second]:
            raise ArgumentError(f"{name}: {second}", parts[second], f"must come after {first}")
    return parts


def _is_optional(part: object) -> bool:
    return part in _OPTIONAL or not _is_ours(part)


def _in_order(parts: Mapping[Any, Any]) -> list[Any]:
    """Return the project's parts among some in their order."""
    ours = [part for part, place in parts.items() if place is not None and _is_ours(part)]
    return sorted(ours, key=lambda part: parts[part])


def _is_ours(part: object) -> bool:
    return str(part).startswith(_OURS)


def _path(part: Any) -> Any:
    """Return the path of one of the project's classes, given as a class; any other part as it is."""
    path = f"{getattr(part, '__module__', '')}.{getattr(part, '__qualname__', '')}"
    return path if _is_ours(path) else part
