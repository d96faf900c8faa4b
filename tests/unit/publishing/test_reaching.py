"""What readers find at each home, asked through a proxy that plays all hosts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

import mirror.settings
from mirror.config.homes import Home
from mirror.config.options import Options
from mirror.publishing.reaching import Reached, reach_all

GITHUB = "http://github.com/me/news/blob/main"
GITLAB = "http://gitlab.com/me/news/-/blob/main"
COMMIT = "ab" * 20
SHOWN = {f"{GITHUB}/README.md": (200, {}, b"news")}
MAIN = (
    b"001e# service=git-upload-pack\n0000"
    b"0155" + COMMIT.encode() + b" HEAD\0multi_ack symref=HEAD:refs/heads/main agent=git/x\n"
    b"003d" + COMMIT.encode() + b" refs/heads/main\n0000"
)


class World(ThreadingHTTPServer):
    """A proxy that answers for every host."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[str] = []


class _Handler(BaseHTTPRequestHandler):
    server: World

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        status, headers, body = self.server.answers.get(self.path, (404, {}, b"Not Found"))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def world() -> Iterator[World]:
    with World() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def reached(world: World, folder: Path, *urls: str, branch: str = "main") -> list[Reached]:
    homes = tuple(
        Home(url.split("/")[2], url, f"git@{n}.example:me", branch) for n, url in enumerate(urls)
    )
    options = Options.from_settings(vars(mirror.settings))
    return reach_all(
        replace(
            options,
            output=folder,
            public_url=GITHUB,
            publishing=replace(options.publishing, homes=homes),
            proxies=(f"http://127.0.0.1:{world.server_port}",),
        )
    )


def test_a_home_that_is_there(world: World, tmp_path: Path) -> None:
    world.answers = {
        **SHOWN,
        "http://github.com/me/news.git/info/refs?service=git-upload-pack": (200, {}, MAIN),
    }
    (home,) = reached(world, tmp_path, GITHUB)
    assert home == Reached("github.com", GITHUB, "reachable")
    assert not any("api." in address for address in world.asked)  # only if there is a reason to


def test_each_home_is_asked_and_told_by_itself(world: World, tmp_path: Path) -> None:
    world.answers = dict(SHOWN)
    github, gitlab = reached(world, tmp_path, GITHUB, GITLAB)
    assert (github.state, github.advice) == ("reachable", "")
    assert (gitlab.state, gitlab.told) == ("gone", "status 404")
    assert "set its public_url in MIRROR_HOMES" in gitlab.advice


@pytest.mark.parametrize("status", [451, 403])
def test_github_gives_its_reason(world: World, tmp_path: Path, status: int) -> None:
    block = {
        "reason": "dmca",
        "created_at": "2026-01-02",
        "html_url": "https://github.com/github/dmca",
    }
    said = json.dumps({"message": "Repository access blocked", "block": block}).encode()
    world.answers = {
        f"{GITHUB}/README.md": (status, {}, b""),
        "http://api.github.com/repos/me/news": (status, {}, said),
    }
    (home,) = reached(world, tmp_path, GITHUB)
    assert home.state == "blocked"
    assert home.told == (
        f"status {status}: Repository access blocked, dmca, 2026-01-02, https://github.com/github/dmca"
    )
    assert "scrapy rebase --public-url ITS-ADDRESS" in home.advice


def test_a_refusal_without_a_reason_is_no_block(world: World, tmp_path: Path) -> None:
    limited = json.dumps({"message": "API rate limit exceeded"}).encode()
    world.answers = {
        f"{GITHUB}/README.md": (403, {}, b""),
        "http://api.github.com/repos/me/news": (403, {}, limited),
    }
    assert reached(world, tmp_path, GITHUB)[0][2:4] == ("refused", "status 403")


def test_moved(world: World, tmp_path: Path) -> None:
    there = "http://github.com/me/newer/blob/main"
    world.answers = {
        f"{GITHUB}/README.md": (301, {"Location": f"{there}/README.md"}, b""),
        f"{there}/README.md": (200, {}, b"news"),
    }
    (home,) = reached(world, tmp_path, GITHUB)
    assert (home.state, home.told) == ("moved", f"to {there}")
    assert home.advice.startswith(f"scrapy rebase --public-url {there};")


def test_a_home_that_asks_to_sign_in_is_closed(world: World, tmp_path: Path) -> None:
    world.answers = {
        f"{GITLAB}/README.md": (302, {"Location": "/users/sign_in"}, b""),
        "http://gitlab.com/users/sign_in": (200, {}, b"sign in"),
    }
    assert reached(world, tmp_path, GITLAB)[0].state == "closed"


def test_another_default_branch(world: World, tmp_path: Path) -> None:
    refs = "http://github.com/me/news.git/info/refs?service=git-upload-pack"
    world.answers = {**SHOWN, refs: (200, {}, MAIN.replace(b"heads/main", b"heads/trunk"))}
    (home,) = reached(world, tmp_path, GITHUB)
    assert home.advice.startswith("its default branch is trunk: make main the default")


def test_a_repository_that_nothing_was_pushed_to(world: World, tmp_path: Path) -> None:
    refs = "http://github.com/me/news.git/info/refs?service=git-upload-pack"
    world.answers = {refs: (200, {}, MAIN.replace(b"heads/main", b"heads/trunk"))}
    (home,) = reached(world, tmp_path, GITHUB)
    assert home.advice == "the repository is there, without a branch main: scrapy publish"


def test_redirects_without_end_and_silence(world: World, tmp_path: Path) -> None:
    world.answers = {
        f"{GITHUB}/README.md": (302, {"Location": f"{GITHUB}/README.md"}, b""),
        f"{GITLAB}/README.md": (503, {}, b""),
    }
    github, gitlab = reached(world, tmp_path, GITHUB, GITLAB)
    assert (github.state, github.told) == ("silent", "it redirects without end")
    assert gitlab.state == "failing"


def test_without_homes_the_public_address_is_asked(world: World, tmp_path: Path) -> None:
    world.answers = dict(SHOWN)
    assert [home.name for home in reached(world, tmp_path)] == ["github.com"]
