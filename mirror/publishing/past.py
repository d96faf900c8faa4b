"""What of withdrawn articles stays in Git, said as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mirror.publishing.repository import Repository

if TYPE_CHECKING:
    from mirror.config.options import Options

_ADVICE = """\
Nothing here rewrites commits, and homes take only what is added. Whoever has a clone or a fork keeps
all of it; GitHub shows a file of an old commit to whoever knows its address, also after a forced push.
To begin without that past:
  1. At each home delete the repository, and make an empty one of the same name: the addresses stay. At
     GitHub, forks outlive this; its support removes cached views on request.
  2. rm -rf {folder}/.git
  3. scrapy publish
Readers lose nothing by it: the new history begins with all pages that are there now."""


def past_of(options: Options, articles: Sequence[str]) -> str:
    """Return in words in which commits articles are, and how a home begins without them."""
    publishing = options.publishing
    repository = Repository(options.output, publishing.name, publishing.email)
    if not repository.place.exists():
        return f"Nothing was ever committed in {options.output}: no past holds them."
    lines = [_commits(repository, article) for article in articles]
    homes = ", ".join(f"{home.name} ({home.remote})" for home in publishing.homes) or "none are set"
    return "\n".join([*lines, f"Homes: {homes}.", _ADVICE.format(folder=options.output)])


def _commits(repository: Repository, article: str) -> str:
    pages = f":(glob)**/{article}.md*"
    found = repository.text("log", "--all", "--format=%h %cs", "--", pages).splitlines()
    if not found:
        return f"{article}: in no commit"
    return (
        f"{article}: in commits from {found[-1]} up to {found[0]}, {len(found)} of them change it"
    )
