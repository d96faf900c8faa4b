"""Exit statuses: what a command or a crawl tells the script that ran it."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """See docs/exits.md; 1 and 2 are Scrapy's own."""

    COMPLETE = 0
    ERROR = 1  # an error in the program or in what it runs on
    USAGE = 2  # wrong arguments or settings; nothing was done
    INCOMPLETE = 3  # something could not be fetched; the next run tries again
    NO_SECTION = 4  # the site has no such section
    LOCKED = 5  # another run is at work on the same tree or database
    STORAGE = 6  # the disk is full, or a file cannot be written
    DIFFERENT = 7  # verify found differences, or adopt a page that it cannot read
    FULL = 8  # the tree holds all that it may: see scrapy rollover
    HOLLOW = 9  # the site's pages give much less than usual; nothing more was published
    REFUSED = 10  # complete, but some addresses hold no article that can be published
    UNPUBLISHED = 11  # the tree is made, but one of its homes did not take it
    UNREACHABLE = 12  # a home does not show readers what it should: see scrapy homes
