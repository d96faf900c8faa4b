"""When a host may be asked again: pauses, and a circuit breaker.

A refusal (429, 503) makes everybody wait, as long as the host says or else longer each time. So do
failures in a row, whatever kind they are of. After a pause one request is tried; if it succeeds
two may be under way, then three, until all may go. A host that does not come round is given up.
"""

from __future__ import annotations

import random
import re
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

REFUSALS = frozenset({429, 503})
FAULTS = REFUSALS | {401, 403, 408, 500, 502, 504, 520, 521, 522, 523, 524}

_MAX_PAUSE_SECONDS = 600.0  # of a pause, whatever a host asks for
_MAX_PAUSES = 5  # pauses in a row after which a host is given up
_FORGET_AFTER_ANSWERS = (
    10  # good answers in a row after which earlier refusals and pauses are forgotten
)
_EASE_AFTER_ANSWERS = 30  # good answers in a row after which it may go a little faster again
_LOST_AFTER_SECONDS = (
    60.0  # seconds after which what was tried and never heard of again counts as lost
)
_POLL_SECONDS = 0.25  # between two looks at whether one more may be tried
_MAX_JITTER = 0.2  # share of a pause that chance may add, so that clients do not come back together


class Host:
    """What the answers of one host say. Times are seconds by a clock that only goes forward.

    `round` counts the pauses there were. A request is sent in a round; what is heard of it in a
    later one says nothing about the host of today.
    """

    def __init__(self, pause: float, refusals: int, failures: int):
        """`pause`: seconds of the first pause. `refusals`: how many bring one, with few good answers
        between them. `failures`: how many in a row do."""
        self.pause = pause
        self.refusals = refusals
        self.failures = failures
        self.is_calm = True  # all requests may go out
        self.round = 0
        self.pauses = 0  # in a row
        self._refusals = 0  # in a row
        self._failures = 0  # in a row
        self._good = 0  # answers in a row
        self._until = 0.0  # end of the pause
        self._window = 0  # requests that may be under way after it
        self._flying = 0  # that are
        self._last = 0.0  # when the last of them went out

    @property
    def is_given_up(self) -> bool:
        """Whether there were so many pauses that more would not help."""
        return self.pauses > _MAX_PAUSES

    def is_pausing(self, now: float) -> bool:
        """Whether no request may go out at a time."""
        return not self.is_calm and now < self._until

    def wait(self, now: float) -> float:
        """Return the seconds that a request has to wait, at least; 0: it goes now."""
        if self.is_calm:
            return 0.0
        if now < self._until:
            return self._until - now
        if self._flying >= self._window and now < self._last + _LOST_AFTER_SECONDS:
            return _POLL_SECONDS
        self._flying += 1
        self._last = now
        return 0.0

    def succeed(self, sent: int) -> bool:
        """Note a good answer to a request that was sent in a round; return whether, after a pause,
        there were so many that it may go a little faster again."""
        if sent != self.round:
            return False
        self._failures = 0
        self._good += 1
        if not self.is_calm:
            self._flying -= 1
            self._window += 1
            self.is_calm = 2 * self._window > self.failures
        if self._good >= _FORGET_AFTER_ANSWERS:
            self.pauses = self._refusals = 0
        return self.round > 0 and self._good % _EASE_AFTER_ANSWERS == 0

    def refuse(self, sent: int, now: float, asked: float | None) -> float:
        """Note a refusal, with the seconds of its Retry-After if it has one; return the seconds of
        the pause that begins with it, else 0."""
        if sent != self.round:
            if asked and not self.is_calm:
                self._until = max(self._until, now + min(asked, _MAX_PAUSE_SECONDS))
            return 0.0
        self._refusals += 1
        self._good = 0
        if self.is_calm and self._refusals < self.refusals:
            return 0.0
        return self._begin(now, asked)

    def fail(self, sent: int, now: float) -> float:
        """Note a failure of any other kind; return the seconds of the pause that begins with it,
        else 0."""
        if sent != self.round:
            return 0.0
        self._failures += 1
        self._good = 0
        is_first_try = not self.is_calm and self._window == 1
        if is_first_try or self._failures >= self.failures:
            return self._begin(now, None)
        self.drop(sent)
        return 0.0

    def drop(self, sent: int) -> None:
        """Note that a request ended without telling anything about the host."""
        if sent == self.round and self._flying:
            self._flying -= 1

    def _begin(self, now: float, asked: float | None) -> float:
        seconds = self.pause * 2**self.pauses
        if asked:
            seconds = max(asked, seconds / 2 if self.pauses else 0.0)
        seconds = min(seconds, _MAX_PAUSE_SECONDS) * _chance()
        self.pauses += 1
        self.round += 1
        self.is_calm = False
        self._refusals = self._failures = self._good = self._flying = 0
        self._window = 1
        self._until = now + seconds
        return seconds


def before_retry(pause: float, tries: int, asked: float = 0.0) -> float:
    """Return the seconds to wait before a request that failed some times is sent again: a sixth of
    a host's first pause, then four times as long each time up to two pauses; or what Retry-After
    asked for, if that is more."""
    grown = min(pause / 6 * 4 ** (tries - 1), 2 * pause)
    return min(max(grown, asked), _MAX_PAUSE_SECONDS) * _chance()


def _chance() -> float:
    return random.uniform(1, 1 + _MAX_JITTER)


def retry_after(value: str, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for (RFC 9110, 10.2.3: seconds or a date);
    None if it asks for nothing that can be understood, or for no wait.

    >>> retry_after("120", datetime.now(timezone.utc))
    120.0
    >>> retry_after("Wed, 25 Nov 2026 12:01:30 GMT", datetime(2026, 11, 25, 12, tzinfo=timezone.utc))
    90.0
    >>> retry_after("soon", datetime.now(timezone.utc))
    """
    value = value.strip()
    if re.fullmatch(r"[0-9]{1,9}", value):
        return float(value) or None
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    date = date if date.tzinfo else date.replace(tzinfo=timezone.utc)
    return max((date - now).total_seconds(), 0.0) or None
