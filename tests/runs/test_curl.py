"""Crawls that fetch with curl: through SOCKS, through proxies spoken to by https, to names, to an end."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from support.hostile import HostileServer, Proxy, self_signed, site
from support.mirrors import ROOT, Mirror
from support.socks import SocksProxy

from demo.articles import made_up_articles
from demo.site import demo_pages

pytest.importorskip("curl_cffi", reason="requirements-curl.txt is not installed")

ARTICLES = made_up_articles(40)[:8]
SECTION = ("crawl", "section", "-aid=nsc418")
CURL = {"MIRROR_FETCHER": "curl", "MIRROR_PROFILE": "bulk"}
NOWHERE = "https://site.invalid"  # no DNS knows it (RFC 6761)


def test_socks_proxy_looks_up_the_name_and_nobody_else(tmp_path: Path) -> None:
    with (
        HostileServer(site(demo_pages(ARTICLES)), self_signed(tmp_path)) as server,
        SocksProxy(server.address) as proxy,
    ):
        mirror = Mirror(tmp_path, server)
        run = mirror.scrapy(
            *SECTION,
            **CURL,
            MIRROR_SOURCE_URL=NOWHERE,
            MIRROR_PROXIES=proxy.url.replace("//", "//me:pa55@"),
            DOWNLOAD_VERIFY_CERTIFICATES=False,
        )
    assert run.returncode == 0, run.output
    assert mirror.articles() == {article.id for article in ARTICLES}
    assert set(proxy.asked) == {"site.invalid:443"}
    assert set(proxy.users) == {"me"}
    assert "pa55" not in run.output
    assert not any("proxy-authorization" in seen.headers for seen in server.requests)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"MIRROR_FETCHER": "scrapy"}, "SOCKS needs MIRROR_FETCHER=curl"),
        ({**CURL, "MIRROR_NOTIFY": "http://127.0.0.1:9/"}, "notices do not go through SOCKS"),
        ({"MIRROR_FETCHER": "wget"}, "MIRROR_FETCHER=wget: must be one of scrapy, curl"),
    ],
)
def test_what_cannot_work_is_refused_before_the_first_request(
    new_mirror: Callable[..., Mirror], given: dict[str, str], told: str
) -> None:
    mirror = new_mirror(demo_pages(ARTICLES))
    run = mirror.scrapy(*SECTION, **given, MIRROR_PROXIES="socks5h://127.0.0.1:9")
    assert run.returncode == 2
    assert told in run.output
    assert run.asked == []


def test_proxy_spoken_to_by_https_leads_to_a_source_with_https(tmp_path: Path) -> None:
    (tmp_path / "proxy").mkdir()
    with (
        HostileServer(site(demo_pages(ARTICLES)), self_signed(tmp_path)) as server,
        Proxy(server) as proxy,
    ):
        proxy.tls = self_signed(tmp_path / "proxy")
        mirror = Mirror(tmp_path, server)
        given = {"MIRROR_SOURCE_URL": NOWHERE, "MIRROR_PROXIES": proxy.url, "MIRROR_PAUSE": 0.1}
        unchecked = {"DOWNLOAD_VERIFY_CERTIFICATES": False}
        refused = mirror.scrapy(*SECTION, **CURL, **given)
        assert refused.returncode == 3
        assert server.requests == []
        run = mirror.scrapy(*SECTION, **CURL, **given, **unchecked)
    assert run.returncode == 0, run.output
    assert mirror.articles() == {article.id for article in ARTICLES}
    tunnels = {(seen.method, seen.path) for seen in proxy.requests}
    assert tunnels == {("CONNECT", "site.invalid:443")}


def test_name_is_looked_up_by_the_crawl(new_mirror: Callable[..., Mirror]) -> None:
    mirror = new_mirror(demo_pages(ARTICLES))
    address = mirror.server.url.replace("127.0.0.1", "localhost")
    run = mirror.scrapy(*SECTION, **CURL, MIRROR_SOURCE_URL=address)
    assert run.returncode == 0, run.output
    assert mirror.articles() == {article.id for article in ARTICLES}
    names = {request.headers["user-agent"] for request in mirror.server.requests}
    assert len(names) > 1  # a browser for each request, of those that are imitated
    assert all(name.startswith("Mozilla/5.0 (") for name in names)


def test_interrupt_ends_what_hangs(tmp_path: Path) -> None:
    pages = site(demo_pages(ARTICLES))
    for article in ARTICLES[2:]:
        pages[article.path] = lambda *_: time.sleep(60)
    with HostileServer(pages) as server:
        mirror = Mirror(tmp_path, server)
        command = mirror._command(SECTION, {**CURL, "MIRROR_WORKERS": 1})
        crawl = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        while not any(seen.path == ARTICLES[3].path for seen in server.requests):
            time.sleep(0.05)
            assert crawl.poll() is None
        crawl.send_signal(signal.SIGINT)
        time.sleep(0.3)
        crawl.send_signal(signal.SIGINT)
        began = time.monotonic()
        crawl.communicate(timeout=30)
        assert time.monotonic() - began < 10
