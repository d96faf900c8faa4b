from __future__ import annotations

import pytest
from sqlalchemy.exc import OperationalError

from mirror.store.retrying import is_away


class FromServer(Exception):
    """An error as psycopg has it."""

    def __init__(self, sqlstate: str | None):
        super().__init__("what the server said")
        self.sqlstate = sqlstate


def error(state: str | None, statement: str | None = "SELECT 1", closed: bool = False):
    return OperationalError(statement, {}, FromServer(state), connection_invalidated=closed)


@pytest.mark.parametrize(
    "away",
    [
        error(None, statement=None),
        error(None, closed=True),
        error("57P01", closed=True),
        error("57P03"),
        error("08006"),
        error("40P01"),
        error("53300"),
    ],
    ids=lambda e: str(e.orig.sqlstate),
)
def test_what_passes_is_waited_for(away: OperationalError) -> None:
    assert is_away(away)


@pytest.mark.parametrize("state", [None, "53100", "54000", "42601", "55000"])
def test_what_does_not_pass_is_an_error(state: str | None) -> None:
    assert not is_away(error(state))
