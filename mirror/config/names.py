"""Names that the operator gives: what does not exist is refused, with the nearest that does."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches

from mirror.errors import ArgumentError

PREFIX = "MIRROR_"
CONFIG = "MIRROR_CONFIG"  # in the environment: where the file of settings is
_NEAR = 0.9  # for names in the environment, which holds those of other programs, too
_WORD_RE = re.compile(r"\w+", re.ASCII)


def nearest(name: str, known: Collection[str]) -> str:
    """Return the name that was probably meant, empty if none is like it.

    >>> nearest("MIRROR_OUTPT", ["MIRROR_OUTPUT", "MIRROR_THEME"])
    'MIRROR_OUTPUT'
    >>> nearest("output", ["MIRROR_OUTPUT", "MIRROR_THEME"])
    'MIRROR_OUTPUT'
    """
    by_upper = {candidate.upper(): candidate for candidate in known}
    wanted = name.upper()
    if f"{PREFIX}{wanted}" in by_upper:
        return by_upper[f"{PREFIX}{wanted}"]
    found = get_close_matches(wanted, by_upper, n=1)
    return by_upper[found[0]] if found else ""


def no_such(what: str, name: str, known: Collection[str]) -> str:
    """Return in words that a name does not exist, and the nearest that does."""
    near = nearest(name, known)
    return f"no such {what}; the nearest is {near}" if near else f"no such {what}"


def check_settings(given: Mapping[str, str], known: Collection[str]) -> None:
    """Raise ArgumentError for the first setting of a command line (-s) that does not exist."""
    for name, value in given.items():
        if name not in known:
            raise ArgumentError(name, value, no_such("setting", name, known))


def check_environment(environment: Mapping[str, str], known: Collection[str]) -> None:
    """Raise ArgumentError for the first variable that is meant for this project and unknown to it: by
    its beginning, or because it is nearly the name of a setting."""
    ours = [name for name in known if name.startswith(PREFIX)] + [CONFIG]
    for name in sorted(environment):
        if name in ours or not _WORD_RE.fullmatch(name):
            continue
        upper = name.upper()
        if upper.startswith(PREFIX) or get_close_matches(upper, ours, n=1, cutoff=_NEAR):
            raise ArgumentError(f"{name} (environment)", None, no_such("setting", name, ours))
