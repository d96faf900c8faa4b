"""Section ids as an operator gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mirror.errors import ArgumentError

if TYPE_CHECKING:
    from mirror.sites.base import Site


def section_ids(given: str, site: Site) -> tuple[str, ...]:
    """Return the sections of an `id` argument in its order, each once. Raises ArgumentError."""
    names = filter(None, (name.strip() for name in given.split(",")))
    sections = [site.section_id(name) for name in names]
    if not sections or None in sections:
        example = next((f" such as {section}" for section in site.sections), "")
        raise ArgumentError("id", given, f"must be section ids{example}, separated by commas")
    return tuple(dict.fromkeys(filter(None, sections)))
