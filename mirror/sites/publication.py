"""When an article was published and last saved, where the sources on its page disagree.

A page gives its times in several places: printed, in a `time` element, in its head, in structured
data. Some say when the article was last saved; some put a zone behind a clock of another one. What
a second source confirms is believed before what only one says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

from mirror.sites.times import iso_times, midnight, printed_time

_MINUTE = timedelta(minutes=1)
_SOON = timedelta(minutes=90)  # in which nearly every article is saved again after publication


class Reading(NamedTuple):
    """What a source may mean: when the article was published, and when it was last saved."""

    published: datetime | None = None
    saved: datetime | None = None


Claim = Sequence[Reading]  # of one source: all that it may mean, the likeliest first


def claim(published: str, saved: str, zone: tzinfo) -> Claim:
    """Return what a source may mean by two ISO 8601 times; either may be empty."""
    first, second = iso_times(published, zone) or (None,), iso_times(saved, zone) or (None,)
    longer = range(max(len(first), len(second)))
    return [Reading(first[min(n, len(first) - 1)], second[min(n, len(second) - 1)]) for n in longer]


def shown(text: str, attribute: str, zone: tzinfo) -> Claim:
    """Return what a `time` element may mean by its text and its `datetime`.

    If both give the same time, that is when the article was saved; else the text is the publication.
    """
    printed, times = printed_time(text, zone), iso_times(attribute, zone)
    if printed is None:
        return [Reading(None, time) for time in times]
    if not times:
        return [Reading(printed), Reading(None, printed)]
    same = [Reading(None, time) for time in times if _is_same(time, printed)]
    return same or [Reading(printed, time) for time in times]


def decide(claims: Sequence[Claim], day: date | None) -> Reading:
    """Return when an article was published and, if that is later, last saved, as far as claims say.

    They come in the order in which they are believed if no other one confirms either; `day` is the
    day of publication that the article's text gives.
    """
    ends = (claim[0].saved for claim in claims if len(claim) == 1)
    end = next(filter(None, ends), None)
    read: list[tuple[tuple[int, int], Reading]] = []
    for number, claim in enumerate(claims):
        others = [*claims[:number], *claims[number + 1 :]]
        ranked = [
            (_support(reading, others), _likeliness(reading, day, end), reading)
            for reading in claim
            if len(claim) == 1 or not _is_after(reading.published, end)
        ]
        if ranked:
            support, _, reading = max(ranked, key=lambda found: found[:2])
            read.append((support, reading))
    dated = [found for found in read if found[1].published]
    best = max(dated, key=lambda found: found[0])[1].published if dated else None
    published = _exact(best, (reading.published for _, reading in read))
    saved = _most_frequent([reading.saved for _, reading in read if reading.saved])
    return Reading(published, saved if not published or _is_after(saved, published) else None)


def saved_once(saved: datetime | None, days: Iterable[date | None], zone: tzinfo) -> Reading:
    """Return the times of an article that no source gives the publication of: when it was saved, or
    else the start of the first day that is known."""
    day = next(filter(None, days), None)
    return Reading(saved or (midnight(day, zone) if day else None))


def saved_again(saved: datetime | None, days: Sequence[date | None], zone: tzinfo) -> Reading:
    """Return the same where pages are saved again: not on a later day than the text gives."""
    if saved and days[0] and days[0] < saved.date():
        return Reading(midnight(days[0], zone), saved)
    return saved_once(saved, days, zone)


def _support(reading: Reading, others: Sequence[Claim]) -> tuple[int, int]:
    """Return how many other sources confirm a publication, and how many that the clock is right."""
    return (
        sum(any(_is_same(reading.published, r.published) for r in claim) for claim in others),
        sum(any(_is_same(reading.saved, r.saved) for r in claim) for claim in others),
    )


def _likeliness(reading: Reading, day: date | None, end: datetime | None) -> int:
    """Return how much speaks for a publication apart from other sources of it."""
    time = reading.published
    if time is None:
        return 0
    is_soon = end is not None and end - _SOON <= time <= end
    return is_soon + _is_same(time, end) + (time.date() == day)


def _is_same(time: datetime | None, other: datetime | None) -> bool:
    """Whether two times are in the same minute: those printed have no seconds."""
    if time is None or other is None:
        return False
    return time == other or (time.minute == other.minute and abs(time - other) < _MINUTE)


def _is_after(time: datetime | None, other: datetime | None) -> bool:
    return bool(time and other and time > other)


def _exact(time: datetime | None, others: Iterable[datetime | None]) -> datetime | None:
    """Return a time with the seconds that another source gives of the same minute."""
    same = (other for other in others if _is_same(time, other))
    return max(filter(None, same), default=time) if time and not time.second else time


def _most_frequent(times: list[datetime]) -> datetime | None:
    """Return the time that most sources give, the first of several."""
    return max(times, key=lambda time: sum(_is_same(time, t) for t in times), default=None)
