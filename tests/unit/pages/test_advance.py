"""How far long work is: what a terminal shows of it, and what nobody needs to see."""

from __future__ import annotations

import io
import sys

import pytest
from rich.console import Console

from mirror.pages.advance import advance, heard_by, on_terminal


def shown(patience: float) -> str:
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=80)
    with on_terminal(console, patience):
        advance("pages", 1, 4)
        advance("commit")
    return out.getvalue()


def test_a_terminal_shows_what_is_done_of_how_much() -> None:
    text = shown(0.0)
    assert "1 of 4, left" in text
    assert "pages" in text
    assert text.index("pages") < text.index("commit")
    assert text.rindex("\x1b[?25h") > text.rindex("\x1b[?25l")  # the cursor is there again


def test_what_is_soon_done_is_not_shown() -> None:
    assert shown(60.0) == ""


def test_nothing_is_shown_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert not sys.stderr.isatty()
    with on_terminal(patience=0.0):
        advance("pages", 1, 4)
    assert capsys.readouterr() == ("", "")


def test_listeners_hear_as_long_as_they_want() -> None:
    heard: list[tuple[str, int, int]] = []
    with heard_by(lambda *said: heard.append(said)):
        advance("pages", 1, 4)
    advance("pages", 2, 4)
    assert heard == [("pages", 1, 4)]
