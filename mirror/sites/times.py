"""Times and days as pages give them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone, tzinfo

CHINA = timezone(timedelta(hours=8))

_DAY_RE = re.compile(r"(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})")


def iso_time(value: str, zone: tzinfo) -> datetime | None:
    """Return an ISO 8601 time in a zone, which it is in if it names none; None if it is no time.

    >>> str(iso_time("2021-12-28T16:05:00Z", CHINA)), iso_time("", CHINA)
    ('2021-12-29 00:05:00+08:00', None)
    """
    try:
        time = datetime.fromisoformat(value.strip().replace("Z", "+00:00"))
    except ValueError:
        return None
    return time.astimezone(zone) if time.tzinfo else time.replace(tzinfo=zone)


def day_in(text: str) -> date | None:
    """Return the first day that a text gives in digits, None if it is impossible or there is none.

    >>> day_in("2021年12月28日讯"), day_in("2021-02-30"), day_in("12月28日")
    (datetime.date(2021, 12, 28), None, None)
    """
    found = _DAY_RE.search(text)
    return possible_day(*map(int, found.groups())) if found else None


def possible_day(year: int, month: int, day: int) -> date | None:
    """Return a day, None if the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def midnight(day: date, zone: tzinfo) -> datetime:
    """Return the start of a day in a zone."""
    return datetime(day.year, day.month, day.day, tzinfo=zone)
