"""The source sites: one module each. A new one is found by being here."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from mirror.config.names import no_such
from mirror.config.sources import parse_sources, source_pairs
from mirror.errors import ArgumentError, SiteError
from mirror.sites.base import Site, checked

__all__ = [
    "Site",
    "check_sources",
    "get_site",
    "read_site",
    "section_names",
    "site_names",
    "source_url",
]


@cache
def _sites() -> dict[str, type[Site]]:
    modules = (import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(__path__))
    found = [checked(m.SITE, m.__name__) for m in modules if hasattr(m, "SITE")]
    _check_sections(found)
    return {site.name: site for site in found}


def _check_sections(sites: list[type[Site]]) -> None:
    known: dict[str, str] = {}
    for site in sites:
        for section in site.sections:
            if known.setdefault(section, site.name) != site.name:
                raise SiteError(f"{known[section]} and {site.name} both have a section {section}")


def site_names() -> list[str]:
    """Return the names of all sites, sorted."""
    return sorted(_sites())


def read_site(name: str) -> type[Site]:
    """Return the class in a site's file, complete or not. Raises SiteError with why there is none."""
    if name not in (module.name for module in pkgutil.iter_modules(__path__)):
        raise SiteError(f"there is no file {name}.py in mirror/sites/")
    try:
        site = getattr(import_module(f"{__name__}.{name}"), "SITE", None)
    except Exception as error:  # whatever is wrong with a file that is being written
        raise SiteError(f"mirror/sites/{name}.py: {type(error).__name__}: {error}") from error
    if not (isinstance(site, type) and issubclass(site, Site)):
        raise SiteError(f"mirror/sites/{name}.py has no SITE at its end that is a class of Site")
    return site


@cache
def get_site(name: str, source: str = "", edition: str = "") -> Site:
    """Return the site of that name, as served by `source` (scheme and host) if that is given, with the
    listings of an edition.

    Raises KeyError.
    """
    site = _sites()[name]
    return site(source, edition) if source or edition else site()


def check_sources(setting: str) -> None:
    """Raise ArgumentError if MIRROR_SOURCE_URL names a site that there is not, which would be asked at its
    own address then, or gives two addresses for one."""
    names = [name for name, _ in source_pairs(setting)]
    for name in names:
        if name and name not in _sites():
            there = f"{no_such('site', name, site_names())}; there are {', '.join(site_names())}"
            raise ArgumentError("MIRROR_SOURCE_URL", setting, f"{name}: {there}")
        if names.count(name) > 1:
            whose = f"of {name}" if name else "without a NAME="
            raise ArgumentError("MIRROR_SOURCE_URL", setting, f"there are two addresses {whose}")


def source_url(setting: str, name: str) -> str:
    """Return where a site is asked, by MIRROR_SOURCE_URL: at its own address, if that gives none for it
    but the own address of another site. Raises ArgumentError, see `check_sources`."""
    check_sources(setting)
    sources = parse_sources(setting)
    found = sources.get(name) or sources.get("", "")
    of_others = {site.url for other, site in _sites().items() if other != name}
    return found if found and found not in of_others else _sites()[name].url


@cache
def section_names() -> dict[str, str]:
    """Return the names of all sections known by name: id -> name, site by site in its order."""
    return {section: name for site in _sites().values() for section, name in site.sections.items()}


def article_id(given: str, source_url: str) -> str:
    """Return the id of an article by its id or any form of its address."""
    return article_address(given, source_url)[0]


def article_address(given: str, source_url: str) -> tuple[str, str]:
    """Return the id of an article and the address that a crawl would ask, "" where only an id is given."""
    for site in (get_site(name, source_url) for name in site_names()):
        if article := site.article_id(given):
            return article, site.canonical_url(given) or ""
    return given, ""
