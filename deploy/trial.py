"""The trial that deploy/check runs: an egg deployed to scrapyd, jobs, and the tree they publish."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import requests
import zxingcpp
from PIL import Image
from scrapyd_client.pyclient import ScrapydClient

from demo.articles import MAIN_SECTION, made_up_articles
from demo.server import DemoServer
from demo.site import demo_pages

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
ARTICLES = 600  # enough of them in the section for a second process
PUBLIC_URL = "https://github.com/example/news/blob/main"
LONGEST = 90  # seconds, for any one thing
PUBLISHED_RE = re.compile(r"'mirror/published': (\d+)")  # of a process, or of them all
ENDED_RE = re.compile(r"Process (?:finished|died: exitstatus=(\d+)):? .*job='(\w+)'")


class WrongError(Exception):
    """Something is not as it should be."""


class Installation:
    """What docs/deploy.md sets up, in a folder of its own and on a free port."""

    def __init__(self, folder: Path, source_url: str):
        self.folder = folder
        self.project = folder / "project"
        self.tree = folder / "output"
        self.log = folder / "scrapyd.log"
        self.url = f"http://127.0.0.1:{_free_port()}"
        self.password = secrets.token_hex(8)
        self.client = ScrapydClient(self.url, "mirror", self.password)
        ours = {
            "HOME": str(folder),
            "MIRROR_SOURCE_URL": source_url,
            "MIRROR_PUBLIC_URL": PUBLIC_URL,
            "MIRROR_OUTPUT": str(self.tree),
            "MIRROR_DATABASE_URL": f"sqlite:///{folder}/state/mirror.db",
            "MIRROR_LOCK_WAIT": str(LONGEST),
            "MIRROR_WORKERS": "2",
        }
        foreign = ("MIRROR_", "SCRAPY", "PYTHONPATH")
        kept = {name: v for name, v in os.environ.items() if not name.startswith(foreign)}
        self.environment = kept | ours

    def __enter__(self) -> Installation:
        self._configure()
        with self.log.open("wb") as log:
            self.scrapyd = subprocess.Popen(
                [BIN / "scrapyd", "--pidfile="],
                cwd=self.folder / "scrapyd",
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            wait_for("scrapyd", self._is_up)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End scrapyd and what it started: they are one process group."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.scrapyd.pid, number)
            except ProcessLookupError:
                break
            try:
                self.scrapyd.wait(10)
            except subprocess.TimeoutExpired:
                continue
            time.sleep(0.5)  # for jobs that end in order

    def run(self, *command: str | Path) -> str:
        """Run a program in the project's folder and return what it says."""
        done = subprocess.run(
            command,
            cwd=self.project,
            env=self.environment,
            check=False,
            timeout=LONGEST,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        if done.returncode:
            raise WrongError(f"{command} ended with status {done.returncode}:\n{done.stdout}")
        return done.stdout

    def schedule(self, *arguments: str) -> str:
        """Schedule a crawl as the documentation says and return the job's id."""
        given = [part for argument in arguments for part in ("--arg", argument)]
        said = self.run(BIN / "scrapyd-client", "schedule", "-p", "mirror", "section", *given)
        return said.split()[-1]

    def ended(self, *jobs: str) -> list[int]:
        """Wait for jobs to end and return their exit statuses, which scrapyd's log tells."""
        wait_for("the jobs", lambda: set(jobs) <= self._statuses().keys())
        return [self._statuses()[job] for job in jobs]

    def job_log(self, job: str) -> str:
        """Return what a job logged, where scrapyd keeps it."""
        return (self.folder / f"scrapyd/logs/mirror/section/{job}.log").read_text("utf-8")

    def _configure(self) -> None:
        conf = (ROOT / "deploy/scrapyd.conf").read_text("utf-8")
        port = self.url.rpartition(":")[2]
        for ours, theirs in (
            ("/var/lib/mirror", str(self.folder)),
            ("CHANGE-ME", self.password),
            ("http_port = 6800", f"http_port = {port}"),
            ("max_proc = 1", "max_proc = 2"),
            ("poll_interval = 5.0", "poll_interval = 0.2"),
        ):
            conf = _replace(conf, ours, theirs)
        (self.folder / "scrapyd").mkdir()
        (self.folder / "scrapyd/scrapyd.conf").write_text(conf, "utf-8")
        (self.folder / ".scrapy.cfg").write_text(
            f"[deploy]\nusername = mirror\npassword = {self.password}\n", "utf-8"
        )
        for name in ("mirror", "templates"):
            shutil.copytree(ROOT / name, self.project / name)
        shutil.copy(ROOT / "setup.py", self.project)
        cfg = _replace((ROOT / "scrapy.cfg").read_text("utf-8"), ":6800", f":{port}")
        (self.project / "scrapy.cfg").write_text(cfg, "utf-8")

    def _is_up(self) -> bool:
        if self.scrapyd.poll() is not None:
            raise WrongError(f"scrapyd did not start:\n{self.log.read_text('utf-8')}")
        try:
            return self.client.daemonstatus()["status"] == "ok"
        except requests.ConnectionError:
            return False

    def _statuses(self) -> dict[str, int]:
        found = ENDED_RE.findall(self.log.read_text("utf-8"))
        return {job: int(status or 0) for status, job in found}


def main(folder: Path) -> None:
    """Raise WrongError for the first thing that is not as it should be."""
    articles = made_up_articles(ARTICLES)
    listed = {a.id for a in articles if MAIN_SECTION in a.sections}
    with DemoServer(demo_pages(articles)) as site, Installation(folder, site.url) as there:
        say(f"scrapyd listens at {there.url}, the demo site at {site.url}")
        anyone = requests.get(there.url, timeout=LONGEST).status_code
        expect(anyone == 401, f"scrapyd asks for its password ({anyone})")
        there.run(BIN / "scrapyd-deploy")
        say("the egg is deployed")
        two_at_once(there)
        wrong_arguments(there)
        published(there, listed)


def two_at_once(there: Installation) -> None:
    """One of two jobs of the same section waits for the other and finds nothing left to do."""
    jobs = [there.schedule(f"id={MAIN_SECTION}") for _ in range(2)]
    statuses = there.ended(*jobs)
    logs = [there.job_log(job) for job in jobs]
    expect(statuses == [0, 0], f"two jobs of one section at once are complete {statuses}")
    expect("waiting for it to end" in "".join(logs), "one of them waited for the other")
    published = [max(map(int, PUBLISHED_RE.findall(log)), default=0) for log in logs]
    expect(min(published) == 0 < max(published), f"one had all to do, {published} articles")
    expect("Worker process" not in "".join(logs), "no process of theirs died")
    opened = [log.count("Spider opened") for log in logs]
    expect(max(opened) == 2, f"the work was shared by {max(opened)} processes")


def wrong_arguments(there: Installation) -> None:
    """What is wrong with a job stands in its log; nothing is written into scrapyd's folder."""
    mistaken = there.schedule("id=nonsense")
    relative = there.schedule(f"id={MAIN_SECTION}", "setting=MIRROR_OUTPUT=output")
    expect(there.ended(mistaken, relative) == [2, 2], "wrong arguments end a job with status 2")
    expect("id=nonsense: must be" in there.job_log(mistaken), "its log says what is wrong")
    expect(
        "MIRROR_OUTPUT=output: must be an absolute path" in there.job_log(relative),
        "a relative path is refused",
    )
    expect(not (there.folder / "scrapyd/output").exists(), "and not made")


def published(there: Installation, listed: set[str]) -> None:
    """Every article has its page and QR code, as the database knows them."""
    pages = {page.stem: page for page in there.tree.glob("pages/**/n*.md")}
    expect(pages.keys() == listed, f"{len(pages)} pages of {len(listed)} articles")
    said = there.run(sys.executable, "-m", "scrapy", "verify")
    expect("0 differences" in said, f"scrapy verify: {said.strip()}")
    for page in [there.tree / "README.md", *sorted(pages.values())[:3]]:
        (code,) = zxingcpp.read_barcodes(Image.open(f"{page}.png").convert("L"))
        address = f"{PUBLIC_URL}/{page.relative_to(there.tree)}"
        expect(code.text == address, f"a QR code leads to {code.text}")


def wait_for(what: str, is_there: Callable[[], bool]) -> None:
    """Call a function until it returns true. Raises WrongError after a while."""
    deadline = time.monotonic() + LONGEST
    while not is_there():
        if time.monotonic() > deadline:
            raise WrongError(f"waited {LONGEST} seconds for {what}")
        time.sleep(0.2)


def expect(is_so: bool, what: str) -> None:
    """Say what holds. Raises WrongError if it does not."""
    if not is_so:
        raise WrongError(f"not so: {what}")
    say(what)


def say(what: str) -> None:
    """Print a line at once."""
    print(f"       {what}", flush=True)


def _replace(text: str, old: str, new: str) -> str:
    if old not in text:
        raise WrongError(f"{old} is not in the file that is to be tried")
    return text.replace(old, new)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        main(Path(sys.argv[1]))
    except (WrongError, subprocess.TimeoutExpired) as error:
        sys.exit(f"{error}")
