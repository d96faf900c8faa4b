"""Why a run did not end with all that was asked for, and what to do about it."""

from __future__ import annotations

from mirror.exits import Exit
from mirror.quantities import counted
from mirror.reporting.summary import Figures

_TO_DO = {
    Exit.HOLLOW: "the pages gave much less than usual: see docs/run.md, Suspicion",
    Exit.NO_SECTION: "the site has no such section: check id",
    Exit.STORAGE: "make room, or see what the log says could not be written, and run it again",
    Exit.ERROR: "see the log",
}
_HALTS = {  # why nothing could be fetched any more, by what the figures say of it
    "halted/unreachable": "the site was out of reach",
    "halted/proxies": "no proxy worked any more",
    "halted/moved": "the site leads to another address, see MIRROR_SOURCE_URL in the log",
    "halted/robots": "the site's robots.txt could not be had",
    "halted/stalled": "nothing happened any more, the log says what it waited for",
}
_UNTAKEN = "unpublished/"  # before the name of a home, in the figures


def reason(status: Exit, figures: Figures | None) -> str:
    """Return in words why a run ended as it did and what to do, empty if there is nothing to be done."""
    if status is Exit.INCOMPLETE:
        return f"{_missing(figures)}; run it again, it goes on where it was"
    if status is Exit.REFUSED and figures:
        return (
            f"no article on {counted(figures.counts['refused'], 'page')}: scrapy status lists them"
        )
    if status is Exit.UNPUBLISHED:
        homes = ", ".join(_homes(figures)) or "a home"
        return f"{homes} did not take it: the next run offers it again, scrapy homes says more"
    return _TO_DO.get(status, "")


def _homes(figures: Figures | None) -> list[str]:
    """Return the homes that did not take what there is to publish, with their addresses."""
    others = figures.others if figures else {}
    return [name.removeprefix(_UNTAKEN) for name in others if name.startswith(_UNTAKEN)]


def _missing(figures: Figures | None) -> str:
    """Return in words what a run could not fetch."""
    if figures is None:
        return "it was stopped"
    failed, pages = figures.counts["failed"], figures.others.get("listing_pages_failed", 0)
    found = [
        *(words for halt, words in _HALTS.items() if figures.others.get(halt)),
        f"{counted(failed, 'article')} could not be fetched" if failed else "",
        f"{counted(pages, 'listing page')} could not be read" if pages else "",
    ]
    return ", ".join(filter(None, found)) or "it was stopped before its end"
