"""Section ids as an operator gives them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mirror.errors import ArgumentError
from mirror.sites import Site, get_site, site_names


def section_ids(given: str, site: Site) -> tuple[str, ...]:
    """Return the sections of an `id` argument in its order, each once. Raises ArgumentError."""
    found = sections_by_site(given, [site.name])
    if list(found) != [site.name]:
        raise _refusal(given, [site])
    return found[site.name]


def sections_by_site(given: str, names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the sections of an `id` argument by the names of their sites, in its order, each once.

    `names` are the sites whose sections it may give; `ntd:china` is one of another. Raises
    ArgumentError.
    """
    sites = [get_site(name) for name in names]
    found: dict[str, list[str]] = {}
    for part in filter(None, (part.strip() for part in given.split(","))):
        prefix, colon, name = part.rpartition(":")
        if colon and prefix not in site_names():
            raise ArgumentError(
                "id", given, f"no site {prefix}; there are {', '.join(site_names())}"
            )
        place = _place(name, [get_site(prefix)] if colon else sites)
        if place is None:
            raise _refusal(given, sites)
        found.setdefault(place[0], []).append(place[1])
    if not found:
        raise _refusal(given, sites)
    return {site: tuple(dict.fromkeys(sections)) for site, sections in found.items()}


def check_sections(name: str, ids: Iterable[str]) -> None:
    """Raise ArgumentError for the first section of a setting that no site can have."""
    for given in ids:
        if not section_of(given):
            allowed = "must be section ids such as nsc418, or ntd:china"
            raise ArgumentError(name, given, allowed)


def section_of(given: str) -> str:
    """Return the id of a section as an operator names it, `nsc418` or `ntd:china`; "" if no site can have
    it."""
    try:
        ((section,),) = sections_by_site(given, site_names()).values()
        return section
    except (ArgumentError, ValueError):
        return ""


def first_of(order: Sequence[str], listed: str, own: str) -> str:
    """Return the section that an article goes to: the one that listed it, or the one that its page names if
    that comes before in the order asked for, as its listing may not have been read; "" if there is none.

    A page names one section. If a listing before that one is out of order, what stands there and in a later
    one goes to the later one, as to wait for the listing would keep news back, and an address that readers
    have does not change.

    >>> first_of(["nsc418", "nsc413"], "nsc413", "nsc418"), first_of(["nsc418"], "nsc418", "nsc413")
    ('nsc418', 'nsc418')
    """
    if listed in order and own in order[: order.index(listed)]:
        return own
    return listed or own


def _place(name: str, sites: Sequence[Site]) -> tuple[str, str] | None:
    """Return the site and the id of a section: of a site whose ids are like this name, or that has one of
    this name; of a single site also one that it may have."""
    alike = [site for site in sites if site.is_section(name)]
    having = [site for site in sites if site.section_id(name) in site.sections]
    asked = [*alike, *having] or (sites if len(sites) == 1 else [])
    found = ((site.name, site.section_id(name)) for site in asked)
    return next(((site, section) for site, section in found if section), None)


def _refusal(given: str, sites: Sequence[Site]) -> ArgumentError:
    examples = ", ".join(next(iter(site.sections), site.name) for site in sites)
    allowed = f"must be section ids such as {examples}, separated by commas"
    return ArgumentError("id", given, allowed)
