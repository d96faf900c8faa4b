"""Where the tree is published: the homes that the operator has set, and how commits are signed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from mirror.config.page_paths import HOME, public_address
from mirror.config.paths import check_place
from mirror.config.script import check_script, script_of
from mirror.config.ssh import check_ssh, ssh_folder
from mirror.config.values import flag, number, quoting, share
from mirror.errors import ArgumentError, without_secrets

_FIELDS = ("name", "public_url", "remote", "branch")
_MAY_HAVE = "script"
_PUBLIC_URL_RE = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9:/?#!$&()*+,;=._~%\[\]-]*")
_SCP_RE = re.compile(
    r"(?:[\w.-]+@)?[\w.-]+:(?!/?/)[^\s]+", re.ASCII
)  # git@host:path, see git-push(1)
_BRANCH_RE = re.compile(r"(?!.*(?:\.\.|//|@\{|\.lock(?:/|$)))\w[\w./@+-]*(?<![./])", re.ASCII)
_NAME_RE = re.compile(r"[^<>\x00-\x1f\x7f]*\w[^<>\x00-\x1f\x7f]*")
_EMAIL_RE = re.compile(r"[^<>@\s\x00-\x1f]+@[^<>@\s\x00-\x1f]+")
_HIDDEN = "..."  # it may hold what should not be there
_MAX_NAME_LENGTH = 60  # characters


@dataclass(frozen=True, slots=True)
class Home:
    """One place where readers find the mirror, and the remote repository behind it."""

    name: str
    public_url: str
    remote: str
    branch: str
    script: str = ""  # of its pages, see mirror.config.script


@dataclass(frozen=True, slots=True)
class Publishing:
    """What the operator has set about publishing; see docs/settings.md."""

    homes: tuple[Home, ...]
    at_end: bool  # of each crawl
    most_failed: float  # share of a crawl's articles with which it still publishes
    name: str  # author and committer
    email: str
    message: str  # with {new}, {changed}, {removed}, {titles}; empty: counts in Chinese
    timeout: int  # seconds for one push
    ssh_folder: (
        Path | None
    )  # of the key for homes that are reached by ssh; None: the operator's own

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Publishing:
        """Return what the settings give; see `check`. Raises ArgumentError."""
        return cls(
            homes=tuple(_homes(settings["MIRROR_HOMES"], script_of(settings))),
            at_end=flag(settings, "MIRROR_PUBLISH"),
            most_failed=share(settings, "MIRROR_PUBLISH_MAX_FAILED"),
            name=str(settings["MIRROR_GIT_NAME"]),
            email=str(settings["MIRROR_GIT_EMAIL"]),
            message=str(settings["MIRROR_GIT_MESSAGE"]),
            timeout=number(settings, "MIRROR_PUSH_TIMEOUT", least=1),
            ssh_folder=ssh_folder(settings),
        )

    def check(self, public_url: str, script: str = "") -> None:
        """Raise ArgumentError for the first setting that nothing can be published with;
        `public_url` and `script` are those of the tree."""
        if self.ssh_folder:
            check_ssh(self.ssh_folder)
        if not _NAME_RE.fullmatch(self.name):
            raise ArgumentError("MIRROR_GIT_NAME", self.name, "must be a name, without < and >")
        if not _EMAIL_RE.fullmatch(self.email):
            raise ArgumentError("MIRROR_GIT_EMAIL", self.email, "must be like name@example.invalid")
        try:
            self.subject(1, 1, 1)
        except (KeyError, ValueError, IndexError, AttributeError):
            allowed = "must be a text with no fields but {new}, {changed}, {removed} and {titles}"
            raise ArgumentError("MIRROR_GIT_MESSAGE", self.message, allowed) from None
        if self.homes and public_url not in (home.public_url for home in self.homes):
            urls = ", ".join(home.public_url for home in self.homes)
            allowed = f"must be the public_url of a home in MIRROR_HOMES ({urls})"
            raise ArgumentError("MIRROR_PUBLIC_URL", public_url, allowed)

        for home in self.homes:
            if home.public_url == public_url and home.script != script:
                allowed = "is that of MIRROR_SCRIPT at MIRROR_PUBLIC_URL"
                raise ArgumentError(f"MIRROR_HOMES {home.name} script", home.script, allowed)

    def in_other_script(self, script: str) -> Home | None:
        """Return the first home whose pages are in another script, None if there is none."""
        return next((home for home in self.homes if home.script != script), None)

    def scripts(self, script: str) -> str:
        """Return what the pages of a tree in a script show of scripts: that, and the address of the home
        in another one that they lead to."""
        other = self.in_other_script(script)
        return f"{script} {other.script}={other.public_url}" if other else script

    @property
    def shows_titles(self) -> bool:
        """Whether the message of a commit shows the titles of its articles."""
        return "{titles" in self.message

    def subject(self, new: int, changed: int, removed: int, titles: Sequence[str] = ()) -> str:
        """Return the message of a commit by how many pages it brings, changes and takes away, and the
        titles of those that it brings."""
        given = {"new": new, "changed": changed, "removed": removed, "titles": "\n".join(titles)}
        if message := self.message.format(**given).strip():
            return message
        counts = {"新增": new, "更新": changed, "删除": removed}
        shown = [f"{word} {count}" for word, count in counts.items() if count]
        return f"同步: {', '.join(shown) or '目录'}"

    def addresses(self) -> dict[str, str]:
        """Return the address of each home's README.md, and its name; each address once."""
        found: dict[str, str] = {}
        for home in self.homes:
            found.setdefault(public_address(home.public_url, HOME), home.name)
        return found

    def moved(self, old: str, new: str) -> Publishing:
        """Return the same after the homes at one public URL have moved to another."""
        if new in (home.public_url for home in self.homes):
            return self
        homes = (replace(h, public_url=new) if h.public_url == old else h for h in self.homes)
        return replace(self, homes=tuple(homes))


def _homes(value: object, script: str) -> Iterator[Home]:
    """Yield the homes that are set; those without a script are in that of the tree."""
    fields = f"{', '.join(_FIELDS)}, and {_MAY_HAVE} if it is another one"
    allowed = f"must be a JSON list of objects with {fields}; or empty"
    try:
        rows = json.loads(value) if isinstance(value, str) and value.strip() else value or []
    except ValueError as error:
        allowed += quoting("MIRROR_HOMES", value, '[{"name": ...}]')
        raise ArgumentError("MIRROR_HOMES", _HIDDEN, f"{allowed} ({error})") from None
    if not isinstance(rows, list | tuple):
        raise ArgumentError("MIRROR_HOMES", _HIDDEN, allowed)
    names: set[str] = set()
    places: set[tuple[str, str]] = set()
    scripts: dict[str, str] = {}  # by public URL
    for row in rows:
        if not isinstance(row, Mapping) or {*row} - {_MAY_HAVE} != {*_FIELDS}:
            raise ArgumentError("MIRROR_HOMES", _HIDDEN, allowed)
        home = Home(**{"script": script} | {name: str(row[name]).strip() for name in row})
        _check_home(home)
        if home.name in names:
            raise ArgumentError("MIRROR_HOMES name", home.name, "two homes have this name")
        if (home.remote, home.branch) in places:
            raise ArgumentError(
                f"MIRROR_HOMES {home.name} remote", home.remote, "another home has it"
            )
        if scripts.setdefault(home.public_url.rstrip("/"), home.script) != home.script:
            allowed = "another home with its public_url has another one"
            raise ArgumentError(f"MIRROR_HOMES {home.name} script", home.script, allowed)
        names.add(home.name)
        places.add((home.remote, home.branch))
        yield replace(home, public_url=home.public_url.rstrip("/"), remote=_absolute(home.remote))


def _check_home(home: Home) -> None:
    if not _NAME_RE.fullmatch(home.name) or len(home.name) > _MAX_NAME_LENGTH:
        raise ArgumentError(
            "MIRROR_HOMES name", home.name, f"must be one line, 1-{_MAX_NAME_LENGTH} characters"
        )
    name = f"MIRROR_HOMES {home.name}"
    if not _PUBLIC_URL_RE.fullmatch(home.public_url):
        raise ArgumentError(f"{name} public_url", home.public_url, "must be an http(s) address")
    if not _BRANCH_RE.fullmatch(home.branch):
        raise ArgumentError(
            f"{name} branch", home.branch, "must be the name of a branch, like main"
        )
    check_script(f"{name} script", home.script)
    _check_remote(f"{name} remote", home.remote)


def _check_remote(name: str, remote: str) -> None:
    """Raise ArgumentError unless it is a remote that Git can push to, with no secret in it."""
    shown = without_secrets(remote).partition("?")[0]
    allowed = "must be https://host/path, ssh://git@host/path, git@host:path or a folder's path"
    try:
        parts = urlsplit(remote)
        user, password, _ = parts.username, parts.password, parts.port
    except ValueError:
        raise ArgumentError(name, shown, allowed) from None
    if password is not None or (user is not None and parts.scheme == "https") or parts.query:
        raise ArgumentError(
            name,
            shown,
            "must hold no user, password or token: keep them in a credential helper "
            "(git config --global credential.helper store) or use an ssh key",
        )
    is_url = parts.scheme in ("https", "ssh") and bool(parts.hostname and parts.path.strip("/"))
    is_file = parts.scheme == "file" and not parts.netloc and bool(parts.path)
    if not (is_url or is_file or _is_folder(remote) or _SCP_RE.fullmatch(remote)):
        raise ArgumentError(name, shown, allowed)
    if _is_folder(remote):
        check_place(name, remote, Path(remote).expanduser(), "/srv/mirror/news.git")
    if remote.startswith("-") or any(ord(c) < 32 for c in remote):
        raise ArgumentError(name, shown, allowed)


def _is_folder(remote: str) -> bool:
    """Whether Git takes this for a path: no colon before the first slash."""
    return bool(remote) and ":" not in remote.split("/")[0]


def local_folder(remote: str) -> Path | None:
    """Return the folder of a home on this machine, None if it is elsewhere."""
    if remote.startswith("file://"):
        return Path(unquote(urlsplit(remote).path))
    return Path(remote).expanduser().resolve() if _is_folder(remote) else None


def host_of(remote: str) -> str:
    """Return the host of a home that is elsewhere."""
    if "://" in remote:
        return urlsplit(remote).hostname or ""
    return remote.partition(":")[0].rpartition("@")[2]


def _absolute(remote: str) -> str:
    return str(local_folder(remote)) if _is_folder(remote) else remote
