"""Times and days as pages give them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from functools import lru_cache

CHINA = timezone(timedelta(hours=8))

_DAY_RE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})")
_CLOCK_RE = re.compile(
    rf"{_DAY_RE.pattern}日?\s*(上午|下午|[AP]M)?\s*(\d{{1,2}}):(\d\d)(?::(\d\d))?\s*([AP]M)?",
    re.IGNORECASE,
)
_ISO_RE = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)[T ](\d\d?):(\d\d)(?::(\d\d)(?:\.\d*)?)?\s*"
    r"(?:(Z)|([+-]\d\d):?(\d\d))?",
    re.IGNORECASE,
)
_AFTERNOON = ("下午", "pm")
_CACHED_TIMES = 64  # a page gives each of its times in several places


@lru_cache(_CACHED_TIMES)
def iso_times(value: str, zone: tzinfo) -> tuple[datetime, ...]:
    """Return what an ISO 8601 time may mean, the likeliest first: none if it is no time, one if it
    is in the zone given or names none.

    A foreign zone may be one that a program wrote behind the clock of the place (seen with Z), so
    there are two: a plain Z is rather not true, any other is.

    >>> [str(time) for time in iso_times("2026-10-08T03:29:39Z", CHINA)]
    ['2026-10-08 03:29:39+08:00', '2026-10-08 11:29:39+08:00']
    >>> [str(time) for time in iso_times("2026-10-07T19:29:39+0000", CHINA)]
    ['2026-10-08 03:29:39+08:00', '2026-10-07 19:29:39+08:00']
    >>> [str(time) for time in iso_times("2026-10-08T03:29:39+08:00", CHINA)]
    ['2026-10-08 03:29:39+08:00']
    """
    found = _ISO_RE.fullmatch(value.strip())
    if not found:
        return ()
    *digits, utc, hours, minutes = found.groups(default="")
    year, month, day, hour, minute, second = (int(digit or 0) for digit in digits)
    try:
        local = datetime(year, month, day, hour, minute, second, tzinfo=zone)
        if not (utc or hours):
            return (local,)
        offset = timedelta(hours=int(hours or 0))
        offset += timedelta(minutes=int(minutes or 0)) * (-1 if hours[:1] == "-" else 1)
        stated = local.replace(tzinfo=timezone(offset)).astimezone(zone)
    except (ValueError, OverflowError):
        return ()
    if stated == local:
        return (local,)
    return (local, stated) if utc else (stated, local)


def printed_time(text: str, zone: tzinfo) -> datetime | None:
    """Return the first time of day that a text gives, on a clock of 12 or 24 hours, None without one.

    >>> [str(printed_time(f"更新 2026-10-08 {t}", CHINA))[11:16] for t in ("12:01 AM", "12:01 PM")]
    ['00:01', '12:01']
    >>> [str(printed_time(f"2026年10月8日 {t}", CHINA))[11:16] for t in ("下午3:29", "15:29", "3:29pm")]
    ['15:29', '15:29', '15:29']
    """
    found = _CLOCK_RE.search(text)
    return _clock_time(found, zone) if found else None


def printed_times(text: str, zone: tzinfo) -> list[datetime]:
    """Return all times of day that a text gives; impossible ones are left out."""
    times = (_clock_time(found, zone) for found in _CLOCK_RE.finditer(text))
    return [time for time in times if time]


def _clock_time(found: re.Match[str], zone: tzinfo) -> datetime | None:
    year, month, day, before, hour, minute, second, behind = found.groups()
    half, hours = (behind or before or "").lower(), int(hour)
    if half and hours <= 12:
        hours = hours % 12 + 12 * (half in _AFTERNOON)
    try:
        time = datetime(int(year), int(month), int(day), hours, int(minute), int(second or 0))
    except ValueError:
        return None
    return time.replace(tzinfo=zone)


def feed_day(value: str, zone: tzinfo) -> date | None:
    """Return the day in a zone of a feed's `pubDate` (RFC 822), None if it is none.

    >>> feed_day("Wed, 07 Oct 2026 19:29:39 +0000", CHINA), feed_day("", CHINA)
    (datetime.date(2026, 10, 8), None)
    """
    try:
        time = parsedate_to_datetime(value)
        return (time if time.tzinfo else time.replace(tzinfo=zone)).astimezone(zone).date()
    except (ValueError, TypeError, OverflowError):
        return None


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
