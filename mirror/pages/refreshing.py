"""What is left to do when the articles of a run are stored: limits, outdated pages, indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mirror.pages.advance import advance
from mirror.pages.feeds import Feeds
from mirror.pages.indexing import update_indexes
from mirror.pages.rendering import Renderer
from mirror.pages.retention import keep_within
from mirror.pages.signposts import take_down
from mirror.pages.tree import Tree, page_files
from mirror.pages.withdrawing import remove_left
from mirror.store.database import open_database
from mirror.store.neighbours import Placed, neighbours, places
from mirror.store.retrying import retried

if TYPE_CHECKING:
    from mirror.config.options import Options
    from mirror.pages.page_maker import PageMaker
    from mirror.store.database import Database

_BATCH_SIZE = 32  # pages


class Finished(NamedTuple):
    """How many pages or files were dealt with, by what was done."""

    purged: int
    restored: int
    relinked: int
    indexes: int


def finish(options: Options, maker: PageMaker) -> Finished:
    """Keep the tree within its limits, then make anew what is out of date."""
    return _finish(open_database(options.database_url), options, maker)


@retried
def _finish(database: Database, options: Options, maker: PageMaker) -> Finished:
    """Finish, from the beginning if PostgreSQL was away meanwhile: what was not done is still out of date."""
    tree = Tree(options.output)
    purged, restored = keep_within(options.keep, database, tree, database.clock.day)
    take_down(database, tree)
    remove_left(database, tree)
    outdated, relinked = database.outdated("page"), set[str]()
    for start in range(0, len(outdated), _BATCH_SIZE):
        advance("changed pages", start, len(outdated))
        ids = outdated[start : start + _BATCH_SIZE]
        with database.remaking("page", ids):
            made = list(maker.make_all(database.stored(ids)))
            tree.write_all(file for item in made for file in page_files(item))
            relinked |= {item.id for item in made}
    relinked |= _renew_below(database, tree, maker)
    feeds = Feeds.from_options(options, maker)
    if feeds.count and outdated:  # they hold the texts
        database.mark_sections_outdated(outdated)
    indexes = update_indexes(database, Renderer.from_options(options), tree, feeds)
    return Finished(purged, restored, len(relinked), indexes)


def _renew_below(database: Database, tree: Tree, maker: PageMaker) -> set[str]:
    """Renew the line below the pages whose neighbours have changed, and return which these are. A page of
    an earlier version, which has no such line, is made again if the theme has one."""
    outdated, done = database.outdated("below"), set[str]()
    for start in range(0, len(outdated), _BATCH_SIZE):
        advance("links to neighbours", start, len(outdated))
        ids = outdated[start : start + _BATCH_SIZE]
        with database.remaking("below", ids):
            renewed = {place: _renewed(tree, maker, place) for place in places(database, ids)}
            tree.write_all((place.path, page) for place, page in renewed.items() if page)
            others = [place.id for place, page in renewed.items() if not page]
            if any(map(maker.renderer.shows_below, database.stored(others[:1]))):
                maker.write(tree, others)
                done |= {*others}
            done |= {place.id for place, page in renewed.items() if page}
    return done


def _renewed(tree: Tree, maker: PageMaker, place: Placed) -> bytes:
    """Return the page at a place with that line as it is to be, b"" if it has none or is damaged."""
    try:
        page = (tree.read(place.path) or b"").decode("utf-8")
    except UnicodeDecodeError:
        return b""
    beside = neighbours(maker.database, place)
    return (maker.below.renewed(place, page, beside) or "").encode()
