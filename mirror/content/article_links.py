"""Links inside Markdown that this project wrote: towards articles by id, and back to their pages."""

from __future__ import annotations

import re
from collections.abc import Callable

from mirror.content.escaping import escape_address

_SCHEME = "article:"  # of links in adopted Markdown, which follow an article wherever its page goes
_TEXT = r"(?:[^\[\]\\]|\\.)*"
_LINK_RE = re.compile(
    rf"\\.|!\[{_TEXT}\]\([^()]*\)"
    rf"|\[(?P<text>(?:!\[{_TEXT}\]\([^()]*\)|[^\[\]\\]|\\.)*)\]\((?P<target>[^()\s]*)\)",
    re.DOTALL,
)


def unlinked(markdown: str, article: Callable[[str], str | None]) -> str:
    """Return Markdown with its links to pages replaced by links to articles.

    `article` gives the id of the article at a link's target, None if that is no page.

    >>> unlinked("[甲](n1.md)、[乙](https://b.example/)", {"n1.md": "n1"}.get)
    '[甲](article:n1)、[乙](https://b.example/)'
    """

    def target(href: str) -> str:
        found = article(href)
        return f"{_SCHEME}{found}" if found else href

    return _with_targets(markdown, target)


def linked(markdown: str, page: Callable[[str], str | None]) -> str:
    """Return Markdown with its links to articles replaced by links to their pages.

    `page` gives the link to an article's page by its id, None if it has none; then the link's text
    stays alone.

    >>> linked("[甲](article:n1)、[乙](article:n2)", {"n1": "../a/n1.md"}.get)
    '[甲](../a/n1.md)、乙'
    """

    def target(href: str) -> str | None:
        if not href.startswith(_SCHEME):
            return href
        found = page(href.removeprefix(_SCHEME))
        return escape_address(found) if found else None

    return _with_targets(markdown, target)


def articles_linked(markdown: str) -> tuple[str, ...]:
    """Return the ids of the articles that Markdown links to, each once.

    >>> articles_linked("[甲](article:n1)、[乙](article:n2)、[甲](article:n1)")
    ('n1', 'n2')
    """
    targets = (found["target"] or "" for found in _LINK_RE.finditer(markdown))
    ids = (t.removeprefix(_SCHEME) for t in targets if t.startswith(_SCHEME))
    return tuple(dict.fromkeys(ids))


def _with_targets(markdown: str, target: Callable[[str], str | None]) -> str:
    def replaced(found: re.Match[str]) -> str:
        if found["target"] is None:
            return found[0]
        new = target(found["target"])
        return found["text"] if new is None else f"[{found['text']}]({new})"

    return _LINK_RE.sub(replaced, markdown)
