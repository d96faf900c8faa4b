"""The books of a back-fill: what its listings showed, what is complete by that, what is left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from mirror.archive.batches import Batches
from mirror.archive.joining import PageRun
from mirror.archive.locating import Listing
from mirror.archive.plans import Part
from mirror.archive.ranges import Ranges, Span, left_of
from mirror.store.database import Database
from mirror.store.frontier import Frontier
from mirror.store.frontier_table import Address
from mirror.store.gaps import Gaps

_DAY = timedelta(days=1)


class Archive:
    """The archives of the sections in a database. What they bring is a batch for each section."""

    def __init__(self, database: Database):
        self.batches, self.ranges = Batches(database), Ranges(database)
        self.frontier, self.gaps = Frontier(database), Gaps(database)

    def left(self, section: str, span: Span) -> list[Span]:
        """Return which of some days are not complete, the newest first."""
        return left_of(span, self.ranges.done(section))

    def has(self, sections: Iterable[str], day: date) -> bool:
        """Whether a day is complete for any of some sections."""
        return any(span.holds(day) for section in sections for span in self.ranges.done(section))

    def record(self, section: str, span: Span, page_run: PageRun, today: date) -> int:
        """Record those articles of some pages that may be of some days; return how many are new."""
        shown = {link.id: link for page in page_run.pages for link in page.links}
        links = [x for x in shown.values() if not x.published or span.holds(x.published)]
        if self.batches.unlisted(section, links):
            last = page_run.pages[-1]
            self.gaps.set_apart(section, span.since, last.links, last.number)
        new = self.frontier.record(section, links, span.since, batch=section)
        if page_run.complete:
            since, until = page_run.complete
            until = min(until, today - _DAY)  # today is not over
            if since <= until:
                self.ranges.complete(section, Span(since, until))
        return new

    def take(
        self, count: int, before: float, sections: Sequence[str], span: Span, worker: int
    ) -> list[Address]:
        """Take what is due of some days, as Frontier.take does, one section after the other."""
        rows: list[Address] = []
        for section in sections:
            if len(rows) < count:
                left = count - len(rows)
                rows += self.batches.take_days(left, before, section, span, worker)
        return rows

    async def estimate(self, section: str, listing: Listing, span: Span) -> Part:
        """Return about how much there is to do for some days. Raises ListingError."""
        left = self.left(section, span)
        done = left_of(span, left)
        articles = sum(self.batches.waiting_within(section, part) for part in done)
        pages = 0
        for part in left:
            found, listed = await listing.count(part)
            articles += max(found - self.batches.published_within(section, part), 0)
            pages += listed
        return Part(section, articles, pages, (span.until - span.since).days + 1)
