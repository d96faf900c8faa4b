"""How many listing pages a run reads beyond the newest: a share of what is left, in turns of sections."""

from __future__ import annotations

import math
from collections.abc import Callable


class Share:
    """The pages that a run may still read; what is left of it goes to one section after the other."""

    def __init__(self, pages: float, is_enough: Callable[[], bool]):
        """`pages`: math.inf for all. `is_enough` tells when the run has found all that it can fetch."""
        self.left = pages
        self.turn = 0.0
        self.is_enough = is_enough

    def begin_turn(self, sections: int) -> None:
        """Let a section read its part of what is left, if there are so many that want some."""
        self.turn = self.left if math.isinf(self.left) else math.ceil(self.left / sections)

    def has_room(self) -> bool:
        """Whether one more page may be read."""
        return self.turn > 0 and not self.is_enough()

    def take(self) -> bool:
        """Whether one more page may be read; it is counted."""
        if not self.has_room():
            return False
        self.turn -= 1
        self.left -= 1
        return True
