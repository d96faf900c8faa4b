"""Proxies take turns, the dead are left out, and there is no way past them."""

from __future__ import annotations

import itertools
from contextlib import nullcontext
from pathlib import Path

import pytest
from scrapy.exceptions import NotConfigured
from scrapy.utils.test import get_crawler
from support.hostile import Answer, HostileServer, Proxy, Seen, page, self_signed, site
from support.mirrors import Mirror

import mirror.settings
from demo.articles import made_up_articles
from demo.site import demo_pages
from mirror.config.options import Options
from mirror.config.proxies import environment_proxy, parse_proxies
from mirror.errors import ArgumentError
from mirror.fetching.middlewares import ProxyMiddleware
from mirror.fetching.proxies import Rotation

ARTICLES = made_up_articles(40)[:8]
SITE = "https://www.example.org"
NOWHERE = {"MIRROR_SOURCE_URL": "https://site.invalid", "MIRROR_PROFILE": "bulk"}
SECRET = "pa55-w0rd"


def test_proxies_are_parted_by_commas_or_spaces() -> None:
    expected = ("http://a:1", "http://me:x@b:2")
    assert parse_proxies(" http://a:1, http://me:x@b:2 http://a:1", SITE) == expected
    assert parse_proxies(["http://a:1", "http://me:x@b:2"], SITE) == expected
    assert parse_proxies("", SITE) == ()


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("socks5://me:pa55-w0rd@a:9050", "must be socks5h"),
        ("socks5h://me:pa55-w0rd@a:9050", "SOCKS needs MIRROR_FETCHER=curl"),
        ("https://me:pa55-w0rd@a:1", "spoken to by https"),
        ("me:pa55-w0rd@a:1", "must be like"),
        ("http://", "must be like"),
        ("http://me:pa55-w0rd@a:99999", "is no address"),
        ("http://me:pa55-w0rd,x@a:1", "is no address"),
        ("http://a:1/path", "must be like"),
    ],
)
def test_wrong_proxy_is_refused_without_its_password(value: str, reason: str) -> None:
    with pytest.raises(ArgumentError, match=reason) as error:
        parse_proxies(f"http://good:1 {value}", SITE)
    assert SECRET not in str(error.value)
    assert "address 2 of" in str(error.value) or "address 3 of" in str(error.value)


def test_curl_knows_socks_and_proxies_spoken_to_by_https() -> None:
    given = "socks5h://me:x@a:9050 https://b:443"
    assert parse_proxies(given, SITE, fetcher="curl") == tuple(given.split())
    with pytest.raises(ArgumentError, match="must be socks5h"):
        parse_proxies("socks5://a:9050", SITE, fetcher="curl")


def test_proxy_of_the_environment_is_for_other_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "proxy.example:3128")
    monkeypatch.setenv("no_proxy", "inside.example")
    assert environment_proxy(SITE) == "http://proxy.example:3128"
    assert environment_proxy("https://inside.example") == ""
    assert environment_proxy("https://127.0.0.1:8000") == ""


def test_proxy_for_all_counts_where_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("all_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "inside.example")
    assert environment_proxy(SITE) == "http://proxy.example:3128"
    assert environment_proxy("https://inside.example") == ""
    monkeypatch.setenv("all_proxy", "socks5h://127.0.0.1:9050")
    with pytest.raises(ArgumentError, match="SOCKS needs MIRROR_FETCHER=curl"):
        parse_proxies(environment_proxy(SITE), SITE, "all_proxy")


@pytest.mark.parametrize("excepted", ["*", "epochtimes.com", ""])
def test_source_that_is_excepted_from_the_proxy_of_the_environment_is_named(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, excepted: str
) -> None:
    monkeypatch.setenv("all_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", excepted)
    given = {k: v for k, v in vars(mirror.settings).items() if k.startswith("MIRROR_")}
    crawler = get_crawler(settings_dict=given)
    with nullcontext() if not excepted else pytest.raises(NotConfigured):
        ProxyMiddleware.from_crawler(crawler)
    warned = [r.getMessage() for r in caplog.records if r.levelname == "WARNING"]
    assert any("www.epochtimes.com: asked directly" in w for w in warned) is bool(excepted)


@pytest.mark.parametrize("source", [SITE, "epochtimes=http://127.0.0.1:1", f"epochtimes={SITE}"])
def test_proxy_of_the_environment_is_for_every_source(
    monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    given = {k: v for k, v in vars(mirror.settings).items() if k.startswith("MIRROR_")}
    options = Options.from_settings({**given, "MIRROR_SOURCE_URL": source})
    assert options.routes() == ("http://proxy.example:3128",)


def test_proxies_take_turns_and_a_dead_one_comes_back() -> None:
    rotation = Rotation(["http://a", "http://b"], rest=10)
    a, b = (rotation.choose(0) for _ in range(2))
    assert (a.url, b.url, rotation.choose(0)) == ("http://a", "http://b", a)
    assert rotation.fail(b, 0) == 10
    assert [rotation.choose(1) for _ in range(3)] == [a, a, a]
    assert b in [rotation.choose(11) for _ in range(2)]
    assert rotation.fail(b, 11) == 20


def test_no_proxy_left_means_waiting_then_giving_up() -> None:
    rotation = Rotation(["http://a"], rest=10)
    proxy = rotation.choose(0)
    assert [rotation.doubt(proxy, 0) for _ in range(3)] == [0, 0, 10]
    assert rotation.choose(1) is None
    assert rotation.wait(1) == 9
    for now in (100, 200, 300):
        assert not rotation.is_hopeless
        rotation.fail(proxy, now)
    assert rotation.is_hopeless


def test_run_goes_through_the_proxies_that_live(tmp_path: Path) -> None:
    calls = itertools.count()

    def dies(_seen: Seen) -> Answer | None:
        return page(b"", 503) if next(calls) else None

    with (
        HostileServer(site(demo_pages(ARTICLES)), self_signed(tmp_path)) as server,
        Proxy(server, dies) as dying,
        Proxy(server) as living,
    ):
        proxies = " ".join(p.url.replace("//", f"//me:{SECRET}@") for p in (dying, living))
        mirror = Mirror(tmp_path, server)
        run = mirror.scrapy(
            "crawl",
            "section",
            "-aid=nsc418",
            **NOWHERE,
            MIRROR_PROXIES=proxies,
            MIRROR_PAUSE=60,
            DOWNLOAD_VERIFY_CERTIFICATES=False,
        )
    assert run.returncode == 0, run.output
    assert mirror.articles() == {article.id for article in ARTICLES}
    assert {(seen.method, seen.path) for seen in living.requests} == {
        ("CONNECT", "site.invalid:443")
    }
    assert all("proxy-authorization" in seen.headers for seen in living.requests)
    assert not any("proxy-authorization" in seen.headers for seen in server.requests)
    assert SECRET not in run.output
    assert "http://***@" in run.output


def test_run_ends_in_order_when_no_proxy_works(tmp_path: Path) -> None:
    with HostileServer(site(demo_pages(ARTICLES))) as server:
        with Proxy(server) as gone:
            closed = gone.url
        run = Mirror(tmp_path, server).scrapy(
            "crawl", "section", "-aid=nsc418", MIRROR_PROXIES=closed, MIRROR_PAUSE=0.1
        )
        assert run.returncode == 3
        assert "No proxy works any more" in run.output
        assert "no proxy worked any more" in run.output
        assert run.asked == []
