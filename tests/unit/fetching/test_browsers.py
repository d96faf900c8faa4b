"""Names and headers of browsers agree with each other, and with what browsers really send."""

from __future__ import annotations

import re

import pytest
from fake_useragent.utils import load

from mirror.fetching.browsers import headers, is_browser, names

NAMES = sorted(set(names(load())))
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/{}.0.0.0 Safari/537.36"
)


def test_names_are_those_of_several_browsers_of_today() -> None:
    versions = [re.findall(r"(Chrome|Firefox|Version)/(\d+)", name)[0] for name in NAMES]
    assert {browser for browser, _ in versions} == {"Chrome", "Firefox", "Version"}
    newest = {"Chrome": 156, "Firefox": 158, "Version": 27}
    assert all(int(version) >= newest[browser] for browser, version in versions)
    assert all(map(is_browser, NAMES))
    assert not is_browser("Scrapy/2.19.0 (+https://scrapy.org)")


def test_newer_version_of_the_table_is_taken() -> None:
    table = [{"type": "desktop", "useragent": CHROME.format(999)}]
    assert names(table) == [CHROME.format(999)]


@pytest.mark.parametrize(
    ("version", "brands"),  # as found in requests of these versions
    [
        (134, '"Chromium";v="134", "Not:A-Brand";v="24", "Google Chrome";v="134"'),
        (135, '"Google Chrome";v="135", "Not-A.Brand";v="8", "Chromium";v="135"'),
        (145, '"Not:A-Brand";v="99", "Google Chrome";v="145", "Chromium";v="145"'),
        (150, '"Not;A=Brand";v="8", "Chromium";v="150", "Google Chrome";v="150"'),
    ],
)
def test_brands_are_those_of_the_version(version: int, brands: str) -> None:
    assert headers(CHROME.format(version), "https")["Sec-Ch-Ua"] == brands


@pytest.mark.parametrize("name", NAMES)
def test_headers_do_not_contradict_the_name(name: str) -> None:
    sent = headers(name, "https")
    assert sent["User-Agent"] == name
    assert ("Sec-Ch-Ua" in sent) == ("Chrome/" in name)
    if "Sec-Ch-Ua" in sent:
        (version,) = re.findall(r"Chrome/(\d+)", name)
        brand = "Microsoft Edge" if "Edg/" in name else "Google Chrome"
        assert f'"{brand}";v="{version}"' in sent["Sec-Ch-Ua"]
        system = {"Windows": "Windows", "Mac": "macOS", "X11": "Linux"}
        assert sent["Sec-Ch-Ua-Platform"] == f'"{next(v for k, v in system.items() if k in name)}"'
    assert sent["Accept-Language"].startswith("zh-CN,zh")
    assert ("image/avif" in sent["Accept"]) == ("Chrome/" in name)


@pytest.mark.parametrize("name", NAMES)
def test_plain_http_gets_no_headers_that_are_for_https(name: str) -> None:
    sent = headers(name, "http")
    assert not [header for header in sent if header.startswith("Sec-")]
    assert sent["Accept-Encoding"] == "gzip, deflate"
