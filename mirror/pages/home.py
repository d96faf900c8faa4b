"""The home page: all sections with their newest articles, and where else the mirror is."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mirror.config.page_paths import HOME
from mirror.pages.entries import closed_homes, entries, newest, pinned
from mirror.pages.index_paths import section_path
from mirror.pages.qr import qr_png
from mirror.pages.rendering import (
    HOME_CODES,
    Entry,
    Renderer,
    SectionEntry,
    SectionGroup,
    section_name,
)
from mirror.sites import section_names
from mirror.sites.sections import section_of

if TYPE_CHECKING:
    from mirror.config.front import Front
    from mirror.pages.tree import Tree
    from mirror.store.database import Database

logger = logging.getLogger(__name__)

_NEWEST_AT_HOME = 5
_OTHERS = "其他"  # the sections that are in no group


def write_home(database: Database, renderer: Renderer, tree: Tree) -> int:
    """Write the home page and its QR codes, and remove those of homes that are no more; return how many
    files changed. Raises OSError."""
    ids = renderer.front.pinned
    if absent := set(ids) - {row.id for row in pinned(database, ids)}:
        logger.warning("MIRROR_PINNED: there is no page here of %(ids)s", {"ids": sorted(absent)})
    files = home_page(database, renderer)
    here = {f"{HOME_CODES}/{file.name}" for file in (tree.folder / HOME_CODES).glob("*.png")}
    gone = here - {path for path, _ in files}
    return tree.write_all(files) + sum(map(tree.remove, sorted(gone)))


def home_page(database: Database, renderer: Renderer) -> list[tuple[str, bytes]]:
    """Return path and content of the QR codes of all homes and of the home page."""
    fixed = pinned(database, renderer.front.pinned)
    groups = _groups(database, renderer.front, {row.path for row in fixed})
    homes = closed_homes(database, "新闻", HOME)
    page = renderer.home(groups, homes, entries(database, HOME, fixed))
    return [
        (f"{HOME}.png", qr_png(renderer.address(HOME))),
        *((home.qr, qr_png(home.link)) for home in renderer.homes),
        (HOME, page.encode()),
    ]


def _groups(database: Database, front: Front, shown: set[str]) -> list[SectionGroup]:
    """Return the sections with their newest articles, each once, without those whose pages are `shown`
    above them."""
    order = list(section_names())
    known = sorted(
        database.sections(), key=lambda s: (order.index(s) if s in order else len(order), s)
    )
    made = []
    for name, sections in grouped(known, front.groups):
        group = SectionGroup(name, [])
        for section in sections:
            found = newest(database, section, _NEWEST_AT_HOME * len(known), front.hidden)
            unseen = [row for row in found if row.path not in shown][:_NEWEST_AT_HOME]
            shown |= {row.path for row in unseen}
            lines, path = entries(database, HOME, unseen), section_path(section)
            years = [Entry(year, f"{path}#{year}年") for year in database.months(section, 4)]
            group.sections.append(SectionEntry(section_name(section), path, lines, years))
        made.append(group)
    return made


def grouped(
    known: Sequence[str], groups: Mapping[str, Sequence[str]]
) -> list[tuple[str, list[str]]]:
    """Return the sections as groups show them, those that are in none at the end; without groups all in
    one that has no name."""
    rest = list(known)
    found = []
    for name, given in groups.items():
        sections = [section for section in dict.fromkeys(map(section_of, given)) if section in rest]
        rest = [section for section in rest if section not in sections]
        found.append((name, sections))
    found.append((_OTHERS if groups else "", rest))
    return [(name, sections) for name, sections in found if sections]
