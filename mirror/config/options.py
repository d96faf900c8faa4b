"""The MIRROR_* settings, read and checked in one place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mirror.config.database import (
    check_database,
    check_shared,
    database_file,
    database_url,
    redis_url,
)
from mirror.config.evidence import warc_folder
from mirror.config.exporting import Exporting
from mirror.config.fake_ip import fake_network
from mirror.config.fetcher import fetcher_of
from mirror.config.front import Front
from mirror.config.homes import Publishing
from mirror.config.limits import Fullness, Limits
from mirror.config.notifying import Notifying
from mirror.config.page_paths import check_pattern
from mirror.config.paths import check_place
from mirror.config.pictures import Pictures
from mirror.config.profiles import MANNERS, PROFILES, default_profile
from mirror.config.proxies import environment_proxy, parse_proxies, proxies_of, proxy_without_curl
from mirror.config.public_urls import check_files_shown
from mirror.config.script import script_of
from mirror.config.sources import parse_sources
from mirror.config.themes import theme_folders
from mirror.config.values import flag, folder_of, number, one_of, seconds
from mirror.config.writing import check_file, make_folder
from mirror.errors import ArgumentError

_SIGNING = ("request", "session")
_ELSEWHERE = "https://site.invalid"  # stands for a site at its own address
_DISPLAYS = ("", "live", "log", "quiet")
_MAX_KEEP_DAYS = 99_999  # before that lie years that no calendar here has
_MAX_FULL_BYTES = 10**15
_MAX_WORKERS = 999
_ADDRESS_RE = re.compile(r"[A-Za-z0-9:/?#@!$&()*+,;=._~%\[\]-]+")


@dataclass(frozen=True, slots=True)
class Options:
    """What the operator has set; see docs/settings.md."""

    source_url: str  # of all sites, or NAME=ADDRESS of some; in a crawl that of its site
    output: Path
    database_url: str
    public_url: str
    short_url: str  # leads to the public one; empty: there is none
    page_path: str
    theme: str
    script: str  # hans or hant; empty: as the source gives it
    beacon_url: str
    profile: str
    keep: Limits
    full: Fullness
    pictures: Pictures
    front: Front
    feeds: int  # articles that a feed holds; 0: there are no feeds
    exporting: Exporting
    suspicion: bool  # whether a crawl distrusts what it gets
    workers: int  # processes of a crawl; 0: one for each core
    publishing: Publishing
    lock_wait: int  # seconds
    pause: float  # seconds that a host that refuses is left alone at first
    backlog: int | None  # listing pages that a run reads beyond the newest; None: all
    stall_timeout: float  # seconds without progress after which a crawl is ended; 0: never
    user_agent: str  # request or session
    fetcher: str
    proxies: tuple[str, ...]  # as set; see `routes`
    fake_ip: IPv4Network | None  # of the addresses that a proxy gives in place of the true ones
    display: str  # live, log or quiet; empty: live on a terminal
    notifying: Notifying
    metrics_file: Path | None
    stats_file: Path | None
    warc: Path | None  # the folder of what was fetched; None: it is not kept
    lease: int  # seconds for which a silent worker of a cluster keeps what it holds
    redis_url: str  # of a cluster's Redis; empty: there is no cluster

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Options:
        """Return the options that the settings give; see `check`. Raises ArgumentError."""
        return cls(
            source_url=str(settings["MIRROR_SOURCE_URL"]).rstrip("/"),
            output=folder_of(settings, "MIRROR_OUTPUT"),
            database_url=database_url(settings),
            public_url=str(settings["MIRROR_PUBLIC_URL"]).rstrip("/"),
            short_url=str(settings["MIRROR_SHORT_URL"]).rstrip("/"),
            page_path=str(settings["MIRROR_PAGE_PATH"]),
            theme=str(settings["MIRROR_THEME"]),
            script=script_of(settings),
            beacon_url=str(settings["MIRROR_BEACON_URL"]).rstrip("/"),
            profile=_profile(settings),
            keep=Limits(
                number(settings, "MIRROR_KEEP_PAGES"),
                number(settings, "MIRROR_KEEP_DAYS", most=_MAX_KEEP_DAYS),
            ),
            full=Fullness(
                number(settings, "MIRROR_FULL_PAGES"),
                number(settings, "MIRROR_FULL_BYTES", most=_MAX_FULL_BYTES),
            ),
            pictures=Pictures.from_settings(settings),
            front=Front.from_settings(settings),
            feeds=number(settings, "MIRROR_FEEDS"),
            exporting=Exporting.from_settings(settings),
            suspicion=flag(settings, "MIRROR_SUSPICION"),
            workers=number(settings, "MIRROR_WORKERS", most=_MAX_WORKERS),
            publishing=Publishing.from_settings(settings),
            lock_wait=number(settings, "MIRROR_LOCK_WAIT"),
            pause=seconds(settings, "MIRROR_PAUSE") or MANNERS[_profile(settings)].pause,
            backlog=_backlog(settings),
            stall_timeout=seconds(settings, "MIRROR_STALL_TIMEOUT"),
            user_agent=one_of(settings, "MIRROR_USER_AGENT", _SIGNING),
            fetcher=fetcher_of(settings),
            proxies=proxies_of(settings),
            fake_ip=fake_network(settings),
            display=one_of(settings, "MIRROR_DISPLAY", _DISPLAYS),
            notifying=Notifying.from_settings(settings),
            metrics_file=file_of(settings, "MIRROR_METRICS_FILE"),
            stats_file=file_of(settings, "MIRROR_STATS_FILE"),
            warc=warc_folder(settings),
            lease=number(settings, "MIRROR_LEASE", least=5),
            redis_url=redis_url(settings),
        )

    def check(self) -> None:
        """Raise ArgumentError for the first setting that no run can start with; make the folders."""
        self.check_values()
        self.see_to_folders(make_folder)

    def see_to_folders(self, see_to: Callable[[str, object, Path], None]) -> None:
        """Make the folders that a run writes to, or look at them alone (mirror.config.writing). Raises
        ArgumentError for what cannot be written."""
        for name, value, folder in self._folders():
            see_to(name, value, folder)
        for name, file in self._files():
            check_file(name, file)

    def check_values(self) -> None:
        """Raise ArgumentError for the first setting that no run can start with; make nothing."""
        _check_source("MIRROR_SOURCE_URL", self.source_url)
        _check_url("MIRROR_PUBLIC_URL", self.public_url)
        if self.short_url:
            _check_url("MIRROR_SHORT_URL", self.short_url)
        if self.beacon_url:
            _check_url("MIRROR_BEACON_URL", self.beacon_url)
        check_pattern("MIRROR_PAGE_PATH", self.page_path)
        if "/" in self.theme:
            check_place("MIRROR_THEME", self.theme, Path(self.theme), "/srv/mirror/theme")
        theme_folders(self.theme)
        check_place("MIRROR_OUTPUT", self.output, self.output, "/srv/mirror/output")
        self.publishing.check(self.public_url, self.script)
        if self.publishing.at_end:
            self.check_public()
        if self.notifying.has_address:
            proxy_without_curl(self.proxies, "notices do not go")
        self.notifying.check()
        check_database(self.database_url)
        for name, file in self._files():
            check_place(name, file, file, "/srv/mirror/stats.json")
        if self.redis_url:
            check_shared(self.database_url)
        keys = self.publishing.ssh_folder
        secret = [("MIRROR_SSH_FOLDER", keys, keys)] if keys else []
        exports = ("MIRROR_EXPORT_FOLDER", self.exporting.folder, self.exporting.folder)
        _, *written = self._folders()  # the first one is published
        for name, value, folder in [*written, *secret, exports]:
            self.check_private(name, value, folder)

    def _folders(self) -> Iterator[tuple[str, object, Path]]:
        """Yield the folders that a run writes to, each with the setting that names it."""
        yield "MIRROR_OUTPUT", self.output, self.output
        if database := database_file(self.database_url):
            yield "MIRROR_DATABASE_URL", self.database_url, database.parent
        for name, file in self._files():
            yield name, file, file.parent
        if self.warc:
            yield "MIRROR_WARC", self.warc, self.warc
        if self.exporting.at_end:
            yield "MIRROR_EXPORT_FOLDER", self.exporting.folder, self.exporting.folder

    def _files(self) -> Iterator[tuple[str, Path]]:
        """Yield the files that a crawl writes beside tree and database, each with its setting."""
        files = {"MIRROR_STATS_FILE": self.stats_file, "MIRROR_METRICS_FILE": self.metrics_file}
        yield from ((name, file) for name, file in files.items() if file)

    @property
    def scripts(self) -> str:
        """What pages show of scripts, see `Publishing.scripts`."""
        return self.publishing.scripts(self.script)

    @property
    def is_public(self) -> bool:
        """Whether readers can find the mirror: its address is not in the domain that nobody has."""
        return not (urlsplit(self.public_url).hostname or "").endswith(".invalid")

    def check_public(self) -> None:
        """Raise ArgumentError if there is no address of one's own to publish at, or if it shows no pages."""
        if not self.is_public:
            allowed = (
                "set it to the address at which readers find the pages, before publishing them"
            )
            raise ArgumentError("MIRROR_PUBLIC_URL", self.public_url, allowed)
        check_files_shown("MIRROR_PUBLIC_URL", self.public_url)
        for home in self.publishing.homes:
            check_files_shown(f"MIRROR_HOMES {home.name} public_url", home.public_url)

    def routes(self) -> tuple[str, ...]:
        """Return the proxies to use, those that are set or else the environment's; if there are none,
        all connections are direct. Raises ArgumentError."""
        if self.proxies:
            return self.proxies
        name = "http_proxy, https_proxy or all_proxy in the environment"
        sources = {
            "": _ELSEWHERE,
            **parse_sources(self.source_url),
        }  # "": sites without a name here
        proxies = filter(None, map(environment_proxy, sources.values()))
        return parse_proxies(next(proxies, ""), self.source_url, name, self.fetcher)

    @property
    def state(self) -> Path:
        """The folder of what is not published: beside the database, or `state`."""
        database = database_file(self.database_url)
        return database.parent if database else Path("state")

    @property
    def picture_folder(self) -> Path:
        """The folder of the pictures that are kept."""
        return self.state / "pictures"

    def check_private(self, name: str, value: object, folder: Path) -> None:
        """Raise ArgumentError for a setting that has something of the operator's in the published folder."""
        if folder.resolve().is_relative_to(self.output.resolve()):
            raise ArgumentError(name, value, f"must not lie in {self.output}, which is published")


def file_of(settings: Mapping[str, Any], name: str) -> Path | None:
    """Return the file that a setting names, even if other settings are wrong; None: there is none."""
    return Path(settings[name]) if settings[name] else None


def _profile(settings: Mapping[str, Any]) -> str:
    if not settings["MIRROR_PROFILE"]:
        return default_profile(str(settings["MIRROR_SOURCE_URL"]))
    return one_of(settings, "MIRROR_PROFILE", ("", *PROFILES))


def _backlog(settings: Mapping[str, Any]) -> int | None:
    value = str(settings["MIRROR_BACKLOG"])
    if not value:
        return MANNERS[_profile(settings)].backlog
    words = "; or all, or empty"
    return None if value == "all" else number(settings, "MIRROR_BACKLOG", least=1, words=words)


def _check_url(name: str, value: str) -> None:
    if not _is_address(value):
        raise ArgumentError(name, value, "must be an http(s) address")


def _check_source(name: str, value: str) -> None:
    for address in parse_sources(value).values():
        if not _is_address(address) or urlsplit(address).path:
            allowed = "must be an http(s) address of scheme and host alone"
            raise ArgumentError(name, value, f"{allowed}, or NAME=ADDRESS of several sites")


def _is_address(value: str) -> bool:
    """Whether a text can go into links, attributes and QR codes as it is: plain ASCII, no quotes, and
    no user or token, which would be published."""
    try:
        parts = urlsplit(value)
        is_good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        return False
    return bool(is_good) and "@" not in parts.netloc and bool(_ADDRESS_RE.fullmatch(value))
