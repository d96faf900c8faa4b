"""Templates of exports: files of templates/, filled in with texts that are escaped as they go in."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from mirror.config.themes import template_files

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def environment(folder: str) -> Environment:
    """Return where the templates of a kind of export are, by the name of their folder."""
    from jinja2 import DictLoader, Environment, StrictUndefined

    return Environment(
        loader=DictLoader(template_files(folder)),
        undefined=StrictUndefined,
        autoescape=True,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
