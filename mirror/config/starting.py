"""The files that a new mirror begins with: its settings and its schedule, as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SCHEDULES = ("systemd", "cron", "scrapyd", "github-actions", "container", "none")
CHANGE_ME = "CHANGE-ME"  # stands where the operator has to say something
# https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/githubs-ssh-key-fingerprints
KNOWN_HOSTS = {
    "github.com": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl",
}

_SETTINGS = """\
# The settings of this mirror; docs/settings.md has them all. Relative paths start at this file.
# The environment (MIRROR_PUBLIC_URL=...) and -s on the command line win over it.

# What is mirrored, and how far back. Take the # away to leave older articles out.
sections = [{sections}]
{since}

# Where readers find the published folder: links and QR codes lead there.
public_url = {public_url}
# A folder a month, which GitHub shows whole. A page that exists stays where it is.
page_path = "pages/{{section}}/{{year}}/{{month}}/{{id}}.md"

# The published folder, and the database, which remembers every article: keep both.
output = "output"
database_url = "sqlite:///state/mirror.db"
stats_file = "state/last-run.json"

# Each crawl ends with a commit, pushed to every home.
publish = {publish}
# A scheduled run waits for one that is still at work, in seconds.
lock_wait = 600

# Who gets a notice of failures: a command or an address (docs/run.md, "Failures are heard").
# notify = "mail -s mirror me@example.org"
# check_in = "https://hc-ping.com/..."
"""
_HOME = """
[[homes]]
name = {name}
public_url = {public_url}
remote = {remote}
branch = "main"
"""
_SERVICE = """\
# /etc/systemd/system/mirror.service
[Unit]
Description=Crawl and publish the mirror in {folder}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User={user}
UMask=0027
WorkingDirectory={project}
Environment=MIRROR_CONFIG={folder}/mirror.toml MIRROR_DISPLAY=log "GIT_SSH_COMMAND={ssh}"
ExecStart={scrapy} crawl section
# 3: some of it could not be fetched, 5: another run is at work, 10: some addresses hold no article
SuccessExitStatus=3 5 10
# One SIGTERM ends a crawl in order: it finishes what is in flight and writes its indexes.
KillMode=mixed
TimeoutStopSec=180
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=strict
ReadWritePaths={folder}
"""
_TIMER = """\
# /etc/systemd/system/mirror.timer
[Unit]
Description=Crawl the mirror in {folder} twice an hour

[Timer]
OnCalendar=*:07,37
RandomizedDelaySec=5min
Persistent=yes

[Install]
WantedBy=timers.target
"""
_HOMES_SERVICE = """\
# /etc/systemd/system/mirror-homes.service
[Unit]
Description=Ask the homes of the mirror in {folder} as a reader would
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User={user}
UMask=0027
WorkingDirectory={project}
Environment=MIRROR_CONFIG={folder}/mirror.toml MIRROR_DISPLAY=log
ExecStart={scrapy} homes
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=strict
ReadWritePaths={folder}
"""
_HOMES_TIMER = """\
# /etc/systemd/system/mirror-homes.timer
[Unit]
Description=Ask the homes of the mirror in {folder} once a day

[Timer]
OnCalendar=*-*-* 05:52
RandomizedDelaySec=1h
Persistent=yes

[Install]
WantedBy=timers.target
"""
_CRONTAB = """\
# crontab -e as the mirror's user. Cron mails what is printed: nothing if all is well.
7,37 * * * * cd {project} && MIRROR_CONFIG={folder}/mirror.toml MIRROR_DISPLAY=quiet \
GIT_SSH_COMMAND='{ssh}' {scrapy} crawl section
# Once a day: whether readers reach the homes (docs/publish.md, "Homes watched").
52 5 * * * cd {project} && MIRROR_CONFIG={folder}/mirror.toml MIRROR_DISPLAY=quiet {scrapy} homes
"""
_SCRAPYD_ENV = """\
# /etc/mirror/mirror.env, read by scrapyd.service
MIRROR_CONFIG={folder}/mirror.toml
GIT_SSH_COMMAND="{ssh}"
"""
_SCRAPYD_CRONTAB = """\
# crontab -e as the mirror's user; scrapyd runs what is scheduled (docs/deploy.md, "With scrapyd").
7,37 * * * * cd {project} && {scrapy}d-client schedule -p mirror section | grep -q ' => ' || \
echo 'mirror: nothing was scheduled'
# Once a day: whether readers reach the homes (docs/publish.md, "Homes watched").
52 5 * * * cd {project} && MIRROR_CONFIG={folder}/mirror.toml MIRROR_DISPLAY=quiet {scrapy} homes
"""


@dataclass(frozen=True, slots=True)
class Start:
    """What the operator said about a new mirror."""

    folder: Path
    sections: Sequence[str]
    public_url: str
    remotes: Sequence[str]  # the first one is at `public_url`
    since: str  # a day; empty: all
    schedule: str

    @property
    def ssh(self) -> str:
        """The command by which Git reaches homes: with a key and host keys of the mirror's own."""
        place = self.folder / "ssh"
        return f"ssh -i {place}/id_ed25519 -o UserKnownHostsFile={place}/known_hosts"


def settings_text(start: Start) -> str:
    """Return mirror.toml, with a comment to each setting."""
    text = _SETTINGS.format(
        sections=", ".join(map(_quoted, start.sections)),
        since=f"since = {start.since}" if start.since else "# since = 2026-01-01",
        public_url=_quoted(start.public_url),
        publish="true" if start.remotes else "false  # as long as there is no home below",
    )
    for number, remote in enumerate(start.remotes, 1):
        name = _quoted(f"home {number}")
        public_url, remote = _quoted(start.public_url), _quoted(remote)
        text += _HOME.format(name=name, public_url=public_url, remote=remote)
    return text


def schedule_files(
    start: Start, project: Path, scrapy: Path, user: str, workflow: str
) -> dict[str, str]:
    """Return the files of a schedule by their names, to be copied to where they are read; `workflow` is
    that of GitHub Actions."""
    if start.schedule == "github-actions":
        return {"mirror.yml": workflow}
    values = {
        "folder": start.folder,
        "project": project,
        "scrapy": scrapy,
        "user": user,
        "ssh": start.ssh,
    }
    texts = {
        "systemd": {
            "mirror.service": _SERVICE,
            "mirror.timer": _TIMER,
            "mirror-homes.service": _HOMES_SERVICE,
            "mirror-homes.timer": _HOMES_TIMER,
        },
        "cron": {"crontab": _CRONTAB},
        "scrapyd": {"mirror.env": _SCRAPYD_ENV, "crontab": _SCRAPYD_CRONTAB},
    }.get(start.schedule, {})
    return {name: text.format(**values) for name, text in texts.items()}


def workflow(start: Start, template: str, repository: str, commit: str) -> str:
    """Return the workflow of GitHub Actions by the one that comes with the project; `repository` is the
    program's at GitHub, as owner/name, both empty if that is not known."""
    text = template.replace("SECTIONS: nsc418,nsc413", f"SECTIONS: {','.join(start.sections)}")
    if start.since:
        text = text.replace(
            "      MIRROR_OUTPUT:", f"      MIRROR_SINCE: {start.since}\n      MIRROR_OUTPUT:"
        )
    if repository and commit:
        text = text.replace(f"repository: {CHANGE_ME}/mirror", f"repository: {repository}")
        text = text.replace(f"ref: {CHANGE_ME}", f"ref: {commit}")
    return text


def next_steps(start: Start) -> list[str]:
    """Return what the operator has to do by hand, in order."""
    folder, steps = start.folder, []
    if any(remote.startswith(("git@", "ssh:")) for remote in start.remotes):
        steps.append(
            f"Give each home the key {folder}/ssh/id_ed25519.pub, with the right to write."
        )
    if not start.remotes:
        steps.append(
            f"Name a home in {folder}/mirror.toml and set publish = true (docs/publish.md)."
        )
    steps += {
        "systemd": [
            f"As root: cp {folder}/schedule/mirror* /etc/systemd/system/ && systemctl daemon-reload "
            "&& systemctl enable --now mirror.timer mirror-homes.timer"
        ],
        "cron": [f"Put the lines of {folder}/schedule/crontab into crontab -e."],
        "scrapyd": [
            f"Set scrapyd up (docs/deploy.md), with {folder}/schedule/mirror.env as /etc/mirror/mirror.env.",
            f"Put the lines of {folder}/schedule/crontab into crontab -e.",
        ],
        "github-actions": [
            f"Replace {CHANGE_ME} in {folder}/schedule/mirror.yml, where it stands: the repository and the "
            "commit of the program.",
            "Copy it to .github/workflows/ of the repository that is to hold the pages (docs/deploy.md).",
        ],
        "container": [
            f"MIRROR_FOLDER={folder} docker compose -f deploy/compose.yml run --rm mirror"
        ],
    }.get(start.schedule, [])
    steps.append(f"To see where it stands: MIRROR_CONFIG={folder}/mirror.toml scrapy status")
    return steps


def _quoted(text: str) -> str:
    """Return a text as TOML writes it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
