"""What was asked and what was answered, byte by byte, in WARC files (ISO 28500) that only their owner
reads: for who has to prove what stood there."""

from __future__ import annotations

import logging
import os
import time
from http.client import responses
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Headers, Response

from mirror.config.options import Options
from mirror.engine.components import spider_of
from mirror.quantities import megabytes
from mirror.spiders.base import MirrorSpider

if TYPE_CHECKING:
    from warcio.warcwriter import WARCWriter

logger = logging.getLogger(__name__)

# Headers that never leave the crawl.
_OPERATORS = ("proxy-authorization", "authorization", "cookie")
_OF_THE_CONNECTION = ("transfer-encoding", "content-length")  # the body is kept without them


class Evidence:
    """Writes one file for each process of a crawl that gets an answer."""

    def __init__(self, crawler: Crawler, folder: Path):
        self.crawler = crawler
        self.stats = crawler.stats
        self.folder = folder
        self.file: BinaryIO | None = None  # made with the first answer
        self.path = folder
        self.writer: WARCWriter | None = None
        self.is_broken = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Evidence:
        folder = Options.from_settings(crawler.settings).warc
        if folder is None:
            raise NotConfigured
        evidence = cls(crawler, folder)
        crawler.signals.connect(evidence.response_downloaded, signals.response_downloaded)
        crawler.signals.connect(evidence.spider_closed, signals.spider_closed)
        return evidence

    def response_downloaded(self, response: Response, request: Request) -> None:
        if self.is_broken or spider_of(self.crawler, MirrorSpider).is_plan:
            return
        try:
            self._write(request, response)
        except OSError as error:
            self._break(error)

    def _break(self, error: OSError) -> None:
        if self.is_broken:
            return
        self.is_broken = True
        self.stats.inc_value("mirror/warc_errors")
        self.stats.inc_value("mirror/files_unwritten")
        values = {"folder": self.folder, "error": error}
        logger.error("No more evidence is kept in %(folder)s: %(error)s", values)

    def spider_closed(self) -> None:
        if self.file is None:
            return
        try:
            size = self.file.tell()
            self.file.close()
        except OSError as error:  # what was left of it did not fit on the disk any more
            self._break(error)
            return
        self.stats.inc_value("mirror/warc_bytes", size)
        logger.info("Evidence: %(size)s in %(file)s", {"size": megabytes(size), "file": self.path})

    def _write(self, request: Request, response: Response) -> None:
        writer = self.writer or self._open()
        answer = writer.create_warc_record(
            request.url,
            "response",
            payload=BytesIO(response.body),
            http_headers=_status_line(response),
            warc_headers_dict=_address(request, response),
        )
        asked = writer.create_warc_record(
            request.url,
            "request",
            payload=BytesIO(request.body),
            http_headers=_request_line(request),
        )
        writer.write_request_response_pair(asked, answer)
        self.stats.inc_value("mirror/warc_records", 2)

    def _open(self) -> WARCWriter:
        from warcio.warcwriter import WARCWriter

        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = f"{time.strftime('%Y%m%d%H%M%S', time.gmtime())}-{os.getpid()}.warc.gz"
        new = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        self.path = self.folder / name
        self.file = os.fdopen(os.open(self.path, new, 0o600), "wb")
        writer = self.writer = WARCWriter(self.file, gzip=True)
        about = {"software": "mirror", "format": "WARC File Format 1.0"}
        writer.write_record(writer.create_warcinfo_record(name, about))
        return writer


def _status_line(response: Response) -> Any:
    from warcio.statusandheaders import StatusAndHeaders

    headers = [*_pairs(response.headers, _OF_THE_CONNECTION)]
    headers.append(("Content-Length", str(len(response.body))))
    # what came over HTTP/2 is written in the form of HTTP/1.1: WARC 1.0 knows no other
    told = response.protocol or ""
    protocol = told if told.startswith("HTTP/") else "HTTP/1.1"
    status = f"{response.status} {responses.get(response.status, '')}".strip()
    return StatusAndHeaders(status, headers, protocol=protocol)


def _request_line(request: Request) -> Any:
    from warcio.statusandheaders import StatusAndHeaders

    parts = urlsplit(request.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = [("Host", parts.netloc), *_pairs(request.headers, (*_OPERATORS, "host"))]
    line = f"{request.method} {target} HTTP/1.1"
    return StatusAndHeaders(line, headers, is_http_request=True)


def _address(request: Request, response: Response) -> dict[str, str]:
    """Return the address of the server, if it was asked directly."""
    is_direct = response.ip_address and not request.meta.get("proxy")
    return {"WARC-IP-Address": str(response.ip_address)} if is_direct else {}


def _pairs(headers: Headers, without: tuple[str, ...]) -> list[tuple[str, str]]:
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in headers.items()
        for value in values
        if name.decode("latin-1").lower() not in without
    ]
