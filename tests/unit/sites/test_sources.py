"""Where each site is asked."""

from __future__ import annotations

import pytest

from mirror.errors import ArgumentError
from mirror.sites import check_sources, source_url
from mirror.sites.samples import sites_of

EPOCHTIMES, NTD = "https://www.epochtimes.com", "https://www.ntdtv.com"
HERE, THERE = "http://127.0.0.1:8000", "http://127.0.0.1:8001"


@pytest.mark.parametrize(
    ("setting", "epochtimes", "ntd"),
    [
        (EPOCHTIMES, EPOCHTIMES, NTD),  # the default: no site is asked at another's address
        (NTD, EPOCHTIMES, NTD),
        (HERE, HERE, HERE),
        (f"{HERE}/", HERE, HERE),
        (f"ntd={THERE}", EPOCHTIMES, THERE),
        (f"epochtimes={HERE}, ntd={THERE}/", HERE, THERE),
    ],
)
def test_each_site_is_asked_where_the_setting_says(setting: str, epochtimes: str, ntd: str) -> None:
    assert (source_url(setting, "epochtimes"), source_url(setting, "ntd")) == (epochtimes, ntd)


@pytest.mark.parametrize(
    ("setting", "allowed"),
    [
        (f"ntdd={HERE}", "ntdd: no such site; the nearest is ntd; there are epochtimes, ntd"),
        (f"epochtimes={HERE},nosuch={THERE}", "nosuch: no such site"),
        (f"NTD={HERE}", "NTD: no such site; the nearest is ntd"),
        (f"ntd={HERE},ntd={THERE}", "there are two addresses of ntd"),
        (f"{HERE},{THERE}", "there are two addresses without a NAME="),
    ],
)
def test_site_that_there_is_not_is_asked_nowhere(setting: str, allowed: str) -> None:
    for ask in (check_sources, lambda given: source_url(given, "ntd")):
        with pytest.raises(ArgumentError, match=allowed):
            ask(setting)


@pytest.mark.parametrize(
    ("url", "setting", "names"),
    [
        (f"{NTD}/gb/news/china", EPOCHTIMES, ["ntd"]),
        (f"{HERE}/gb/nsc413.htm", HERE, ["epochtimes", "ntd", "soundofhope"]),
        (f"{HERE}/gb/26/10/7/n14866012.htm", HERE, ["epochtimes"]),
        (f"{HERE}/gb/2026/10/03/a104138900.html", HERE, ["ntd"]),
        (f"{THERE}/gb/nsc413.htm", f"epochtimes={HERE},ntd={THERE}", ["ntd"]),
        ("https://gazette.example/1", HERE, []),
    ],
)
def test_address_is_that_of_the_sites_it_could_be_of(
    url: str, setting: str, names: list[str]
) -> None:
    assert [site.name for site in sites_of(url, setting)] == names
