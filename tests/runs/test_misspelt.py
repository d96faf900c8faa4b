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
    yield "settings", "--get", "MIRROR_OUTPU"
    yield "settings", "--getint=LOG_LEVL"
    yield "crawl", "secton", "-aid=nsc418"
    yield "crawl", "section", "id=nsc418"
    yield "crawl", "section", "-aidd=nsc418"
    yield "crawl", "section", "-aid=nsc418", "--limit", "3"
    yield "crawl", "section", "-aid=nsc418", "-aid=nsc413"
    yield "export", "epub", "-aby=day", "-aby=month"
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


WRONG = {  # a setting, a value that it cannot have, and what the message says
    "MIRROR_SOURCE_URL": ("ntdd=http://127.0.0.1:1", "no such site; the nearest is ntd"),
    "MIRROR_SECTIONS": ("nsc418,ncs413", "must be section ids such as"),
    "MIRROR_SINCE": ("2021-13-01", "must be a day such as"),
    "MIRROR_GROUPS": ('{"新闻": ["foo"]}', "must be section ids such as"),
    "MIRROR_PINNED": ("n1,x2", "must be ids of articles"),
    "MIRROR_EXPORTS": ("epbu by=day", "must be one of bundle, epub, site, zim"),
    "MIRROR_PAGE_PATH": ("indexes/{id}.md", "must not begin with feeds/, homes/, indexes/"),
    "MIRROR_OUTPUT": ("", "must be the path of a folder"),
    "MIRROR_EXPORT_FOLDER": (" ", "must be the path of a folder"),
    "DOWNLOADER_CLIENT_TLS_METHOD": ("TLSv9", "must be one of TLS, TLSv1.0"),
    "MIRROR_NOTIFY_ON": ("HOLOW", "must be exit statuses such as"),
    "MIRROR_THEME": ("defualt", "no such theme; there is classic, default"),
    "MIRROR_PROFILE": ("police", "must be one of polite, bulk"),
    "DOWNLOAD_DELAY": ("fast", "must be a number, 0 or more"),
    "CONCURRENT_REQUESTS": ("-1", "must be a whole number, 1 or more"),
    "DOWNLOAD_TIMEOUT": ("0", "must be a number, above 0"),
    "DOWNLOAD_MAXSIZE": ("4M", "must be a whole number, 0 or more"),
    "RETRY_TIMES": ("x", "must be a whole number, 0 or more"),
    "RETRY_HTTP_CODES": ("500,5xx", "must be HTTP statuses such as"),
    "ROBOTSTXT_OBEY": ("yes", "must be 0 or 1"),
    "TELNETCONSOLE_ENABLED": ("on", "must be 0 or 1"),
    "LOG_LEVEL": ("LOUD", "must be one of CRITICAL, ERROR, WARNING, INFO, DEBUG"),
    "LOG_FILE": ("/no/such/folder/log", "cannot be written"),
    "LOG_FORMAT": ("%(what)s", "must be a text with the fields"),
    "LOG_ENCODING": ("utf-9", "must be an encoding"),
    "DOWNLOAD_HANDLERS": ("http", "must be a table, or a JSON object"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_value_that_cannot_be_is_refused_before_anything_is_opened(
    mirror: Mirror, name: str
) -> None:
    before, (value, allowed) = everything(mirror), WRONG[name]
    calls = (("purge",), ("purge", "--dry-run"), ("crawl", "section", "-aid=nsc418"))
    if name != "MIRROR_EXPORTS":  # who does not crawl or change anything does not look at it
        calls += (("status",), ("list",), ("fetch", mirror.server.url))
    mirror.server.requests.clear()
    for call in calls:
        done = command(mirror, *call, **{name: value})
        assert (done.returncode, allowed in done.output) == (2, True), (call, done.output)
        assert name in done.output
    assert mirror.asked() == []
    assert everything(mirror) == before


def test_a_file_of_settings_is_held_to_the_same(
    mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIRROR_CONFIG", str(tmp_path / "mirror.toml"))
    for text, allowed in (
        ("[scrapy]\nDOWNLOAD_DELAY = [2]", "DOWNLOAD_DELAY=[2]: must be a number"),
        ("[scrapy]\nRETRY_TIMES = true", "RETRY_TIMES=True: must be a whole number"),
        ('[scrapy]\nEXTENSIONS = "x"', "EXTENSIONS=x: must be a table"),
        ('output = ["out"]', "output: is a list; must be a text or a number"),
        ("theme = true", "theme: is true or false; must be a text or a number"),
        ('workers = "two"', "MIRROR_WORKERS=two: must be a whole number"),
        ("proxies = 5", "MIRROR_PROXIES=(address 1 of 1)"),
    ):
        (tmp_path / "mirror.toml").write_text(text, "utf-8")
        done = mirror.scrapy("status")
        assert (done.returncode, allowed in done.output) == (2, True), done.output


def test_variables_of_other_programs_are_theirs(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MIRRORS", "DEBIAN_MIRROR", "OUTPUT", "http_proxy", "MIRR"):
        monkeypatch.setenv(name, "x")
    assert command(mirror, "status").returncode == 0
    assert os.environ["OUTPUT"] == "x"


def test_a_project_that_scrapy_would_drop_for_another_module_is_refused(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(mirror)
    monkeypatch.setenv("SCRAPY_SETTINGS_MODULE", "mirror.settings")
    monkeypatch.setenv("SCRAPY_PROJECT", "cluster")
    for call in (["crawl", "section", "-aid=nsc418"], ["purge"], ["fetch", mirror.server.url]):
        run = command(mirror, *call)
        assert run.returncode == 2
        assert "SCRAPY_SETTINGS_MODULE=mirror.settings: SCRAPY_PROJECT=cluster means" in run.output
        assert "means mirror.cluster.settings; unset one of the two" in run.output
    assert everything(mirror) == before
    for project in ("default", "news"):  # the same; a name that is scrapyd's alone
        monkeypatch.setenv("SCRAPY_PROJECT", project)
        assert command(mirror, "purge").returncode == 0
