"""A server that means harm: what it sends is bounded, not followed, not published, and counted."""

from __future__ import annotations

import gzip
import os
import re
import ssl
import zlib
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import brotli
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from demo.articles import made_up_articles
from demo.markup import article_page
from demo.server import DemoServer, Page
from demo.site import demo_pages

if TYPE_CHECKING:
    from conftest import Mirror, Run

NewMirror = Callable[..., "Mirror"]
Together = Callable[..., list[Any]]
ARTICLES = made_up_articles(40)
_HUGE = 64 * 1024 * 1024  # bytes


def page(number: int) -> str:
    return article_page(ARTICLES[number], ARTICLES)


def led_to(address: str) -> Page:
    return Page(b"", status=302, headers={"Location": address})


def encoded(body: bytes, *encodings: str) -> Page:
    """A body in some encodings; the server adds gzip as the last."""
    return Page(body, headers={"Content-Encoding": ", ".join([*encodings, "gzip"])})


@cache
def bad_pages(elsewhere: str) -> dict[str, tuple[Page, str]]:
    """By the name of what is wrong: the answer, and the reason that is given for it."""
    zeros = bytes(_HUGE)
    inside = f"http://127.0.0.1:1{ARTICLES[0].path}"
    body = page(12).encode()
    told = '<div id="cf-chl-widget"></div><title>Just a moment...</title></html>'
    return {
        "gzip bomb": (encoded(gzip.compress(zeros, 1), "gzip"), "exceeded DOWNLOAD_MAXSIZE"),
        "brotli bomb": (encoded(brotli.compress(zeros, quality=1), "br"), "exceeded DOWNLOAD_MAXS"),
        "deflate bomb": (encoded(zlib.compress(zeros, 1), "deflate"), "exceeded DOWNLOAD_MAXSIZE"),
        "unknown encoding": (encoded(body, "sdch"), "encoded as sdch"),
        "loop": (led_to(ARTICLES[4].path), "in a circle"),
        "to another port": (led_to(inside), "led away from the site"),
        "to a private address": (led_to("http://10.0.0.1/"), "led away from the site"),
        "to a file": (led_to("file:///etc/passwd"), "HTTP 302"),
        "to another server": (led_to(f"{elsewhere}/x"), "led away from the site"),
        "challenge": (Page(told.encode()), "a challenge"),
        "half": (Page(page(10).encode()[:9000]), "cut off"),
        "gbk as utf-8": (Page(page(11).encode("gb18030")), "not written in utf-8"),
        "another article": (Page(page(30).encode()), f"that of {ARTICLES[30].id}"),
        "tags": (Page(b"<li>" * 200_000 + body), "more than a page may hold: 200,"),
    }


@pytest.fixture(scope="module", params=["scrapy", "curl"])
def attacked(
    request: pytest.FixtureRequest,
    new_mirror: NewMirror,
    together: Together,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Mirror, Run, DemoServer, Run, Mirror]:
    """A run that meets the bad pages, and one towards a server with another one's certificate."""
    fetcher = {"MIRROR_FETCHER": request.param}
    if request.param == "curl":
        pytest.importorskip("curl_cffi", reason="requirements-curl.txt is not installed")
    with DemoServer({}) as elsewhere:
        pages = demo_pages(ARTICLES)
        for article, (answer, _) in zip(ARTICLES, bad_pages(elsewhere.url).values(), strict=False):
            pages[article.path] = answer
        mirror, masked = new_mirror(pages), new_mirror(demo_pages(ARTICLES))
        authority = masquerade(masked.server, tmp_path_factory.mktemp("tls"))
        address = masked.server.url.replace("http://127.0.0.1", "https://localhost")
        settings = {"MIRROR_SOURCE_URL": address, "RETRY_TIMES": 0, "MIRROR_PROFILE": "bulk"}
        os.environ["SSL_CERT_FILE"] = str(authority)
        run, refused = together(
            partial(mirror.scrapy, "crawl", "section", "-aid=nsc418", **fetcher),
            partial(masked.scrapy, "crawl", "section", "-aid=nsc418", **settings, **fetcher),
        )
        del os.environ["SSL_CERT_FILE"]
        return mirror, run, elsewhere, refused, masked


def masquerade(server: DemoServer, folder: Path) -> Path:
    """Have a server speak TLS with a certificate that is good, but for another name; return the
    file of the authority that signed it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "other.example")])
    now = datetime.now(timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("other.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "both.pem"
    unlocked = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    pem = serialization.Encoding.PEM
    file.write_bytes(made.public_bytes(pem) + key.private_bytes(pem, *unlocked))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server._http.socket = context.wrap_socket(server._http.socket, server_side=True)
    return file


BAD = tuple(bad_pages(""))


@pytest.mark.parametrize("what", BAD)
def test_bad_answer_is_named_and_tried_again_later(
    attacked: tuple[Mirror, Run, DemoServer, Run, Mirror], what: str
) -> None:
    _, run, elsewhere, *_ = attacked
    url = ARTICLES[BAD.index(what)].url
    (warning,) = (line for line in run.output.splitlines() if f"Failed {url}" in line)
    assert bad_pages(elsewhere.url)[what][1] in warning


def test_all_others_are_published_and_the_counts_are_right(
    attacked: tuple[Mirror, Run, DemoServer, Run, Mirror],
) -> None:
    mirror, run, elsewhere, *_ = attacked
    listed = {a.id for a in ARTICLES if a.path in run.asked}
    bad = {a.id for a in ARTICLES[: len(BAD)]}
    assert run.returncode == 3
    assert mirror.articles() == listed - bad
    assert run.stats["mirror/published"] == len(listed - bad)
    assert run.stats["mirror/failed"] == len(listed & bad)
    assert elsewhere.requests == []
    assert "Traceback" not in run.output


def test_bombs_do_not_fill_the_memory(
    attacked: tuple[Mirror, Run, DemoServer, Run, Mirror],
) -> None:
    """Both figures begin at the size of the process that started the run (getrusage(2))."""
    most, start = (
        int(*re.findall(rf"'memusage/{when}': (\d+)", attacked[1].output))
        for when in ("max", "startup")
    )
    assert most - start < 300_000_000


def test_certificate_of_another_name_is_refused(
    attacked: tuple[Mirror, Run, DemoServer, Run, Mirror],
) -> None:
    *_, refused, masked = attacked
    assert refused.returncode == 3
    assert re.search("VerificationError|certificate subject name", refused.output)
    assert masked.server.requests == []
    assert masked.articles() == set()
    assert not re.search(" ERROR: Gave up", refused.output)  # the same again, without a reason
