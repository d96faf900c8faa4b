"""Templates of exports: files of templates/, filled in with texts that are escaped as they go in."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from mirror.config.themes import template_files
from mirror.content.script import html_in

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def environment(folder: str, script: str = "") -> Environment:
    """Return where the templates of a kind of export are, by the name of their folder, with their words
    in a script."""
    from jinja2 import DictLoader, Environment, StrictUndefined

    files = {name: html_in(script, text) for name, text in template_files(folder).items()}
    return Environment(
        loader=DictLoader(files),
        undefined=StrictUndefined,
        autoescape=True,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
