"""Sites as they are loaded: one that is not complete is reported, with what it lacks."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

import pytest
from scrapy.utils.project import get_project_settings

import mirror.sites
from mirror.cli import ReadingCommand
from mirror.errors import SiteError
from mirror.exits import Exit
from mirror.sites import get_site, site_names
from mirror.sites.base import Site, checked
from mirror.sites.epochtimes import EpochTimes


class Gazette(EpochTimes):
    name = "gazette"
    sections = {"gz1": "港口"}


def test_complete_site_is_accepted() -> None:
    assert checked(Gazette, "mirror.sites.gazette") is Gazette


def test_site_that_lacks_methods_and_attributes_is_refused_with_all_their_names() -> None:
    class Half(Site):
        name = "half"
        url = "https://half.example"
        hosts = ("half.example",)
        junk = ()

    with pytest.raises(SiteError) as refused:
        checked(Half, "mirror.sites.half")
    assert "Half in mirror.sites.half lacks timezone, sections, address(), " in str(refused.value)
    assert "next_page()" in str(refused.value)
    assert "is_own" not in str(refused.value)


def test_site_whose_name_is_not_its_modules_is_refused() -> None:
    with pytest.raises(SiteError, match=r"mirror\.sites\.paper: its name, gazette, is not"):
        checked(Gazette, "mirror.sites.paper")


def test_sections_of_two_sites_with_the_same_id_are_refused() -> None:
    class Copy(EpochTimes):
        name = "copy"

    with pytest.raises(SiteError, match="epochtimes and copy both have a section nsc413"):
        mirror.sites._check_sections([EpochTimes, Gazette, Copy])


def test_command_ends_with_the_name_of_what_a_site_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Names(ReadingCommand):
        def short_desc(self) -> str:
            return ""

        def work(self, *_: object) -> Exit:
            print(site_names())
            return Exit.COMPLETE

    (tmp_path / "unfinished.py").write_text(
        "from mirror.sites.base import Site\n\nclass Unfinished(Site):\n    pass\n\nSITE = Unfinished\n"
    )
    monkeypatch.setattr(mirror.sites, "__path__", [*mirror.sites.__path__, str(tmp_path)])
    mirror.sites._sites.cache_clear()
    command = Names()
    command.settings = get_project_settings()
    parser = ArgumentParser()
    command.add_options(parser)
    command.run([], parser.parse_args([]))
    monkeypatch.undo()
    mirror.sites._sites.cache_clear()
    assert command.exitcode == Exit.USAGE
    assert "Unfinished in mirror.sites.unfinished lacks name, url," in capsys.readouterr().err
    assert get_site("epochtimes").name == "epochtimes"
