"""Who gets a notice of how runs end."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from mirror.config.values import words
from mirror.errors import ArgumentError
from mirror.exits import Exit

_QUIET = (Exit.COMPLETE, Exit.LOCKED, Exit.REFUSED)  # what nobody has to do anything about


@dataclass(frozen=True, slots=True)
class Notifying:
    """What the operator has set about notices; see docs/run.md."""

    target: str = ""  # a command line, or an http(s) address; empty: nobody
    statuses: frozenset[Exit] = frozenset()  # of which it gets a notice
    check_in: str = ""  # an http(s) address, asked at each start and end

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Notifying:
        """Return what the settings give. Raises ArgumentError, which shows no address."""
        target = str(settings["MIRROR_NOTIFY"]).strip()
        check_in = str(settings["MIRROR_CHECK_IN"]).strip().rstrip("/")
        if "://" in target.partition(" ")[0] and not _is_address(target):
            allowed = "must be a command, or one http(s) address"
            raise ArgumentError("MIRROR_NOTIFY", None, allowed)
        try:
            shlex.split(target)
        except ValueError as error:
            raise ArgumentError("MIRROR_NOTIFY", None, f"is no command: {error}") from None
        if check_in and not _is_address(check_in):
            raise ArgumentError("MIRROR_CHECK_IN", None, "must be an http(s) address")
        return cls(target, _statuses(settings["MIRROR_NOTIFY_ON"]), check_in)

    def check(self) -> None:
        """Raise ArgumentError for a command that cannot be run; its arguments may be secrets."""
        if self.target and not _is_address(self.target):
            program = shlex.split(self.target)[0]
            if not shutil.which(program):
                allowed = "no such program, or it may not be run"
                raise ArgumentError("MIRROR_NOTIFY", program, allowed)

    @property
    def has_address(self) -> bool:
        """Whether anything is sent to an address, not to a command alone."""
        return bool(self.check_in) or _is_address(self.target)


def _statuses(value: object) -> frozenset[Exit]:
    given = [word.upper() for word in words(value)]
    if not given:
        return frozenset(status for status in Exit if status not in _QUIET)
    known = {str(int(s)): s for s in Exit} | {s.name: s for s in Exit}
    for word in given:
        if word not in known:
            names = ", ".join(status.name for status in Exit)
            raise ArgumentError("MIRROR_NOTIFY_ON", word, f"must be exit statuses such as {names}")
    return frozenset(known[word] for word in given)


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in value
    except ValueError:
        return False
