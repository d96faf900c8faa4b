"""From clean HTML to Markdown that GitHub shows as the article and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mirror.content.blocks import nest_markdown, text_markdown

_NESTING_RE = re.compile(r"<(/?)(?:blockquote|ul|ol|li|table|pre)\b")


def to_markdown(html: str) -> str:
    """Return clean HTML (see `cleaning.clean`) as Markdown, without a line break at the end.

    Only tables, what is nested and the like are worth a parser.
    """
    written: list[str] = []
    unparsed: list[str] = []  # lines of blocks that follow each other and take a parser
    for block in map(_block, _parts(html)):
        if not isinstance(block, str):
            unparsed += block
            continue
        if unparsed:
            written.append(parsed_markdown("\n".join(unparsed)))
            unparsed = []
        written.append(block)
    if unparsed:
        written.append(parsed_markdown("\n".join(unparsed)))
    return "\n\n".join(filter(None, written))


def parsed_markdown(html: str) -> str:
    """Return any clean HTML as Markdown by way of a parser: what `to_markdown` gives, but slowly."""
    from mirror.content.converter import CONVERTER  # few articles need it, and it loads a library

    return CONVERTER.convert(html)


def _block(lines: list[str]) -> str | list[str]:
    """Return a block as Markdown, its lines as they are if it takes a parser."""
    markdown = text_markdown(lines[0]) if len(lines) == 1 else nest_markdown(lines)
    return lines if markdown is None else markdown


def _parts(html: str) -> Iterator[list[str]]:
    """Yield the lines of each block: a single one of text, several of a list, a quote or a table."""
    lines: list[str] = []
    depth = 0
    for line in html.split("\n"):
        lines.append(line)
        if depth or not (line.startswith("<p>") and line.endswith("</p>")):
            depth += sum(-1 if closing else 1 for closing in _NESTING_RE.findall(line))
        if not depth:
            yield lines
            lines = []
