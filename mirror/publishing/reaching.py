"""What readers find at each home, asked from outside: there, gone, blocked and why, moved."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from mirror.config.homes import Home
from mirror.config.page_paths import HOME, public_address
from mirror.config.proxies import environment_proxy, proxy_without_curl
from mirror.publishing.asking import Answer, ask
from mirror.publishing.publisher import reference_of
from mirror.publishing.repository import Repository

if TYPE_CHECKING:
    from mirror.config.options import Options

# A repository in a public URL: of GitHub, GitLab, Gitea and Forgejo, Bitbucket.
_REPOSITORY_RE = re.compile(r"(https?://[^/]+/.+?)(?:/-)?/(?:blob|src/branch|src|raw)/[^/]+$")
_GITHUB_RE = re.compile(r"(https?)://(?:www\.)?github\.com/([^/]+)/([^/]+)")
_SIGN_IN_RE = re.compile(r"/(?:login|signin|users?/(?:sign_in|login))\b")
_DEFAULT_RE = re.compile(rb"symref=HEAD:refs/heads/(\S+)")
_MAX_TOLD = 300  # characters of what a host says
_TEMPORARY = (408, 425, 429, *range(500, 600))
_SERVICE = b"# service=git-upload-pack"  # how the answer of Git's smart protocol begins
_OTHER_BRANCH = (
    "its default branch is {}: make {} the default there, or who opens the repository sees another"
)
_WHAT_TO_DO = {
    "closed": "make the repository public",
    "failing": "ask again later",
    "silent": "ask again later, or from another network (MIRROR_PROXIES)",
}

Ask = Callable[[str], Answer]


class Reached(NamedTuple):
    """What a reader finds at a home; `advice` is what to do about it, empty if there is nothing."""

    name: str
    public_url: str
    state: str  # reachable, moved, gone, refused, blocked, closed, failing or silent
    told: str = ""  # of the state
    advice: str = ""
    behind: str = ""  # how far, in words; empty if that cannot be told


def reach_all(options: Options) -> list[Reached]:
    """Ask each home once, all side by side; MIRROR_PUBLIC_URL itself if none is set. Raises
    ArgumentError if the only proxies are of a kind that leads to none."""
    homes = {home.public_url: home for home in reversed(options.publishing.homes)}
    if not homes:
        host = urlsplit(options.public_url).hostname or options.public_url
        homes = {options.public_url: Home(host, options.public_url, "", "")}
    asked = list(reversed(homes.values()))
    with ThreadPoolExecutor(len(asked)) as pool:
        return list(pool.map(lambda home: _reach(home, options), asked))


def _reach(home: Home, options: Options) -> Reached:
    proxy = proxy_without_curl(options.proxies, "homes are not asked")

    def asked(address: str) -> Answer:
        return ask(address, proxy or environment_proxy(address))

    page = asked(public_address(home.public_url, HOME))
    refs = _references(home, asked)
    branches = _branches(refs.body)
    state, told = _state(page, home, asked)
    behind = _behind(branches.get(home.branch, ""), home, options)
    reached = Reached(home.name, home.public_url, state, told, behind=behind)
    advice = _advice(reached, home, page, refs, is_main=home.public_url == options.public_url)
    return reached._replace(advice=advice)


def _state(page: Answer, home: Home, asked: Ask) -> tuple[str, str]:
    """Return what a home's answer means, and what can be told of it."""
    if page.status == 0:
        return "silent", page.body.decode("utf-8", "replace")
    if page.status in _TEMPORARY:
        return "failing", f"status {page.status}"
    if _SIGN_IN_RE.search(urlsplit(page.address).path):
        return "closed", "readers are asked to sign in"
    if page.status in (403, 404, 410, 451):
        names = {403: "refused", 451: "blocked"}
        reason = _reason_at_github(home, asked)
        state = "blocked" if reason else names.get(page.status, "gone")
        return state, f"status {page.status}{f': {reason}' if reason else ''}"
    if page.status != 200:
        return "failing", f"status {page.status}"
    if _place(page.address) != _place(public_address(home.public_url, HOME)):
        return "moved", f"to {page.address.removesuffix(f'/{HOME}')}"
    return "reachable", ""


def _behind(there: str, home: Home, options: Options) -> str:
    """Return how far a home is behind what is committed for it, "" if that cannot be told."""
    name, email = options.publishing.name, options.publishing.email
    repository = Repository(options.output, name, email)
    if not there or not repository.place.exists():
        return ""
    here = repository.find(reference_of(home))
    if not here:
        return ""
    count = repository.count_between(there, here)
    if count is None:
        return "holds commits that are not this mirror's"
    return f"{count} commits behind" if count else "has all that was pushed"


def _place(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return (parts.hostname or "", parts.path.rstrip("/"))


def _reason_at_github(home: Home, asked: Ask) -> str:
    """Return why GitHub does not show a repository, empty if it gives no reason.

    docs.github.com: the API answers 451 or 403 with an object `block` of `reason` and `html_url`.
    """
    found = _GITHUB_RE.match(home.public_url)
    if not found:
        return ""
    scheme, owner, name = found.groups()
    answer = asked(f"{scheme}://api.github.com/repos/{owner}/{name}")
    try:
        said = json.loads(answer.body)
    except ValueError:
        return ""
    block = said.get("block") if isinstance(said, Mapping) else None
    if not isinstance(block, Mapping):
        return ""
    parts = (
        said.get("message"),
        block.get("reason"),
        block.get("created_at"),
        block.get("html_url"),
    )
    told = ", ".join(str(part) for part in parts if part)[:_MAX_TOLD]
    return "".join(letter if letter.isprintable() else " " for letter in told)


def _references(home: Home, asked: Ask) -> Answer:
    """Return what the repository behind a home tells whoever clones it; status 0 if its address
    cannot be told from the public one."""
    repository = _REPOSITORY_RE.match(home.public_url)
    if not repository:
        return Answer(0, "", b"")
    return asked(f"{repository[1]}.git/info/refs?service=git-upload-pack")


def _branches(refs: bytes) -> dict[str, str]:
    """Return the commit that each branch is at, by what Git's smart protocol lists."""
    return dict(_rows(refs)) if _SERVICE in refs[:50] else {}


def _rows(refs: bytes) -> Iterator[tuple[str, str]]:
    for line in re.finditer(rb"([0-9a-f]{40,64}) refs/heads/([^\0\n]+)", refs):
        yield line[2].decode("utf-8", "replace"), line[1].decode()


def _advice(reached: Reached, home: Home, page: Answer, refs: Answer, *, is_main: bool) -> str:
    """Return what the operator should do about a home, empty if there is nothing."""
    branches, default = _branches(refs.body), _DEFAULT_RE.search(refs.body)
    is_there = home.branch in branches if home.branch else bool(branches)
    if reached.state == "reachable":
        name = default[1].decode("utf-8", "replace") if default else home.branch
        return (
            _OTHER_BRANCH.format(name, home.branch) if home.branch and name != home.branch else ""
        )
    if reached.state == "gone" and is_there:
        return "the repository is there, the page is not: scrapy publish, and check public_url"
    if reached.state == "gone" and branches:
        return f"the repository is there, without a branch {home.branch}: scrapy publish"
    if reached.state in _WHAT_TO_DO:
        return _WHAT_TO_DO[reached.state]
    move = (
        "scrapy rebase --public-url {}" if is_main else "set its public_url in MIRROR_HOMES to {}"
    )
    has_moved = reached.state == "moved"
    there = page.address.removesuffix(f"/{HOME}") if has_moved else "ITS-ADDRESS"
    first = "" if has_moved else "begin an empty repository elsewhere, "
    return f"{first}{move.format(there)}; then set its remote anew, and scrapy publish"
