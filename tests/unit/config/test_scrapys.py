"""Values of Scrapy's own settings: what it can work with, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from scrapy.logformatter import LogFormatter
from scrapy.settings import BaseSettings, default_settings
from scrapy.utils.project import get_project_settings

from mirror.config.profiles import PROFILES
from mirror.config.scrapys import check_scrapys
from mirror.errors import ArgumentError

SHIPPED = {name: value for name, value in vars(default_settings).items() if name.isupper()}


def check(**given: Any) -> None:
    check_scrapys(BaseSettings(SHIPPED | given), SHIPPED)


def test_what_is_shipped_passes() -> None:
    check_scrapys(get_project_settings(), SHIPPED)
    for profile in PROFILES.values():
        check(**profile)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DOWNLOAD_DELAY", "0.25"),
        ("DOWNLOAD_DELAY", 2),
        ("CLOSESPIDER_TIMEOUT", "3600"),
        ("RETRY_PRIORITY_ADJUST", "-5"),
        ("RETRY_HTTP_CODES", "500,502"),
        ("RETRY_HTTP_CODES", [500, 502]),
        ("RETRY_HTTP_CODES", ""),
        ("COOKIES_ENABLED", "true"),
        ("TELNETCONSOLE_PORT", "6023,6073"),
        ("DEFAULT_REQUEST_HEADERS", '{"Accept": "*/*"}'),
        ("DOWNLOAD_MAXSIZE", "0"),
        ("FEED_EXPORT_INDENT", "2"),
        ("SCHEDULER", "scrapy.core.scheduler.Scheduler"),
        ("LOG_FORMATTER", LogFormatter),
    ],
)
def test_what_scrapy_takes_passes(name: str, value: object) -> None:
    check(**{name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DOWNLOAD_DELAY", "-1"),
        ("DOWNLOAD_DELAY", "nan"),
        ("DOWNLOAD_DELAY", "1,5"),
        ("CONCURRENT_REQUESTS", "0"),
        ("CONCURRENT_REQUESTS", "4.5"),
        ("CONCURRENT_REQUESTS_PER_DOMAIN", 0),
        ("CLOSESPIDER_ITEMCOUNT", "many"),
        ("RETRY_HTTP_CODES", 500),
        ("RETRY_HTTP_CODES", "50"),
        ("COOKIES_ENABLED", "2"),
        ("COOKIES_ENABLED", ["1"]),
        ("TELNETCONSOLE_PORT", "here"),
        ("DEFAULT_DROPITEM_LOG_LEVEL", "loud"),
        ("USER_AGENT", ["me"]),
        ("SCHEDULER", "nope"),
        ("DUPEFILTER_CLASS", "no.such.Filter"),
        ("STATS_CLASS", "scrapy.no_such.Stats"),
        ("TWISTED_REACTOR", ".Reactor"),
        ("LOG_FORMATTER", ["scrapy.logformatter.LogFormatter"]),
        ("AUTOTHROTTLE_TARGET_CONCURRENCY", "0"),
    ],
)
def test_what_scrapy_cannot_work_with_is_refused(name: str, value: object) -> None:
    with pytest.raises(ArgumentError, match=f"{name}=.*: must be "):
        check(**{name: value})
