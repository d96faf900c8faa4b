"""A saved page and what its site makes of it, compared."""

from __future__ import annotations

import json
from pathlib import Path

from mirror.sites import get_site
from mirror.sites.samples import REVIEWED, expected, load


def check(file: Path) -> None:
    """Assert that a site makes of a saved page what the file beside it says, and that somebody has
    reviewed that."""
    site, sample = get_site(file.parent.name), load(file)
    wanted = json.loads(file.with_suffix(".json").read_text("utf-8"))
    made = expected(site, sample)
    if "error" in made and "error" in wanted:  # its wording is for the reader
        wanted["error"] = made["error"]
    is_reviewed = wanted.pop(REVIEWED, True)
    assert made == wanted
    assert is_reviewed, f'compare {file.stem}.json with the page, then set "{REVIEWED}": true'
