"""The files by which a new mirror runs on a schedule, as text: each path as its reader takes it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

CONFIG_FILE = "mirror.toml"
_COMMANDS = {"crawl": "crawl section", "homes": "homes"}
_HIDDEN_BY_PROTECT_HOME = ("/home", "/root", "/run/user")  # see systemd.exec(5)
_UNREADABLE = (
    "\"'\\`$?:"  # to one of those that read a path: systemd, cron, sh, ssh, SQLite's URLs, docker
)

_SERVICE = """\
# /etc/systemd/system/{name}.service
[Unit]
Description={what} {folder}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User={user}
UMask=0027
WorkingDirectory={project}
Environment={config} MIRROR_DISPLAY=log
ExecStart={scrapy} {command}
{more}NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=strict
# Nothing else can be written: add what mirror.toml puts elsewhere. "-": it may be absent.
ReadWritePaths={writable}
"""
_CRAWL = """\
# 3: some of it could not be fetched, 5: another run is at work, 10: some addresses hold no article
SuccessExitStatus=3 5 10
# One SIGTERM ends a crawl in order: it finishes what is in flight and writes its indexes.
KillMode=mixed
TimeoutStopSec=180
"""
_TIMER = """\
# /etc/systemd/system/{name}.timer
[Unit]
Description={what} {folder} {often}

[Timer]
OnCalendar={when}
RandomizedDelaySec={delay}
Persistent=yes

[Install]
WantedBy=timers.target
"""
_CRONTAB = """\
# crontab -e as the mirror's user. Cron mails what is printed: nothing if all is well.
7,37 * * * * {crawl}
# Once a day: whether readers reach the homes (docs/publish.md, "Homes watched").
52 5 * * * {homes}
"""
_SCRAPYD_ENV = """\
# /etc/mirror/mirror.env, read by scrapyd.service
MIRROR_CONFIG="{config}"
"""
_SCRAPYD_UNIT = """\
# /etc/systemd/system/scrapyd.service.d/mirror.conf: scrapyd.service lets jobs write nowhere else.
[Service]
{more}ReadWritePaths={writable}
"""
_SCRAPYD_CRONTAB = """\
# crontab -e as the mirror's user; scrapyd runs what is scheduled (docs/deploy.md, "With scrapyd").
7,37 * * * * {schedule} | grep -q ' => ' || echo 'mirror: nothing was scheduled'
# Once a day: whether readers reach the homes (docs/publish.md, "Homes watched").
52 5 * * * {homes}
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mirror and its program are, and whose they are."""

    folder: Path
    project: Path
    scrapy: Path  # the program
    user: str
    homes: Sequence[Path]  # those that are folders of this machine

    @property
    def config(self) -> Path:
        """The file of the mirror's settings."""
        return self.folder / CONFIG_FILE

    def call(self, command: str, display: str = "") -> str:
        """Return a line for a shell that runs a command of the program for this mirror."""
        shown = f" MIRROR_DISPLAY={display}" if display else ""
        config, scrapy = shlex.quote(str(self.config)), shlex.quote(str(self.scrapy))
        return f"{self.go} && MIRROR_CONFIG={config}{shown} {scrapy} {command}"

    @property
    def go(self) -> str:
        """The command of a shell that goes to the program's folder, where it has to be run."""
        return f"cd {shlex.quote(str(self.project))}"

    def unreadable(self) -> str:
        """Return the characters in its paths with which no schedule can name it, "" if there are none."""
        found = {*map(str, (self.folder, self.project, self.scrapy))}
        return "".join(
            sorted({c for path in found for c in path if c in _UNREADABLE or not c.isprintable()})
        )


def systemd(place: Place) -> dict[str, str]:
    """Return units that crawl twice an hour and ask the homes once a day, by the names of their files."""
    values = {
        "folder": _specified(place.folder),
        "project": _specified(place.project),
        "scrapy": _word(place.scrapy),
        "user": place.user,
        "config": _word(f"MIRROR_CONFIG={place.config}"),
        "writable": _writable(place),
    }
    crawl = {"name": "mirror", "what": "Crawl and publish the mirror in", **values}
    homes = {"name": "mirror-homes", "what": "Ask as a reader for the homes of", **values}
    twice = {"often": "twice an hour", "when": "*:07,37", "delay": "5min"}
    daily = {"often": "once a day", "when": "*-*-* 05:52", "delay": "1h"}
    return {
        "mirror.service": _SERVICE.format(command="crawl section", more=_CRAWL, **crawl),
        "mirror.timer": _TIMER.format(**twice, **crawl),
        "mirror-homes.service": _SERVICE.format(command="homes", more="", **homes),
        "mirror-homes.timer": _TIMER.format(**daily, **homes),
    }


def cron(place: Place) -> dict[str, str]:
    """Return lines that do the same by cron."""
    lines = {name: _in_crontab(place.call(c, "quiet")) for name, c in _COMMANDS.items()}
    return {"crontab": _CRONTAB.format(**lines)}


def scrapyd(place: Place) -> dict[str, str]:
    """Return what scrapyd's unit needs, and lines of cron that schedule its jobs."""
    client = shlex.quote(str(place.scrapy.with_name("scrapyd-client")))
    schedule = f"{place.go} && {client} schedule -p mirror section"
    homes = _in_crontab(place.call("homes", "quiet"))
    is_hidden = any(place.folder.is_relative_to(home) for home in _HIDDEN_BY_PROTECT_HOME)
    more = "ProtectHome=no\n" if is_hidden else ""
    return {
        "mirror.env": _SCRAPYD_ENV.format(config=place.config),
        "mirror.conf": _SCRAPYD_UNIT.format(more=more, writable=_writable(place)),
        "crontab": _SCRAPYD_CRONTAB.format(schedule=_in_crontab(schedule), homes=homes),
    }


def _writable(place: Place) -> str:
    return " ".join([_word(place.folder), *(_word(f"-{home}") for home in place.homes)])


def _word(value: object) -> str:
    """Return one word of a unit, see systemd.syntax(7)."""
    return f'"{_specified(value)}"'


def _specified(value: object) -> str:
    """Return a text in which systemd finds no specifier, see systemd.unit(5)."""
    return str(value).replace("%", "%%")


def _in_crontab(command: str) -> str:
    """Return a command in which cron finds no line's end, see crontab(5)."""
    return command.replace("%", r"\%")
