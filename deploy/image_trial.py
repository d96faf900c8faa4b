"""The trial of the image: built, a crawl of the demo site in it, and one that is stopped.

Needs podman, docker or buildah; where none works, or the image that it is built on cannot be had, it
says so and nothing is tried. IMAGE_BASE names another image to build on, with Python, pip and apt-get.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from demo.articles import MAIN_SECTION, made_up_articles
from demo.server import DemoServer
from demo.site import demo_pages
from deploy.trial import LONGEST, ROOT, WrongError, expect, say

TAG = "mirror-trial"
VOLUME = "/var/lib/mirror"
USER = 10001
STOPPED = 3
ARTICLES = 200
SETTINGS = """
public_url = "https://github.com/example/news/blob/main"
output = "output"
database_url = "sqlite:///state/mirror.db"
"""


class Builder:
    """podman or docker, which also run what they built."""

    inspecting = ("image", "inspect")

    def __init__(self, name: str):
        self.name = name

    def call(self, *arguments: str, longest: float = LONGEST) -> subprocess.CompletedProcess[str]:
        """Call the program; what it says comes back with its status."""
        return subprocess.run(
            [self.name, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=longest,
            check=False,
        )

    def has(self, image: str) -> bool:
        """Say whether an image is here, fetched if need be."""
        here = self.call(*self.inspecting, image).returncode == 0
        return here or self.call("pull", image, longest=600).returncode == 0

    def build(self, base: str) -> None:
        """Build the image. Raises WrongError if that fails."""
        containerfile = str(ROOT / "deploy/Containerfile")
        arguments = ("-t", TAG, "-f", containerfile, "--build-arg", f"BASE={base}", str(ROOT))
        done = self.call("build", *arguments, longest=1200)
        if done.returncode:
            raise WrongError(f"{self.name} build ended with {done.returncode}:\n{done.stdout}")

    def run(self, given: list[str], *arguments: str, stop_after: int = 0):
        """Run scrapy in the image, and ask it to stop after some seconds."""
        name = f"{TAG}-{os.getpid()}"
        options = ["--rm", "--name", name, "--network", "host", *given]
        if not stop_after:
            return self.call("run", *options, TAG, *arguments)
        self.call("run", "--detach", *options, TAG, *arguments)
        time.sleep(stop_after)
        waiting = subprocess.Popen([self.name, "wait", name], stdout=subprocess.PIPE, text=True)
        self.call("stop", "--time", "60", name)
        said, _ = waiting.communicate(timeout=LONGEST)
        return subprocess.CompletedProcess([], int(said.split()[-1]), said)

    def remove(self) -> None:
        """Remove the image that was tried."""
        self.call("rmi", "--force", TAG)


class Buildah(Builder):
    """buildah, which runs commands in a working container."""

    inspecting = ("inspect", "--type", "image")

    def run(self, given: list[str], *arguments: str, stop_after: int = 0):
        """Run scrapy in the image, and ask it to stop after some seconds."""
        stopping = ["timeout", "--preserve-status", str(stop_after)] if stop_after else []
        container = self.call("from", TAG).stdout.split()[-1]
        options = ["--network", "host", *given, container, "--"]
        done = self.call("run", *options, *stopping, "scrapy", *arguments)
        self.call("rm", container)
        return done


def builder() -> Builder | None:
    """Find a builder that works here."""
    for name, kind in (("podman", Builder), ("docker", Builder), ("buildah", Buildah)):
        if shutil.which(name) and kind(name).call("info").returncode == 0:
            return kind(name)
    return None


def base_image() -> str:
    """Say what the image is built on."""
    if given := os.environ.get("IMAGE_BASE"):
        return given
    lines = (ROOT / "deploy/Containerfile").read_text("utf-8").splitlines()
    return next(line.removeprefix("ARG BASE=") for line in lines if line.startswith("ARG BASE="))


def main(folder: Path) -> None:
    """Raise WrongError for the first thing that is not as it should be."""
    there, base = builder(), base_image()
    if there is None:
        return say("no podman, docker or buildah works here: the image is not tried")
    if not there.has(base):
        return say(f"{base} cannot be had: the image is not tried")
    try:
        there.build(base)
        say(f"{there.name} built the image on {base}")
        with DemoServer(demo_pages(made_up_articles(ARTICLES))) as site:
            crawled(there, folder / "crawled", site.url)
            stopped(there, folder / "stopped", site.url)
    finally:
        there.remove()
    return None


def crawled(there: Builder, volume: Path, url: str) -> None:
    """Every article has its page, in the volume, made by a user without rights."""
    listed = {a.id for a in made_up_articles(ARTICLES) if MAIN_SECTION in a.sections}
    done = there.run(_given(volume, url), "crawl", "section", "-a", f"id={MAIN_SECTION}")
    if done.returncode:
        raise WrongError(f"a crawl in it ended with {done.returncode}:\n{done.stdout}")
    pages = list(volume.glob("output/pages/**/n*.md"))
    expect({page.stem for page in pages} == listed, f"its volume has {len(pages)} pages")
    owners = {path.stat().st_uid for path in (volume / "output").rglob("*")}
    expect(owners == {USER}, f"written by the user {owners}")


def stopped(there: Builder, volume: Path, url: str) -> None:
    """A SIGTERM ends a crawl in order: what was fetched has its page, the rest is left."""
    slowly = ("-s", "DOWNLOAD_DELAY=0.5", "-s", "MIRROR_WORKERS=1")
    crawl = ("crawl", "section", "-a", f"id={MAIN_SECTION}", *slowly)
    done = there.run(_given(volume, url), *crawl, stop_after=10)
    expect(done.returncode == STOPPED, f"a SIGTERM ends it in order ({done.returncode})")
    expect(any(volume.glob("output/indexes/*.md")), "its indexes are written")


def _given(volume: Path, url: str) -> list[str]:
    volume.mkdir()
    os.chown(volume, USER, USER)
    (volume / "mirror.toml").write_text(f'source_url = "{url}"\n{SETTINGS}', "utf-8")
    return ["-v", f"{volume}:{VOLUME}"]


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except (WrongError, subprocess.TimeoutExpired) as error:
        sys.exit(f"{error}")
