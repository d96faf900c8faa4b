"""What a new mirror begins with: its settings as text, and what is left to do by hand."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mirror.config import schedules
from mirror.config.homes import host_of, local_folder
from mirror.config.schedules import Place

SCHEDULES = ("systemd", "cron", "scrapyd", "github-actions", "container", "none")
CHANGE_ME = "CHANGE-ME"  # stands where the operator has to say something
FIRST_RUN = ("-a", "pages=1", "-a", "limit=20")  # the newest articles, to see that it works
_FIRST_CRAWL = " ".join(["crawl section", *FIRST_RUN])
# https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/githubs-ssh-key-fingerprints
KNOWN_HOSTS = {
    "github.com": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl",
}
# Two files an article: of a section with 50 a day a month would have 3,100 in a folder of its own.
PAGE_PATH = "pages/{section}/{year}/{month}/{day}/{id}.md"

_SETTINGS = """\
# The settings of this mirror; docs/settings.md has them all. Relative paths start at this file.
# The environment (MIRROR_PUBLIC_URL=...) and -s on the command line win over it.

# What is mirrored, and how far back. Take the # away to leave older articles out.
sections = [{sections}]
{since}

# Where readers find the published folder: links and QR codes lead there.
public_url = {public_url}
# A folder a day: GitHub shows the first 1,000 files of one, and an article has two. Where no section has
# more than 16 articles a day, one for each month will do. A page that exists stays where it is.
page_path = "{page_path}"

# The published folder, and the database, which remembers every article: keep both.
output = "output"
database_url = "sqlite:///state/mirror.db"
stats_file = "state/last-run.json"

# Each crawl ends with a commit, pushed to every home.
publish = {publish}
{ssh_folder}# A scheduled run waits for one that is still at work, in seconds.
lock_wait = 600

# Who gets a notice of failures: a command or an address (docs/run.md, "Failures are heard").
# notify = "mail -s mirror me@example.org"
# check_in = "https://hc-ping.com/..."
"""
_SSH_FOLDER = """\
# The key and the host keys by which the homes are reached, whoever calls a command.
ssh_folder = "ssh"
"""
_HOME = """
[[homes]]
name = {name}
public_url = {public_url}{note}
remote = {remote}
branch = "main"
"""
_BY_WORKFLOW = "false  # the workflow does, which has a database of its own"


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
    def is_by_workflow(self) -> bool:
        """Whether GitHub runs it, with its own credentials and database."""
        return self.schedule == "github-actions"

    @property
    def ssh_remotes(self) -> list[str]:
        """The homes that are reached over ssh."""
        ours = [] if self.is_by_workflow else self.remotes
        return [r for r in ours if not r.startswith("https:") and not local_folder(r)]

    @property
    def local_homes(self) -> list[Path]:
        """The homes that are folders of this machine."""
        return [folder for remote in self.remotes if (folder := local_folder(remote))]


def settings_text(start: Start) -> str:
    """Return mirror.toml, with a comment to each setting."""
    publish = "true" if start.remotes else "false  # as long as there is no home below"
    text = _SETTINGS.format(
        sections=", ".join(map(_quoted, start.sections)),
        since=f"since = {start.since}" if start.since else "# since = 2026-01-01",
        public_url=_quoted(start.public_url),
        page_path=PAGE_PATH,
        publish=_BY_WORKFLOW if start.is_by_workflow else publish,
        ssh_folder=_SSH_FOLDER if start.ssh_remotes else "",
    )
    names: list[str] = []
    for remote in start.remotes:
        name = "disk" if local_folder(remote) else host_of(remote)
        text += _HOME.format(
            name=_quoted(f"{name} {len(names) + 1}" if name in names else name),
            public_url=_quoted(start.public_url),
            note="  # or where readers find this one" if names else "",
            remote=_quoted(remote),
        )
        names.append(name)
    return text


def schedule_files(start: Start, place: Place, workflow: str) -> dict[str, str]:
    """Return the files of a schedule by their names, to be copied to where they are read; `workflow` is
    that of GitHub Actions."""
    if start.is_by_workflow:
        return {"mirror.yml": workflow}
    kinds = {"systemd": schedules.systemd, "cron": schedules.cron, "scrapyd": schedules.scrapyd}
    kind = kinds.get(start.schedule)
    return kind(place) if kind else {}


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
        text = text.replace(f", and replace {CHANGE_ME}", "")
    return text


def next_steps(
    start: Start, place: Place, files: Mapping[str, str], *, has_pages: bool
) -> Iterator[str]:
    """Yield what the operator has to do by hand, in order, with the `files` of the schedule; a line that is
    to be typed stands alone."""
    yield from _homes_first(start)
    if start.is_by_workflow:
        yield from _workflow_steps(place.folder, *files.values())
    elif start.remotes:
        yield from _first_publish(start, place, has_pages=has_pages)
    else:
        if not has_pages:
            yield f"Crawl for the first time:\n{_call(start, place, _FIRST_CRAWL)}"
        yield f"Name a home in {place.config} and set publish = true (docs/publish.md)."
    yield from _schedule_steps(start, place)
    yield f"To see where it stands:\n{_call(start, place, 'status')}"


def _homes_first(start: Start) -> Iterator[str]:
    """Yield what has to be there before anything is pushed."""
    if start.ssh_remotes:
        key = start.folder / "ssh" / "id_ed25519.pub"
        yield (
            "Give each home the key of this mirror, with the right to write (at GitHub: the repository's "
            f"Settings, Deploy keys):\ncat {shlex.quote(str(key))}"
        )
    for folder in start.local_homes:
        if not folder.exists():
            yield f"Make the home:\ngit init -q --bare -b main {shlex.quote(str(folder))}"
    if start.schedule == "container":
        yield (
            "On the machine that runs the containers, with the path that the folder has there, here and "
            f"below:\nchown -R 10001 {shlex.quote(str(start.folder))}"
        )


def _first_publish(start: Start, place: Place, *, has_pages: bool) -> Iterator[str]:
    if has_pages:
        yield (
            "Publish for the first time; it says of each home whether it took the pages:\n"
            f"{_call(start, place, 'publish')}"
        )
    else:
        yield f"Crawl and publish for the first time:\n{_call(start, place, _FIRST_CRAWL)}"


def _call(start: Start, place: Place, command: str) -> str:
    """Return a line for a shell that runs a command for this mirror where it is to run."""
    if start.schedule != "container":
        return place.call(command)
    folder = shlex.quote(str(place.folder))
    return (
        f"{place.go} && MIRROR_FOLDER={folder} docker compose -f deploy/compose.yml run --rm mirror "
        f"{command}"
    )


def _workflow_steps(folder: Path, text: str) -> Iterator[str]:
    file = folder / "schedule" / "mirror.yml"
    if CHANGE_ME in text:
        yield (
            f"Replace {CHANGE_ME} in {file}, where it stands: the repository and the commit of the "
            "program."
        )
    yield (
        f"Put {file} into the repository that is to hold the pages, as .github/workflows/mirror.yml, "
        "and push that; then start it once by hand (Actions, mirror, Run workflow; docs/deploy.md). The "
        "pages here are a trial: it begins its own."
    )


def _schedule_steps(start: Start, place: Place) -> Iterator[str]:
    folder = shlex.quote(str(place.folder))
    files = f"{folder}/schedule"
    if start.schedule == "systemd":
        yield (
            "Start the schedule, as root:\n"
            f"cp {files}/mirror* /etc/systemd/system/ && systemctl daemon-reload && "
            "systemctl enable --now mirror.timer mirror-homes.timer"
        )
    elif start.schedule == "cron":
        yield (f"Start the schedule: put these lines into crontab -e:\ncat {files}/crontab")
    elif start.schedule == "scrapyd":
        owned = " ".join([folder, *(shlex.quote(str(home)) for home in place.homes)])
        unit = "/etc/systemd/system/scrapyd.service.d/mirror.conf"
        yield (
            'Set scrapyd up as in docs/deploy.md, "With scrapyd"; then, in place of its mirror.env, as '
            f"root:\ninstall -D -m 640 -g mirror {files}/mirror.env /etc/mirror/mirror.env && "
            f"install -D -m 644 {files}/mirror.conf {unit} && chown -R mirror: {owned} && "
            "systemctl daemon-reload && systemctl restart scrapyd"
        )
        yield f"Put these lines into crontab -u mirror -e:\ncat {files}/crontab"
    elif start.schedule == "container":
        yield (
            'Have cron or a timer of the machine run this (docs/deploy.md, "In a container"):\n'
            f"{_call(start, place, '').strip()}"
        )


def _quoted(text: str) -> str:
    """Return a text as TOML writes it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
