"""Whether the first page of a listing, or a feed, is of the section that it was asked of.

A cache or a gateway may answer with another section's. Recorded as what was asked for, its articles would
be filed under the wrong section. It is judged by what it says of itself, and by what the section showed
before; what it says is believed when it was so on three days, as a section may show another one's pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from mirror.store.absences import days_absent, forget_absences, note_absence
from mirror.store.retrying import retries
from mirror.store.schema import listings, portions

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from mirror.store.database import Database


@retries
class Belonging:
    """What sections have shown so far; every public method is one transaction."""

    def __init__(self, database: Database):
        self.database = database
        self.engine = database.engine

    def doubt(self, section: str, ids: Sequence[str], sections: Collection[str]) -> str:
        """Return why these articles may not be the section's, empty if nothing speaks against it;
        `sections` are those that the page may be of by what it says of itself."""
        if section in sections or not ids:
            return ""
        shown = self._shown(ids)
        if 2 * shown.get(section, 0) >= len(ids):
            return ""
        if sections:
            return f"a page of another section, by what it says of itself: {', '.join(sorted(sections))}"
        other = max(shown, key=lambda name: shown[name], default="")
        if shown.get(section) or 2 * shown.get(other, 0) < len(ids) or not self._knows(section):
            return ""
        return (
            f"a page of another section: {shown[other]} of its {len(ids)} articles are of {other}"
        )

    def believe(self, section: str) -> bool:
        """Note that a section's page is another's by what it says; return whether that is believed."""
        clock = self.database.clock
        with self.engine.begin() as connection:
            return note_absence(connection, self.engine, _key(section), clock.time, clock.day)

    def confirm(self, section: str) -> None:
        """Note that a section's page is its own."""
        with self.engine.begin() as connection:
            if days_absent(connection, _key(section)):
                forget_absences(connection, [_key(section)])

    def _shown(self, ids: Sequence[str]) -> dict[str, int]:
        """Return how many of some articles each section has shown."""
        counts: dict[str, int] = {}
        for some in portions(list(ids)):
            query = select(listings.c.section, func.count()).where(listings.c.article.in_(some))
            with self.engine.connect() as connection:
                for section, count in connection.execute(query.group_by(listings.c.section)):
                    counts[section] = counts.get(section, 0) + count
        return counts

    def _knows(self, section: str) -> bool:
        query = select(listings.c.article).where(listings.c.section == section).limit(1)
        with self.engine.connect() as connection:
            return connection.scalar(query) is not None


def _key(section: str) -> str:
    """Return the name under which a section stands among articles that were not there."""
    return f"listing of {section}"
