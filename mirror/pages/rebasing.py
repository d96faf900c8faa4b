"""Writing all published files again, for the public address and the theme that are set."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from mirror.errors import ArgumentError
from mirror.pages.advance import advance
from mirror.pages.feeds import Feeds
from mirror.pages.indexing import update_indexes
from mirror.pages.rendering import Renderer
from mirror.pages.signposts import put_up, take_down
from mirror.pages.tree import Tree
from mirror.store.closed_homes import count_here
from mirror.store.database import open_database
from mirror.store.moves import begin_move, note_address, present_address
from mirror.store.scripts import note_script, present_script

if TYPE_CHECKING:
    from mirror.config.options import Options
    from mirror.pages.page_maker import PageMaker


def check_address(options: Options) -> None:
    """Raise ArgumentError if the published files show another public address than the one set: a
    run would write some of them for this one, and leave the others."""
    database, url = open_database(options.database_url), options.public_url
    known = present_address(database)
    if known is None or (known != url and not database.sections()):
        note_address(database, url)
    elif known != url:
        raise ArgumentError(
            "MIRROR_PUBLIC_URL",
            url,
            f"the pages in {options.output} show {known}; set it to that, or move them with "
            f"scrapy rebase --public-url {url}",
        )


def check_script(options: Options) -> None:
    """Raise ArgumentError if the published files are in another script than the one set: a run would
    write some of them in this one, and leave the others."""
    database, script = open_database(options.database_url), options.script
    known = present_script(database)
    if known != script and not database.sections():
        note_script(database, script)
    elif known != script:
        shown = f"in {known}" if known else "as their source gave them"
        allowed = f"the pages in {options.output} are {shown}; scrapy sync writes them anew"
        raise ArgumentError("MIRROR_SCRIPT", script, allowed)


def rewrite(options: Options, maker: PageMaker) -> Iterator[int]:
    """Write all pages, QR codes and indexes from the database; yield how many articles are done,
    again and again. Raises OSError.

    That is a move, under way until the caller notes the address.
    """
    database, tree = open_database(options.database_url), Tree(options.output)
    begin_move(database, options.public_url)
    count, total = 0, count_here(database)
    for made in maker.for_all(partial(maker.write, tree)):
        count += made
        advance("pages", count, total)
        yield count
    advance("indexes")
    database.mark_all_outdated()
    feeds = Feeds.from_options(options, maker)
    update_indexes(database, Renderer.from_options(options), tree, feeds)
    put_up(database, tree)
    take_down(database, tree)
    note_script(database, options.script)
    yield count
