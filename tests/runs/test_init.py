"""`scrapy init`: from nothing to pages at a home."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from support.mirrors import ROOT, Mirror

from demo.articles import made_up_articles
from demo.site import demo_pages
from mirror.config.given import tomllib
from mirror.config.starting import Start, workflow

PUBLIC_URL = "https://github.com/me/news/blob/main"
SAID = ("--sections=nsc418", f"--public-url={PUBLIC_URL}", "--since=2018-01-01")


@pytest.fixture
def scrapy(new_mirror: Callable[..., Mirror]) -> Iterator[Callable[..., tuple[int, str]]]:
    """Run the program against the demo site, with nobody to be asked."""
    source = new_mirror(demo_pages(made_up_articles(12))).server.url

    def run(*args: str, **given: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "scrapy", *args],
            cwd=ROOT,
            env={**os.environ, "MIRROR_SOURCE_URL": source, **given},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=90,
            check=False,
        )
        return done.returncode, done.stdout

    yield run


def test_from_nothing_to_pages_at_a_home(
    tmp_path: Path, scrapy: Callable[..., tuple[int, str]]
) -> None:
    home, folder = tmp_path / "home.git", tmp_path / "news"
    subprocess.run(["git", "init", "-q", "--bare", str(home)], check=True)
    status, said = scrapy("init", str(folder), *SAID, f"--home={home}", "--schedule=systemd")
    assert status == 0, said
    assert f"{folder} is ready" in said
    assert "systemctl enable --now mirror.timer" in said
    assert list(folder.glob("output/pages/nsc418/2021/12/n*.md"))
    service = (folder / "schedule/mirror.service").read_text("utf-8")
    assert f"Environment=MIRROR_CONFIG={folder}/mirror.toml" in service
    assert "ExecStart=" in service and " crawl section\n" in service
    status, said = scrapy("crawl", "section", MIRROR_CONFIG=str(folder / "mirror.toml"))
    assert status == 0, said
    listed = ["git", "-C", str(home), "ls-tree", "-r", "--name-only", "main"]
    names = subprocess.run(listed, check=True, capture_output=True, text=True).stdout.split()
    assert "README.md" in names
    pages = {str(p.relative_to(folder / "output")) for p in folder.glob("output/pages/**/*.md")}
    assert pages <= set(names)
    again, said = scrapy("init", str(folder), *SAID, "--home=", "--schedule=none")
    assert again == 2
    assert "there is a mirror in it already" in said


def test_homes_reached_by_ssh_get_a_key_and_their_host_key_is_pinned(
    tmp_path: Path, scrapy: Callable[..., tuple[int, str]]
) -> None:
    folder = tmp_path / "news"
    homes = ("--home=git@github.com:me/news.git", "--home=ssh://git@git.example/me/news.git")
    named = {"MIRROR_CONFIG": str(folder / "mirror.toml")}  # as in a container, before there is one
    status, said = scrapy(
        "init", str(folder), *SAID, *homes, "--schedule=cron", "--no-run", **named
    )
    assert status == 0, said
    pinned, published = folder / "ssh/known_hosts", ROOT / "deploy/known_hosts"
    assert pinned.read_text("utf-8") == published.read_text("utf-8")
    assert "git.example: its host key is not known here" in said
    settings = tomllib.loads((folder / "mirror.toml").read_text("utf-8"))
    assert [home["remote"] for home in settings["homes"]] == [h.split("=", 1)[1] for h in homes]
    assert settings["publish"] is True
    assert f"MIRROR_CONFIG={folder}/mirror.toml" in (folder / "schedule/crontab").read_text("utf-8")


def test_schedules_are_written_rather_than_told(
    tmp_path: Path, scrapy: Callable[..., tuple[int, str]]
) -> None:
    def begun(schedule: str) -> Path:
        folder = tmp_path / schedule
        status, said = scrapy(
            "init", str(folder), *SAID, "--home=", f"--schedule={schedule}", "--no-run"
        )
        assert status == 0, said
        return folder

    flow = yaml.safe_load((begun("github-actions") / "schedule/mirror.yml").read_text("utf-8"))
    environment = flow["jobs"]["mirror"]["env"]
    assert environment["SECTIONS"] == "nsc418"
    assert str(environment["MIRROR_SINCE"]) == "2018-01-01"
    folder = begun("scrapyd")
    assert f"MIRROR_CONFIG={folder}/mirror.toml" in (folder / "schedule/mirror.env").read_text(
        "utf-8"
    )
    assert "scrapyd-client schedule -p mirror section" in (folder / "schedule/crontab").read_text(
        "utf-8"
    )
    assert "scrapy homes" in (begun("cron") / "schedule/crontab").read_text("utf-8")
    units = {unit.name: unit.read_text("utf-8") for unit in begun("systemd").glob("schedule/*")}
    runs = {name: re.findall("ExecStart=.*/scrapy (.*)", text) for name, text in units.items()}
    assert runs.pop("mirror.service") == ["crawl section"]
    assert runs.pop("mirror-homes.service") == ["homes"]
    assert runs == {"mirror.timer": [], "mirror-homes.timer": []}


def test_the_workflow_names_the_program_where_it_is_known() -> None:
    template = (ROOT / "deploy/github-actions/mirror.yml").read_text("utf-8")
    start = Start(Path("/srv/news"), ["nsc418"], PUBLIC_URL, [], "", "github-actions")
    assert "CHANGE-ME" in workflow(start, template, "", "").split("name: mirror")[1]
    text = workflow(start, template, "me/program", "ab" * 20).split("name: mirror")[1]
    assert "CHANGE-ME" not in text
    assert f"ref: {'ab' * 20}" in text


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ("--sections=nonsense", "must be section ids"),
        ("--public-url=https://mirror.invalid", "set it to the address at which readers"),
        ("--public-url=nowhere", "http(s) address"),
        ("--home=https://me:SECRET@a.example/x", "must hold no user"),
        ("--since=yesterday", "must be a day of the past"),
        ("--since=2999-01-01", "must be a day of the past"),
        ("--schedule=weekly", "must be one of systemd, cron"),
    ],
)
def test_what_cannot_work_is_refused_and_makes_nothing(
    tmp_path: Path, scrapy: Callable[..., tuple[int, str]], wrong: str, reason: str
) -> None:
    said = [*SAID, "--home=", "--schedule=none"]
    option = wrong.partition("=")[0]
    call = [given for given in said if not given.startswith(option)] + [wrong]
    status, output = scrapy("init", str(tmp_path / "news"), *call)
    assert status == 2
    assert reason in output
    assert "SECRET" not in output
    assert list(tmp_path.iterdir()) == []


def test_the_compose_files_run_without_rights_and_end_in_order() -> None:
    for name in ("compose.yml", "compose.cluster.yml"):
        services = yaml.safe_load((ROOT / "deploy" / name).read_text("utf-8"))["services"]
        ours = {n: s for n, s in services.items() if "build" in s}
        assert ours
        for service in ours.values():
            assert service["build"]["dockerfile"] == "deploy/Containerfile"
            assert service["cap_drop"] == ["ALL"]
            assert service["init"] is True
            assert service["stop_grace_period"] == "3m"
    image = (ROOT / "deploy/Containerfile").read_text("utf-8")
    assert image.index("USER mirror") < image.index("ENTRYPOINT")
