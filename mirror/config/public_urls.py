"""Addresses at which hosts show the files of a repository, and those at which they do not."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from mirror.errors import ArgumentError

_FILES = {  # what stands before a branch, by host
    "github.com": "blob",
    "gitlab.com": "-/blob",
    "codeberg.org": "src/branch",
    "gitea.com": "src/branch",
}
_SHOWN_RE = re.compile(r"/[^/]+/.+?/(?:blob|tree|raw|src)/.+")


def address_of_files(url: str) -> str:
    """Return at which address a host shows the files of a repository, if a public URL is not one: that of
    the repository itself, for example; else "".

    >>> address_of_files("https://github.com/me/news.git")
    'https://github.com/me/news/blob/main'
    >>> address_of_files("https://github.com/me/news/blob/main")
    ''
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    if host not in _FILES or _SHOWN_RE.fullmatch(parts.path):
        return ""
    found = [*filter(None, parts.path.split("/"))]
    owner, name = (*found[:2], *("me", "news")[len(found) :])
    return f"https://{host}/{owner}/{name.removesuffix('.git')}/{_FILES[host]}/main"


def check_files_shown(name: str, url: str) -> None:
    """Raise ArgumentError for a public URL at which its host shows no files."""
    if better := address_of_files(url):
        raise ArgumentError(name, url, f"shows no pages there, but at an address like {better}")
