"""A stage whose module asks for Twisted's reactor at its top, as many examples do."""

from __future__ import annotations

from typing import Any

from twisted.internet import reactor


class Asks:
    """A stage that lets everything pass."""

    reactor = reactor

    def process_item(self, item: Any) -> Any:
        """Return the item."""
        return item
