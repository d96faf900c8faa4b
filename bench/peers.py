"""Other ways from an address to a file: each one's own, one article after the other.

They do less than the full job: no frontier, no database, no indexes; all but the predecessor's no
QR code. None may leave this machine.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from bench import processes
from bench.samples import Sample
from demo.story import address

Way = Callable[[str], str]  # from an address to a text
_SHORTEST = 200  # characters: below that an article was not understood
_FEW = 0.02  # of the articles may be: cartoons, for example
_PUBLIC_URL = "https://github.com/example/mirror/blob/main/pages"
_HERE = ("127.0.0.1", "::1", "localhost")


class Peer(NamedTuple):
    """How to begin with a peer, what it needs, and how many articles show its speed."""

    begin: Callable[[], Way]
    packages: tuple[str, ...]
    programs: tuple[str, ...]
    articles: int


def missing(name: str) -> str | None:
    """Return why a peer cannot be measured here, None if it can."""
    peer = PEERS[name]
    absent = [package for package in peer.packages if find_spec(package) is None]
    absent += [program for program in peer.programs if which(program) is None]
    return f"{', '.join(absent)} not installed" if absent else None


def measure(name: str, url: str, site: int, folder: Path) -> Sample:
    """Let a peer fetch some of the `site` articles of a server, in a process of its own."""
    articles = min(site, PEERS[name].articles)
    given = ["--url", url, "--site", str(site), "--articles", str(articles)]
    command = [sys.executable, "-W", "ignore", "-m", "bench.peers", name, folder, *given]
    done = processes.run([command], longest=60 + articles)
    seconds = json.loads(done.outputs[0].splitlines()[-1])["seconds"]
    return Sample(
        articles, seconds, done.seconds, done.cpu_seconds, done.peak_bytes, done.largest_bytes
    )


def _trafilatura() -> Way:
    """Its own downloader refuses to ask this machine; it is made of urllib3."""
    from trafilatura import extract
    from urllib3 import PoolManager

    connections = PoolManager()

    def page(url: str) -> str:
        html = connections.request("GET", url).data
        wanted = {"output_format": "markdown", "include_images": True, "include_links": True}
        return extract(html, url=url, include_comments=False, **wanted) or ""

    return page


def _newspaper() -> Way:
    from newspaper import Article

    def page(url: str) -> str:
        article = Article(url, language="zh", fetch_images=False)
        article.download()
        article.parse()
        return f"# {article.title}\n\n![]({article.top_image})\n\n{article.text}\n"

    return page


def _predecessor() -> Way:
    import requests
    from bs4 import BeautifulSoup

    def page(url: str) -> str:
        soup = BeautifulSoup(requests.get(url, timeout=30).content, "html.parser")
        title, body = soup.select_one("h1.title"), soup.select_one("#artbody")
        picture = soup.select_one("div.featured_image img, div.arttop img")
        for junk in body.select(
            "script, iframe, header, aside, #below_article_ad, #recommend_post"
        ):
            junk.decompose()
        for tag in body.find_all(True):
            for name in ("style", "width", "height", "class"):
                tag.attrs.pop(name, None)
        html = re.sub(r"<(/?)h2", r"<\1h4", str(body)).replace("<a href", "<ok href")
        shown = (picture.get("data-src") or picture.get("src")) if picture else ""
        return f"### {title.get_text()}\n\n<img src='{shown}'/>\n\n{html}\n\n{url}\n"

    return page


def _predecessor_with_codes() -> Way:
    make = _predecessor()

    def page(url: str) -> str:
        name = url.rpartition("/")[2]
        code = ["qrencode", "-s", "4", "-o", f"{name}.png", f"{_PUBLIC_URL}/{name}.md"]
        subprocess.run(code, check=True)
        return make(url)

    return page


PEERS = {
    "trafilatura": Peer(_trafilatura, ("trafilatura",), (), 150),
    "newspaper4k": Peer(_newspaper, ("newspaper", "jieba"), (), 40),
    "predecessor": Peer(_predecessor_with_codes, ("requests", "bs4"), ("qrencode",), 100),
    "predecessor without QR codes": Peer(_predecessor, ("requests", "bs4"), (), 100),
}


def _stay_here(event: str, details: tuple[Any, ...]) -> None:
    """Refuse connections and look-ups that lead away from this machine (an audit hook)."""
    host = None
    if event == "socket.connect" and isinstance(details[1], tuple):
        host = details[1][0]
    elif event == "socket.getaddrinfo":
        host = details[0]
    if host is not None and host not in _HERE:
        raise ConnectionRefusedError(f"{host} is not this machine")


def _pages(way: Way, urls: Sequence[str]) -> Iterator[int]:
    """Write the pages into the working directory and yield their lengths."""
    for url in urls:
        text = way(url)
        Path(urlsplit(url).path.rpartition("/")[2] + ".md").write_text(text, encoding="utf-8")
        yield len(text)


def _run(name: str, urls: Sequence[str], folder: Path) -> dict[str, float]:
    way = PEERS[name].begin()
    os.chdir(folder)
    way(urls[0])  # it may load tables at first
    began = time.perf_counter()
    short = sum(length < _SHORTEST for length in _pages(way, urls))
    seconds = time.perf_counter() - began
    if short > max(1, len(urls) * _FEW):
        sys.exit(f"{short} of {len(urls)} articles not understood")
    return {"seconds": seconds}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=PEERS)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--url", required=True)
    parser.add_argument("--site", type=int, required=True)
    parser.add_argument("--articles", type=int, required=True)
    wanted = parser.parse_args()
    sys.addaudithook(_stay_here)
    some = range(0, wanted.site, max(1, wanted.site // wanted.articles))[: wanted.articles]
    urls = [wanted.url + address(n, wanted.site).path for n in some]
    print(json.dumps(_run(wanted.name, urls, wanted.folder)))
