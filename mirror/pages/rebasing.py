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
from mirror.store.moves import begin_move, move_under_way, note_address, present_address
from mirror.store.scripts import note_scripts, present_scripts
from mirror.store.shown_homes import note_homes

if TYPE_CHECKING:
    from mirror.config.options import Options
    from mirror.pages.page_maker import PageMaker


def check_address(options: Options) -> None:
    """Note the public address that is set, if there are no published files yet. Raises ArgumentError if
    they show another one."""
    if not shows_address(options):
        database = open_database(options.database_url)
        note_address(database, options.public_url)
        note_homes(database, options.publishing.addresses())


def shows_address(options: Options) -> bool:
    """Whether the published files show the public address that is set, or will when a move has been
    finished; no: there are none. Raises ArgumentError if they show another: a run would write some of them
    for this one, and leave the others."""
    database, url = open_database(options.database_url), options.public_url
    if move_under_way(database):
        return True
    known = present_address(database)
    if known is None or not database.sections():
        return False
    if known != url:
        raise ArgumentError(
            "MIRROR_PUBLIC_URL",
            url,
            f"the pages in {options.output} show {known}; set it to that, or move them with "
            f"scrapy rebase --public-url {url}",
        )
    return True


def check_script(options: Options) -> None:
    """Note the script that is set, if there are no published files yet. Raises ArgumentError if they are
    in another one."""
    if not shows_script(options):
        note_scripts(open_database(options.database_url), options.scripts)


def shows_script(options: Options) -> bool:
    """Whether the published files are in the script that is set; no: there are none. Raises ArgumentError
    if they are in another, or lead to another form of them: a run would write some of them so, and leave
    the others."""
    database, scripts = open_database(options.database_url), options.scripts
    known = present_scripts(database)
    if move_under_way(database):
        return True
    if known != scripts and not database.sections():
        return False
    if known != scripts:
        shown = f"for {known!r}" if known else "without any"
        allowed = (
            f"the pages in {options.output} were written {shown}, and {scripts!r} is set, with "
            "the scripts of MIRROR_HOMES; scrapy sync writes them anew"
        )
        raise ArgumentError("MIRROR_SCRIPT", options.script, allowed)
    return True


def rewrite(options: Options, maker: PageMaker) -> Iterator[int]:
    """Write all pages, QR codes and indexes from the database; yield how many articles are done,
    again and again. Raises OSError.

    That is a move, under way until the caller notes the address.
    """
    database, tree = open_database(options.database_url), Tree(options.output)
    begin_move(database, options.public_url)
    note_homes(database, options.publishing.addresses())
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
    note_scripts(database, options.scripts)
    yield count
