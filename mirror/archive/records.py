"""What a walk through a listing knows of the articles, and notes of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from mirror.archive.listing_pages import ListingPage
    from mirror.items import Link
    from mirror.store.frontier import Frontier


class Report(Protocol):
    """Is told of each page of a walk."""

    def page_recorded(self, section: str, page: ListingPage, new: int) -> None:
        """Report a page that was recorded, and how many of its articles were new."""

    def page_failed(self, section: str, number: int, reason: str) -> None:
        """Report a page that could not be read, or does not join the one before it."""

    def titles_differ(self, section: str, count: int) -> None:
        """Report that so many titles differ on a page that nothing is made of it."""


class SectionRecords:
    """The articles of one section, as the frontier has them."""

    def __init__(self, frontier: Frontier, section: str, since: date | None, report: Report):
        """`since`: the first day of publication that is wanted, None for all."""
        self.frontier = frontier
        self.section = section
        self.since = since
        self.report = report

    def has_any(self) -> bool:
        """Whether any article is known."""
        return self.frontier.knows(self.section)

    def news(self, links: Sequence[Link]) -> set[str]:
        """Return the ids of those articles that would be recorded as new."""
        shown = self.frontier.compare(self.section, self._wanted(links), self.since)
        return {link.id for link in (*shown.unlisted, *shown.reopened)}

    def record(self, page: ListingPage) -> None:
        """Record a page's articles that are wanted."""
        wanted = self._wanted(page.links)
        shown = self.frontier.compare(self.section, wanted, self.since)
        new = self.frontier.record(self.section, wanted, self.since)
        self.report.page_recorded(self.section, page, new)
        if shown.are_titles_decorated:
            self.report.titles_differ(self.section, len(shown.renamed))

    def page_failed(self, number: int, reason: str) -> None:
        """Report a page that could not be read."""
        self.report.page_failed(self.section, number, reason)

    def is_too_old(self, link: Link) -> bool:
        """Whether an article is not wanted for its day."""
        return bool(self.since and link.published and link.published < self.since)

    def is_at_day(self, links: Sequence[Link], before: Sequence[Link]) -> bool:
        """Whether only articles that are too old can follow a page. Where a listing shows no days,
        the articles of the page before tell theirs when they are fetched."""
        if self.since is None:
            return False
        return all(map(self.is_too_old, links)) or self.frontier.states(before) == {"skipped"}

    def _wanted(self, links: Sequence[Link]) -> list[Link]:
        return [link for link in links if not self.is_too_old(link)]
