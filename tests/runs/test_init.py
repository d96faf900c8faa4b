"""`scrapy init`: from nothing to pages at a home."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from support import program
from support.mirrors import ROOT, Mirror

from demo.articles import made_up_articles
from demo.site import demo_pages
from mirror.config.given import tomllib
from mirror.config.starting import Start, workflow

PUBLIC_URL = "https://github.com/me/news/blob/main"
SAID = ("--sections=nsc418", f"--public-url={PUBLIC_URL}", "--since=2018-01-01")


@pytest.fixture(scope="module")
def source(new_mirror: Callable[..., Mirror]) -> str:
    """The address of the demo site."""
    return new_mirror(demo_pages(made_up_articles(12))).server.url


def called(words: list[str], folder: Path, environment: dict[str, str]) -> tuple[int, str]:
    """Run a program that has nobody to ask; return its status and all that it says."""
    done = subprocess.run(
        words,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=90,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.fixture
def scrapy(source: str) -> Callable[..., tuple[int, str]]:
    """Run the program against the demo site, with nobody to be asked."""

    def run(*args: str, **given: str) -> tuple[int, str]:
        return program.run(args, MIRROR_SOURCE_URL=source, **given)

    return run


@pytest.fixture
def shell(source: str) -> Callable[..., tuple[int, str]]:
    """Run a line as an operator types it, or as cron does."""

    def run(line: str, **given: str) -> tuple[int, str]:
        environment = {"HOME": "/", "PATH": "/usr/bin:/bin", "MIRROR_SOURCE_URL": source, **given}
        return called(["/bin/sh", "-c", line], Path("/"), environment)

    return run


def typed(said: str) -> list[str]:
    """The lines that the operator is to type, in their order."""
    return [line.strip() for line in said.splitlines() if line.startswith("       ")]


def scheduled(crontab: Path) -> list[str]:
    """What cron hands to a shell for each line, see crontab(5)."""
    lines = [line for line in crontab.read_text("utf-8").splitlines() if line[0] != "#"]
    commands = [line.split(" ", 5)[5] for line in lines]
    assert not any(re.search(r"(?<!\\)%", command) for command in commands)
    return [command.replace(r"\%", "%") for command in commands]


def files_at(home: Path) -> set[str]:
    listed = ["git", "-C", str(home), "ls-tree", "-r", "--name-only", "main"]
    return {*subprocess.run(listed, check=True, capture_output=True, text=True).stdout.split()}


def test_from_nothing_to_pages_at_a_home_by_the_steps_that_are_printed(
    tmp_path: Path, scrapy: Callable[..., tuple[int, str]], shell: Callable[..., tuple[int, str]]
) -> None:
    home, folder = tmp_path / "home 50%.git", tmp_path / "my news 100%"
    status, said = scrapy("init", str(folder), *SAID, f"--home={home}", "--schedule=cron")
    assert status == 0, said
    assert f"{folder} is ready" in said
    pages = {str(p.relative_to(folder / "output")) for p in folder.glob("output/pages/**/*.md")}
    assert {path.count("/") for path in pages} == {5}  # a folder a day
    make, publish, _, told = typed(said)
    assert shell(make)[0] == 0
    status, said = shell(publish)
    assert status == 0, said
    assert {"README.md", *pages} <= files_at(home)
    crawl, homes = scheduled(folder / "schedule/crontab")
    assert shell(crawl) == (0, "")
    assert "MIRROR_DISPLAY=quiet" in homes and homes.endswith("/scrapy homes")
    assert "Last crawl: section" in shell(told)[1]
    again, said = scrapy("init", str(folder), *SAID, "--home=", "--schedule=none")
    assert again == 2
    assert "there is a mirror in it already" in said


def test_wrong_answer_is_refused_at_once_and_asked_for_again(tmp_path: Path) -> None:
    answers = {  # by what is answered first
        "?": "nsc418",
        "here": PUBLIC_URL,
        "https://": "",
        "2999-01-01": "",
        "daily": "none",
    }
    lines = "".join(f"{wrong}\n{right}\n" for wrong, right in answers.items())
    typing, terminal = os.openpty()
    os.write(typing, lines.encode())
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "init", str(tmp_path / "news"), "--no-run"],
        cwd=ROOT,
        stdin=terminal,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    os.close(typing)
    os.close(terminal)
    assert done.returncode == 0, done.stderr
    refused = [line.rpartition(":   ")[2] for line in done.stdout.splitlines()[: len(answers)]]
    for wrong, line in zip(answers, refused, strict=True):
        assert wrong in line and ": must be" in line
    assert f'public_url = "{PUBLIC_URL}"' in (tmp_path / "news/mirror.toml").read_text("utf-8")


def test_ctrl_c_ends_the_first_crawl_in_order_and_the_steps_go_on(
    tmp_path: Path, new_mirror: Callable[..., Mirror], shell: Callable[..., tuple[int, str]]
) -> None:
    folder, home = tmp_path / "news", tmp_path / "home.git"
    server = new_mirror(demo_pages(made_up_articles(12))).server
    words = ("init", str(folder), *SAID, f"--home={home}", "--schedule=none")
    process = subprocess.Popen(
        [sys.executable, "-m", "scrapy", *words],
        cwd=ROOT,
        env={**os.environ, "MIRROR_SOURCE_URL": server.url, "MIRROR_PROFILE": "polite"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        start_new_session=True,
    )
    while len(server.requests) < 4 and process.poll() is None:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    said = process.communicate(timeout=60)[0]
    assert process.returncode == 3, said
    assert "The first crawl did not get to its end (status 3 INCOMPLETE)" in said
    make, go_on, _ = typed(said)
    assert shell(make)[0] == 0
    assert shell(go_on, MIRROR_SOURCE_URL=server.url)[0] == 0
    assert len([name for name in files_at(home) if re.search(r"/n\d+\.md$", name)]) == 12


def test_units_are_taken_by_systemd_and_may_write_to_homes_of_this_machine(
    tmp_path: Path, scrapy: Callable[..., tuple[int, str]]
) -> None:
    home, folder = tmp_path / "home 50%.git", tmp_path / "my news 100%"
    status, said = scrapy(
        "init", str(folder), *SAID, f"--home={home}", "--schedule=systemd", "--no-run"
    )
    assert status == 0, said
    units = {unit.name: unit.read_text("utf-8") for unit in folder.glob("schedule/*")}
    runs = {name: re.findall('ExecStart=".*/scrapy" (.*)', text) for name, text in units.items()}
    assert runs.pop("mirror.service") == ["crawl section"]
    assert runs.pop("mirror-homes.service") == ["homes"]
    assert runs == {"mirror.timer": [], "mirror-homes.timer": []}
    service = units["mirror.service"]
    doubled = str(folder).replace("%", "%%")
    assert f'Environment="MIRROR_CONFIG={doubled}/mirror.toml"' in service
    assert f'ReadWritePaths="{doubled}" "-{str(home).replace("%", "%%")}"' in service
    assert "systemctl enable --now mirror.timer mirror-homes.timer" in said
    if shutil.which("systemd-analyze"):
        verify = ["systemd-analyze", "verify", *map(str, folder.glob("schedule/*"))]
        done = subprocess.run(verify, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")


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
    assert [home["name"] for home in settings["homes"]] == ["github.com", "git.example"]
    assert (settings["publish"], settings["ssh_folder"]) == (True, "ssh")
    key, crawl, *_ = typed(said)
    assert key == f"cat {folder}/ssh/id_ed25519.pub"
    assert f"MIRROR_CONFIG={folder}/mirror.toml" in crawl and "crawl section" in crawl


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
    given = (folder / "schedule/mirror.env").read_text("utf-8")
    assert f'MIRROR_CONFIG="{folder}/mirror.toml"' in given
    assert "scrapyd-client schedule -p mirror section" in (folder / "schedule/crontab").read_text(
        "utf-8"
    )
    assert "scrapy homes" in (begun("cron") / "schedule/crontab").read_text("utf-8")
    unit = (folder / "schedule/mirror.conf").read_text("utf-8")
    assert f'ReadWritePaths="{folder}"' in unit


def test_without_a_first_run_and_a_home_the_steps_begin_with_a_crawl(
    tmp_path: Path, scrapy: Callable[..., tuple[int, str]], shell: Callable[..., tuple[int, str]]
) -> None:
    folder = tmp_path / "news"
    status, said = scrapy("init", str(folder), *SAID, "--home=", "--schedule=none", "--no-run")
    assert status == 0, said
    crawl, told = typed(said)
    assert "2. Name a home in" in said
    assert shell(crawl)[0] == 0
    assert "COMPLETE" in shell(told)[1]


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
        ("folder=it's $HOME", 'paths with "$\'" cannot be written'),
    ],
)
def test_what_cannot_work_is_refused_and_makes_nothing(
    tmp_path: Path, scrapy: Callable[..., tuple[int, str]], wrong: str, reason: str
) -> None:
    said = [*SAID, "--home=", "--schedule=none"]
    option, _, value = wrong.partition("=")
    name = value if option == "folder" else "news"
    call = [given for given in said if not given.startswith(option)]
    status, output = scrapy("init", str(tmp_path / name), *call, *[wrong] * (option != "folder"))
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
