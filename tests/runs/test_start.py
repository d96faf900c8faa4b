"""What a crawl loads: each package takes its time from every run of a day."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable

import pytest
from support.mirrors import Mirror

from demo.articles import made_up_articles
from demo.site import demo_pages

NewMirror = Callable[..., Mirror]
_LOADED_RE = re.compile(r"^import time:.*\|\s*([\w.-]+)$", re.MULTILINE)
_PACKAGES = """OpenSSL attr attrs backports charset_normalizer constantly cryptography cssselect
defusedxml fake_useragent greenlet idna incremental itemadapter jmespath lxml mirror packaging parsel
protego pydispatch queuelib rich scrapy scrapy_fake_useragent service_identity sqlalchemy twisted
typing_extensions uvloop w3lib zope"""
_LOOKED_FOR = (
    "bcrypt brotli h2 org pydantic rnc2rng sitecustomize win32api zstandard".split()
)  # by these
_FOR_ARTICLES = (
    "bs4",
    "jinja2",
    "nh3",
    "qrcode",
    "mirror.content.cleaning",
    "mirror.content.markdown",
)
_NEVER = (
    "aiohttp",
    "faker",
    "requests",
    "sqlalchemy.dialects.postgresql",
    "mirror.commands.publish",
    "mirror.publishing.publisher",
    "rich.console",
)


@pytest.fixture
def mirror(new_mirror: NewMirror, monkeypatch: pytest.MonkeyPatch) -> Mirror:
    made = new_mirror(demo_pages(made_up_articles(40)[:3]))
    assert made.section("nsc418").returncode == 0
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")
    made.anew = True
    return made


def test_crawl_without_news_loads_what_it_uses_and_nothing_else(mirror: Mirror) -> None:
    loaded = set(_LOADED_RE.findall(mirror.section("nsc418").output))
    packages = {name.partition(".")[0] for name in loaded} - sys.stdlib_module_names
    assert sorted(loaded & {*_FOR_ARTICLES, *_NEVER}) == []
    assert {name for name in packages if name[0] != "_"} - {*_LOOKED_FOR} == {*_PACKAGES.split()}
