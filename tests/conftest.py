"""Fixtures: mirrors of the made-up site, and what a reader sees of their pages."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from io import BytesIO
from typing import TYPE_CHECKING, Any

import cmarkgfm
import lxml.html
import pytest
import zxingcpp
from cmarkgfm.cmark import Options as CommonMark
from PIL import Image
from support.commands import command
from support.mirrors import Mirror
from support.renderers import versions

from demo.articles import made_up_articles
from demo.server import DemoServer, Pages
from demo.site import demo_pages

if TYPE_CHECKING:
    from support.servers import PostgresServer


collect_ignore = ["support/reactor.py"]  # for its doctests: a process has one reactor, or none
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # nohup has the tests' runs ignore it otherwise,
signal.signal(signal.SIGINT, signal.default_int_handler)  # and a shell's & this one
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of runs: each would compile all modules


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say by which renderers pages were shown."""
    reports = [r for kind in ("passed", "failed") for r in terminalreporter.stats.get(kind, ())]
    if any("test_homes.py" in report.nodeid for report in reports):
        terminalreporter.write_line(f"Renderers: {', '.join(versions())}")


@pytest.fixture(scope="session")
def new_mirror(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Mirror]]:
    """Make an empty mirror of some pages, on a server of its own; or a copy of a `known` one."""
    with ExitStack() as servers:

        def new(pages: Pages, known: Mirror | None = None) -> Mirror:
            folder = tmp_path_factory.mktemp("mirror")
            if known:
                shutil.copytree(known.folder, folder, dirs_exist_ok=True)
            return Mirror(folder, servers.enter_context(DemoServer(pages)))

        yield new


@pytest.fixture(scope="session")
def published(new_mirror: Callable[..., Mirror]) -> Mirror:
    """A mirror of one section whose pages are committed, to be copied."""
    articles = [a for a in made_up_articles(20) if "nsc418" in a.sections]
    mirror = new_mirror(demo_pages(articles))
    assert mirror.section("nsc418").returncode == 0
    assert command(mirror, "publish").returncode == 0
    return mirror


@pytest.fixture
def mirror(published: Mirror, new_mirror: Callable[..., Mirror]) -> Mirror:
    """A copy of it, to work on; its site is gone."""
    return new_mirror(demo_pages([]), published)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL of the tests' own."""
    pytest.importorskip("psycopg", reason="requirements-cluster.txt is not installed")
    from support import servers

    if servers.missing():
        pytest.skip(f"not installed: {servers.missing()}")
    with servers.PostgresServer() as server:
        yield server


@pytest.fixture(scope="session")
def together() -> Callable[..., list[Any]]:
    """Call functions at the same time, one on each core, and return their results in order."""

    def call(*functions: Callable[[], Any]) -> list[Any]:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return list(pool.map(lambda function: function(), functions))

    return call


@pytest.fixture(scope="session")
def shown() -> Callable[[str], lxml.html.HtmlElement]:
    """Render a page as GitHub does, except that raw HTML stays: a reader must be safe even then."""

    def render(markdown: str) -> lxml.html.HtmlElement:
        html = cmarkgfm.github_flavored_markdown_to_html(
            markdown, options=CommonMark.CMARK_OPT_UNSAFE
        )
        return lxml.html.fragment_fromstring(html, create_parent="div")

    return render


@pytest.fixture(params=["zxing", "zbar"])
def decode(request: pytest.FixtureRequest) -> Callable[[bytes], list[str]]:
    """Read the texts of all QR codes in a picture, with either of two decoders."""
    if request.param == "zxing":
        return lambda png: [found.text for found in zxingcpp.read_barcodes(_picture(png))]
    try:
        from pyzbar import pyzbar
    except ImportError:
        pytest.skip("libzbar is not installed (Debian: libzbar0)")
    return lambda png: [found.data.decode() for found in pyzbar.decode(_picture(png))]


def _picture(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png)).convert("L")
