"""What a crawl keeps of what it was answered, with MIRROR_WARC."""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.mirrors import Mirror

from demo.articles import made_up_articles
from demo.site import demo_pages

ARTICLES = made_up_articles(12)


def records(file: Path) -> Iterator[tuple[Any, str, bytes]]:
    """Each record of a file, the address that it is of, and what it holds."""
    from warcio.archiveiterator import ArchiveIterator

    with file.open("rb") as content:
        for record in ArchiveIterator(content):
            address = record.rec_headers.get_header("WARC-Target-URI") or ""
            yield record, address, record.content_stream().read()


@pytest.mark.parametrize("workers", [1, 2])
def test_every_answer_is_kept_as_it_came_and_only_for_its_owner(
    new_mirror: Callable[..., Mirror], tmp_path: Path, workers: int
) -> None:
    pytest.importorskip("warcio", reason="requirements-warc.txt")
    mirror = new_mirror(demo_pages(ARTICLES))
    folder = tmp_path / "evidence"
    run = mirror.scrapy(
        "crawl", "section", "-aid=nsc418", MIRROR_WARC=folder, MIRROR_WORKERS=workers
    )
    assert run.returncode == 0, run.output
    files = sorted(folder.iterdir())
    asked, answered = [], {}
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        check = [sys.executable, "-m", "warcio.cli", "check", "-v", str(file)]
        done = subprocess.run(check, capture_output=True, text=True)
        assert done.returncode == 0 and "digest pass" in done.stdout, done.stdout + done.stderr
        for record, address, body in records(file):
            if record.rec_type == "request":
                asked.append(address.removeprefix(mirror.server.url))
                assert record.http_headers.get_header("User-Agent")
                assert not record.http_headers.get_header("Proxy-Authorization")
            elif record.rec_type == "response":
                answered[address] = body.decode()
    assert sorted(asked) == sorted(run.asked)
    for article in ARTICLES:
        page = next((p for u, p in answered.items() if u.endswith(f"/{article.id}.htm")), "")
        assert (article.body_html in page) == (article.id in mirror.articles())
    assert run.stats["mirror/warc_bytes"] == sum(file.stat().st_size for file in files)


def test_evidence_is_not_kept_where_it_would_be_published(
    new_mirror: Callable[..., Mirror],
) -> None:
    pytest.importorskip("warcio", reason="requirements-warc.txt")
    mirror = new_mirror(demo_pages(ARTICLES))
    run = mirror.scrapy("crawl", "section", "-aid=nsc418", MIRROR_WARC=mirror.tree / "evidence")
    assert (run.returncode, run.asked) == (2, [])
    assert "MIRROR_WARC" in run.output and "must not lie in" in run.output
