"""Nothing unknown is ignored: a misspelt call ends with status 2 and changes no byte."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.commands import command
from support.mirrors import ROOT, Mirror

from demo.articles import made_up_articles
from demo.site import demo_pages
from mirror import settings

FILES = {p.stem: p for p in sorted((ROOT / "mirror/commands").rglob("[a-z]*.py"))}
COMMANDS = sorted(FILES)
SETTINGS = sorted(name for name in vars(settings) if name.startswith("MIRROR_"))
NEEDED = {  # what a call has to have beside the mistake
    "crawl": ("section", "-aid=nsc418"),
    "rebase": ("--public-url=https://a.example",),
    "repath": ("--page-path=pages/{id}.md",),
    "rollover": ("--public-url=https://a.example", "--output=other"),
    "save-page": ("page.html", "--url=https://www.epochtimes.com/gb/21/12/8/n1.htm"),
    "show": ("n13460123",),
}
WORDS = {
    "backup": "a b",
    "init": "a b",
    "crawl": "more",
    "save-page": "more",
    "show": "more",
    "fetch": "http://a http://b",
    "view": "http://a http://b",
    "parse": "http://a http://b",
    "shell": "http://a http://b",
}


@pytest.fixture(scope="module")
def mirror(new_mirror: Callable[..., Mirror]) -> Mirror:
    mirror = new_mirror(demo_pages(made_up_articles(3)))
    assert mirror.section("nsc418").returncode == 0
    return mirror


def everything(mirror: Mirror) -> dict[Path, tuple[int, bytes]]:
    return {
        file: (file.stat().st_mtime_ns, file.read_bytes() if file.is_file() else b"")
        for file in [mirror.folder, *mirror.folder.rglob("*")]
    }


def misspelt(name: str) -> str:
    """Return a name with one letter lost, twice there, wrong, or in its neighbour's place."""
    place = random.Random(name).randrange(len(name) // 2, len(name) - 1)
    before, letter, after = name[:place], name[place], name[place + 1 :]
    forms = [before + after, f"{before}{letter * 2}{after}", f"{before}q{after}"]
    forms.append(f"{before}{after[0]}{letter}{after[1:]}")
    return random.Random(place).choice([form for form in forms if form != name])


def options(name: str) -> set[str]:
    source = FILES[name].read_text("utf-8")
    return set(re.findall(r'"(--[a-z-]+)"', source)) | {"--logfile", "--dry-run"}


def calls() -> Iterator[tuple[str, ...]]:
    for name in COMMANDS:
        needed = NEEDED.get(name, ())
        for option in sorted(options(name)):
            yield name, *needed, misspelt(option)
        if name not in ("accept", "purge"):
            yield name, *needed, *WORDS.get(name, "n7552572").split()
        yield name, *needed, "-x"
    for setting in SETTINGS:
        yield "purge", f"-s{misspelt(setting)}=1"
    yield "purge", "-smirror_output=x"
    yield "purge", "-sOUTPUT=x"
    yield "purge", "-sLOG_FIEL=x"
    yield "crawl", "secton", "-aid=nsc418"
    yield "crawl", "section", "id=nsc418"
    yield "crawl", "section", "-aidd=nsc418"
    yield "crawl", "section", "-aid=nsc418", "--limit", "3"
    yield "crawl", "article", "-aurl=nowhere"
    yield ("perge",)


def test_a_hundred_misspelt_calls_change_nothing(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, tried = everything(mirror), list(calls())
    assert len(tried) > 100
    accepted = [call for call in tried if command(mirror, *call).returncode != 2]
    for setting in SETTINGS:
        with monkeypatch.context() as changed:
            changed.setenv(misspelt(setting), "1")
            if command(mirror, "purge").returncode != 2:
                accepted.append((misspelt(setting),))
    assert accepted == []
    assert everything(mirror) == before


def test_the_message_names_the_nearest(mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*call: str) -> str:
        return command(mirror, *call).output.strip().splitlines()[-1]

    assert "--repiar: no such option; the nearest is --repair" in refused("verify", "--repiar")
    assert "nearest is MIRROR_OUTPUT" in refused("purge", "-sMIRROR_OUTPT=x")
    assert "nearest is MIRROR_THEME" in refused("purge", "-stheme=x")
    assert "-a id=nsc418" in refused("crawl", "section", "id=nsc418")
    monkeypatch.setenv("MIRROR_PROXIS", "http://me:secret@a.example:1")
    assert "nearest is MIRROR_PROXIES" in refused("purge")
    assert "secret" not in refused("purge")


def test_variables_of_other_programs_are_theirs(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MIRRORS", "DEBIAN_MIRROR", "OUTPUT", "http_proxy", "MIRR"):
        monkeypatch.setenv(name, "x")
    assert command(mirror, "status").returncode == 0
    assert os.environ["OUTPUT"] == "x"
