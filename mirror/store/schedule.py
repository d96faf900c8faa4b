"""When an article that is published here is looked at again: often at first, then less and less.

Over two weeks 29 % of the site's pages change after they were published, most within a day.
"""

from __future__ import annotations

from datetime import datetime

_HOUR, _DAY = 3600, 24 * 3600  # seconds
_PAUSES = (  # up to an age
    (_DAY, 0),
    (3 * _DAY, 6 * _HOUR),
    (7 * _DAY, _DAY),
    (31 * _DAY, 4 * _DAY),
)
_BEING_UPDATED = "更新"


def pause_before_check(published: datetime, title: str, now: float) -> int | None:
    """Return for how many seconds not to look again; None: for ever, by itself.

    `now` is in seconds since 1970. What is younger than a day is due at every run. Titles that say
    "being updated" are looked at four times as often.
    """
    age = now - published.timestamp()
    pause = next((pause for oldest, pause in _PAUSES if age < oldest), None)
    if pause is None:
        return None
    return pause // (4 if _BEING_UPDATED in title else 1)
