"""Moves to another public address that a killed command has left half done: finished, or taken back."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mirror.errors import ArgumentError
from mirror.pages.tree import Tree
from mirror.store.database import open_database
from mirror.store.moves import Move, move_under_way, note_address
from mirror.store.shown_homes import note_homes

if TYPE_CHECKING:
    from mirror.config.options import Options

logger = logging.getLogger(__name__)


def finish_move(options: Options) -> None:
    """Finish a move that was cut off, if there is one; take it back if the address that is set is
    the one before it. Raises ArgumentError if it is neither, and OSError."""
    database = open_database(options.database_url)
    move = move_under_way(database)
    if move is None:
        return
    if move.is_rollover:
        logger.warning(
            "A roll-over to %(new)s was cut off; writing the first pages of the new home in %(output)s",
            move._asdict(),
        )
        begin_home(options, move)
    else:
        from mirror.pages.page_maker import PageMaker  # most runs begin without any of this
        from mirror.pages.rebasing import rewrite

        logger.warning(_decision(options, move))
        for _ in rewrite(options, PageMaker.from_options(options)):
            pass
        note_address(database, options.public_url)


def tell_move(options: Options) -> None:
    """Say what `finish_move` would do, and do nothing. Raises ArgumentError as that does."""
    move = move_under_way(open_database(options.database_url))
    if move and move.is_rollover:
        print(f"First, a roll-over to {move.new} that was cut off would be finished")
    elif move:
        print(f"First: {_decision(options, move)}")


def begin_home(options: Options, move: Move) -> None:
    """Write the first pages of a new home; then the move to it has ended."""
    from mirror.pages.indexing import all_indexes
    from mirror.pages.rendering import Renderer

    database, new = open_database(options.database_url), at_new_home(options, move)
    note_homes(database, new.publishing.addresses())
    Tree(new.output).write_all(all_indexes(database, Renderer.from_options(new)))
    note_address(database, new.public_url)


def at_new_home(options: Options, move: Move) -> Options:
    """Return the options of the home that a roll-over begins."""
    publishing = options.publishing.moved(move.old, move.new)
    return replace(options, public_url=move.new, output=Path(move.output), publishing=publishing)


def _decision(options: Options, move: Move) -> str:
    """Return in words what is done about a move that was cut off."""
    url = options.public_url
    if move.old == move.new == url:
        return "Rendering all pages again was cut off; going on with it"
    if move.old and url == move.new:
        return f"Moving the pages from {move.old} to {url} was cut off; finishing it"
    if move.old and url == move.old:
        return (
            f"Moving the pages from {url} to {move.new} was cut off; taking it back, as "
            f"MIRROR_PUBLIC_URL is {url}. To move them: scrapy rebase --public-url {move.new}"
        )
    back = f", or set it to {move.old} to take it back" if move.old else ""
    raise ArgumentError(
        "MIRROR_PUBLIC_URL",
        url,
        f"moving the pages in {options.output} to {move.new} was cut off; "
        f"finish it with scrapy rebase --public-url {move.new}{back}",
    )
