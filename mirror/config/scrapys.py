"""The values of Scrapy's own settings. Scrapy looks at most of them late: it would fail in the middle of a
crawl, or take them for something else."""

from __future__ import annotations

import codecs
import json
import logging
import re
from collections.abc import Collection, Mapping
from importlib.util import find_spec
from typing import Any

from mirror.errors import ArgumentError

_LEVELS = ("CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG")
_LEVEL_NAMES = ("LOG_LEVEL", "DEFAULT_DROPITEM_LOG_LEVEL", "RETRY_GIVE_UP_LOG_LEVEL")
_WORDS = {"DOWNLOADER_CLIENT_TLS_METHOD": ("TLS", "TLSv1.0", "TLSv1.1", "TLSv1.2")}
_STATUS_NAMES = ("RETRY_HTTP_CODES", "HTTPERROR_ALLOWED_CODES")
_FLAGS = ("0", "1", "True", "False", "true", "false")
_ONE_OR_MORE = (
    "CONCURRENT_ITEMS",
    "CONCURRENT_REQUESTS",
    "CONCURRENT_REQUESTS_PER_DOMAIN",
    "REACTOR_THREADPOOL_MAXSIZE",
)
_ANY_SIGN = ("DEPTH_PRIORITY", "REDIRECT_PRIORITY_ADJUST", "RETRY_PRIORITY_ADJUST")
_WITH_FRACTION = ("DNS_TIMEOUT", "DOWNLOAD_DELAY", "DOWNLOAD_TIMEOUT")  # beside those shipped so
_ABOVE_ZERO = (
    "AUTOTHROTTLE_MAX_DELAY",
    "AUTOTHROTTLE_TARGET_CONCURRENCY",
    "DNS_TIMEOUT",
    "DOWNLOAD_TIMEOUT",
    "MEMUSAGE_CHECK_INTERVAL_SECONDS",
)
_TABLES = (  # Scrapy fails of another value as soon as it is given
    "ADDONS",
    "DEFAULT_REQUEST_HEADERS",
    "DOWNLOADER_MIDDLEWARES",
    "DOWNLOAD_HANDLERS",
    "DOWNLOAD_SLOTS",
    "EXTENSIONS",
    "FEEDS",
    "FEED_EXPORTERS",
    "FEED_STORAGES",
    "ITEM_PIPELINES",
    "SPIDER_CONTRACTS",
    "SPIDER_MIDDLEWARES",
)
_OBJECT = 'a table, or a JSON object such as {"name": 1}'
_WHOLE_RE = re.compile(r"-?\d{1,15}", re.ASCII)
_NUMBER_RE = re.compile(r"\d{1,9}(\.\d{1,9})?", re.ASCII)
_CLASS_RE = re.compile(r"(scrapy|twisted)\.[\w.]+", re.ASCII)
_STATUS_RE = re.compile(r"[1-5]\d\d", re.ASCII)


def check_scrapys(
    settings: Mapping[str, Any], shipped: Mapping[str, Any], beginning: str = ""
) -> None:
    """Raise ArgumentError for the first of Scrapy's settings whose value it cannot work with. The values
    that are `shipped` tell of which kind each is; only names with a beginning are looked at."""
    for name, usual in shipped.items():
        value = settings[name]
        if not name.startswith(beginning) or value is None or value is usual:
            continue
        if allowed := _refusal(name, value, usual):
            shown = (
                value if isinstance(value, str | int | float) else json.dumps(value, default=str)
            )
            raise ArgumentError(name, shown, f"must be {allowed}")


def check_tables(given: Mapping[str, Any]) -> None:
    """Raise ArgumentError for the first of Scrapy's settings that is given as no table, but has to be one."""
    for name, value in given.items():
        if name.removesuffix("_BASE") in _TABLES and not _is_object(value):
            raise ArgumentError(name, value, f"must be {_OBJECT}")


def _refusal(name: str, value: Any, usual: Any) -> str:
    """Return what a setting must be, "" if it is that."""
    words = _LEVELS if name in _LEVEL_NAMES else _WORDS.get(name)
    if words:
        return "" if value in words else f"one of {', '.join(words)}"
    if isinstance(usual, bool) or name.endswith("_ENABLED"):
        return "" if str(value) in _FLAGS else "0 or 1"
    if isinstance(usual, int | float):
        return _no_number(name, str(value), usual)
    if isinstance(usual, Mapping):
        return "" if _is_object(value) else _OBJECT
    if isinstance(usual, list | tuple):
        return _no_list(name, value, usual)
    if isinstance(usual, str):
        return _no_text(name, value, usual)
    return ""


def _no_number(name: str, value: str, usual: float) -> str:
    if isinstance(usual, float) or name in _WITH_FRACTION:
        least = "above 0" if name in _ABOVE_ZERO else "0 or more"
        is_good = _NUMBER_RE.fullmatch(value) and (float(value) or name not in _ABOVE_ZERO)
        return "" if is_good else f"a number, {least}"
    if name in _ANY_SIGN:
        return "" if _WHOLE_RE.fullmatch(value) else "a whole number"
    least_number = int(name in _ONE_OR_MORE)
    is_good = _WHOLE_RE.fullmatch(value) and int(value) >= least_number
    return "" if is_good else f"a whole number, {least_number} or more"


def _no_list(name: str, value: Any, usual: Collection[Any]) -> str:
    """Return what a list must be. Scrapy takes a text for one, with commas."""
    if not isinstance(value, str | list | tuple):
        return "a list, or a text with commas"
    words = value.split(",") if isinstance(value, str) else map(str, value)
    given = [word for word in words if word]
    if name in _STATUS_NAMES:
        is_good = all(map(_STATUS_RE.fullmatch, given))
        return "" if is_good else "HTTP statuses such as 500,502"
    is_of_numbers = usual and all(isinstance(one, int) for one in usual)
    is_good = not is_of_numbers or all(map(_WHOLE_RE.fullmatch, given))
    return "" if is_good else "whole numbers, separated by commas"


def _is_object(value: Any) -> bool:
    try:
        return isinstance(json.loads(value) if isinstance(value, str) else value, Mapping)
    except ValueError:
        return False


def _no_text(name: str, value: Any, usual: str) -> str:
    if _CLASS_RE.fullmatch(usual):
        return "" if _may_be_class(value) else f"the path of a class, such as {usual}"
    if isinstance(value, bool | list | tuple | Mapping):
        return "a text"
    if name == "LOG_ENCODING" and not _is_encoding(str(value)):
        return "an encoding such as utf-8"
    if name == "LOG_FORMAT" and not _is_format(str(value)):
        return "a text with the fields of Python's logging, such as %(asctime)s"
    return ""


def _may_be_class(value: Any) -> bool:
    """Whether there is the module of a class; it is loaded when the class is needed."""
    if not isinstance(value, str):
        return callable(value)
    module, _, name = value.rpartition(".")
    try:
        return name.isidentifier() and bool(module and find_spec(module))
    except (ImportError, ValueError):
        return False


def _is_encoding(name: str) -> bool:
    try:
        return bool(codecs.lookup(name))
    except LookupError:
        return False


def _is_format(text: str) -> bool:
    try:
        logging.Formatter(text).format(logging.makeLogRecord({}))
    except (KeyError, TypeError, ValueError):
        return False
    return True
