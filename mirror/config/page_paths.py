"""Where a page lies in the published tree, and at which address readers find it."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import quote

from mirror.errors import ArgumentError

HOME = "README.md"
ID_PATTERN = r"(?:n\d+|[a-z]{1,9}\d{5,})"  # of an article's id in the name of its page
_FIELDS = ("section", "id", "year", "month", "day")
_TAKEN = ("feeds/", "homes/", "indexes/")  # what the folders of the tree are for that hold no pages
_PATH_RE = re.compile(r"[\w-][\w.-]*(?:/[\w-][\w.-]*)*\.md", re.ASCII)


def page_path(pattern: str, section: str, article: str, published: datetime) -> str:
    """Return the path of an article's page in the tree, such as `pages/nsc418/n13465188.md`."""
    return pattern.format(
        section=section,
        id=article,
        year=f"{published:%Y}",
        month=f"{published:%m}",
        day=f"{published:%d}",
    )


def check_pattern(name: str, pattern: str) -> None:
    """Raise ArgumentError unless every article gets a path of its own inside the tree."""
    allowed = f"a relative path with {{id}}, ending in .md, of the fields {', '.join(_FIELDS)}"
    try:
        sample = page_path(pattern, "nsc1", "n123456", datetime(2021, 12, 28))
    except (KeyError, ValueError, IndexError, AttributeError):
        raise ArgumentError(name, pattern, f"must be {allowed}") from None
    if "{id}" not in pattern or not _PATH_RE.fullmatch(sample):
        raise ArgumentError(name, pattern, f"must be {allowed}")
    if pattern.startswith(_TAKEN):
        raise ArgumentError(name, pattern, f"must not begin with {', '.join(_TAKEN)}")


def public_address(public_url: str, path: str) -> str:
    """Return the address at which readers find a file of the tree."""
    return f"{public_url}/{quote(path)}"
