"""A download handler on libcurl, for MIRROR_FETCHER=curl: it shakes hands as the browser that a request
names, and goes through SOCKS proxies and proxies that are spoken to by https.

What Scrapy and the middlewares do stays theirs: redirects, cookies, compressions, pauses, retries. Names are
looked up here, with the resolver of the crawl, and curl is given the addresses; behind a proxy none is.
"""

from __future__ import annotations

import asyncio
import base64
import logging
import ssl
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from curl_cffi import AsyncCurl, Curl, CurlECode, CurlError, CurlHttpVersion, CurlInfo, CurlOpt
from curl_cffi.curl import DEFAULT_CACERT
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Headers
from scrapy.responsetypes import responsetypes

from mirror.errors import without_secrets
from mirror.fetching.imitations import in_order, target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

logger = logging.getLogger(__name__)

_VERSIONS = {
    CurlHttpVersion.V1_0: "HTTP/1.0",
    CurlHttpVersion.V1_1: "HTTP/1.1",
    CurlHttpVersion.V2_0: "h2",
}
_PORTS = {"http": 80, "https": 443}
_ABORT = 0xFFFFFFFF  # CURL_WRITEFUNC_ERROR; curl_cffi takes any other number for the piece's length
_CHECKS = (
    (CurlOpt.SSL_VERIFYPEER, CurlOpt.SSL_VERIFYHOST),
    (CurlOpt.PROXY_SSL_VERIFYPEER, CurlOpt.PROXY_SSL_VERIFYHOST),
)
_ERRORS: dict[int, type[Exception]] = {
    CurlECode.COULDNT_RESOLVE_PROXY: CannotResolveHostError,
    CurlECode.COULDNT_RESOLVE_HOST: CannotResolveHostError,
    CurlECode.COULDNT_CONNECT: DownloadConnectionRefusedError,
    CurlECode.PROXY: DownloadConnectionRefusedError,
    CurlECode.OPERATION_TIMEDOUT: DownloadTimeoutError,
}


@dataclass(slots=True)
class _Answer:
    """What has come of an answer."""

    max_bytes: int  # of the body; 0: any number
    lines: list[bytes] = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)
    is_too_long: bool = False

    def hear_line(self, line: bytes) -> int:
        """Take a line of the head; the first one begins it anew, after a head of 1xx."""
        if line.startswith(b"HTTP/"):
            self.lines.clear()
        else:
            self.lines.append(line.strip())
        return len(line)

    def hear(self, piece: bytes) -> int:
        """Take a piece of the body."""
        self.body += piece
        self.is_too_long = 0 < self.max_bytes < len(self.body)
        return _ABORT if self.is_too_long else len(piece)

    def headers(self) -> Headers:
        """Return the headers, those of one name together."""
        found = Headers()
        for line in self.lines:
            name, colon, value = line.partition(b":")
            if colon:
                found.appendlist(name, value.strip())
        return found


class CurlDownloadHandler(BaseDownloadHandler):
    """Fetches http and https. Scrapy's signals headers_received and bytes_received are not sent."""

    def __init__(self, crawler: Crawler):
        super().__init__(crawler)
        settings = crawler.settings
        self.max_bytes = settings.getint("DOWNLOAD_MAXSIZE")
        self.warn_bytes = settings.getint("DOWNLOAD_WARNSIZE")
        self.timeout = settings.getfloat("DOWNLOAD_TIMEOUT")
        self.fails_on_loss = settings.getbool("DOWNLOAD_FAIL_ON_DATALOSS")
        self.verifies = settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES")
        paths = ssl.get_default_verify_paths()
        self.certificates = paths.cafile or DEFAULT_CACERT
        self.folder = "" if paths.cafile else paths.capath  # where a system has no such file
        self.multi: AsyncCurl | None = None  # holds the connections; made in the loop that uses it

    async def download_request(self, request: Request) -> Response:
        """Fetch what is asked for. Raises what Scrapy's own handlers raise."""
        proxy = request.meta.get("proxy")
        pinned = [] if proxy else await self._pinned(request)
        answer = _Answer(request.meta.get("download_maxsize", self.max_bytes))
        with self._transfer(request, answer, pinned, proxy) as (curl, multi):
            try:
                await multi.add_handle(curl)
            except CurlError as error:
                if not (error.code == CurlECode.PARTIAL_FILE and not self._fails(request)):
                    raise self._told(error, curl, request, answer) from None
                return self._response(curl, request, answer, ["dataloss"])
            return self._response(curl, request, answer, [])

    async def close(self) -> None:
        """Close all connections."""
        if self.multi:
            await self.multi.close()

    @contextmanager
    def _transfer(
        self, request: Request, answer: _Answer, pinned: list[str], proxy: str | None
    ) -> Iterator[tuple[Curl, AsyncCurl]]:
        """Have curl ready for a request; however it ends, nothing more of it is read after that."""
        self.multi = self.multi or AsyncCurl(cacert=self.certificates)
        curl = Curl(cacert=self.certificates)
        try:
            self._set(curl, request, pinned, proxy)
            curl.setopt(CurlOpt.HEADERFUNCTION, answer.hear_line)
            curl.setopt(CurlOpt.WRITEFUNCTION, answer.hear)
            # where the length is announced, its end comes with the head
            curl.setopt(CurlOpt.MAXFILESIZE_LARGE, answer.max_bytes)
            yield curl, self.multi
        finally:
            self.multi.remove_handle(curl)
            curl.close()

    def _set(self, curl: Curl, request: Request, pinned: list[str], proxy: str | None) -> None:
        curl.setopt(CurlOpt.TIMEOUT_MS, int(self._seconds(request) * 1000))
        curl.setopt(CurlOpt.HTTP_CONTENT_DECODING, 0)  # the middleware unpacks, within bounds
        curl.setopt(CurlOpt.FOLLOWLOCATION, 0)
        _set_request(curl, request)
        for peer, host in _CHECKS:
            curl.setopt(peer, int(self.verifies))
            curl.setopt(host, 2 * self.verifies)  # 2: the name as well
        curl.setopt(CurlOpt.PROXY_CAINFO, self.certificates)
        if self.folder:
            curl.setopt(CurlOpt.CAPATH, self.folder)
            curl.setopt(CurlOpt.PROXY_CAPATH, self.folder)
        curl.setopt(CurlOpt.PROXY, proxy or "")  # empty: none of the environment either
        curl.setopt(CurlOpt.NOPROXY, "")
        if proxy:
            _set_proxy(curl, request)
        if pinned:
            curl.setopt(CurlOpt.RESOLVE, pinned)

    def _seconds(self, request: Request) -> float:
        """Return the seconds that a request may take, and the look-up of its name before it."""
        return float(request.meta.get("download_timeout", self.timeout))

    async def _pinned(self, request: Request) -> list[str]:
        """Return what curl is to know of a name, so that it looks up none: its addresses, as far as the
        crawl may go there."""
        parts = urlsplit(request.url)
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        try:
            ip_address(host)
        except ValueError:
            look_up = _looked_up(host, port)
        else:
            return []
        try:
            addresses = await asyncio.wait_for(look_up, self._seconds(request))
        except asyncio.TimeoutError:
            raise DownloadTimeoutError(f"{host}: no answer to the look-up of its name") from None
        if not addresses:
            raise CannotResolveHostError(f"{host}: no address that may be asked")
        return [f"{host}:{port}:{','.join(addresses)}"]

    def _fails(self, request: Request) -> bool:
        return bool(request.meta.get("download_fail_on_dataloss", self.fails_on_loss))

    def _told(self, error: CurlError, curl: Curl, request: Request, answer: _Answer) -> Exception:
        """Return an error as Scrapy's own handlers raise it."""
        url = request.url
        if answer.is_too_long or error.code == CurlECode.FILESIZE_EXCEEDED:
            return DownloadCancelledError(f"{url}: more than {answer.max_bytes} bytes")
        if error.code == CurlECode.PARTIAL_FILE:
            return ResponseDataLossError(url)
        if request.meta.get("proxy") and curl.getinfo(CurlInfo.HTTP_CONNECTCODE) not in (0, 200):
            return DownloadConnectionRefusedError(f"the proxy opens no tunnel: {error}")
        kind = _ERRORS.get(error.code, DownloadFailedError)
        return kind(f"{without_secrets(str(error))} ({url})")

    def _response(
        self, curl: Curl, request: Request, answer: _Answer, flags: list[str]
    ) -> Response:
        headers, body = answer.headers(), bytes(answer.body)
        if 0 < request.meta.get("download_warnsize", self.warn_bytes) < len(body):
            said = {"url": request.url, "size": len(body)}
            logger.warning("%(url)s has %(size)d bytes, more than DOWNLOAD_WARNSIZE", said)
        kind = responsetypes.from_args(headers=headers, url=request.url, body=body)
        status: Any = curl.getinfo(CurlInfo.RESPONSE_CODE)
        version: Any = curl.getinfo(CurlInfo.HTTP_VERSION)
        address: Any = curl.getinfo(CurlInfo.PRIMARY_IP)
        # AutoThrottle goes by it
        request.meta["download_latency"] = curl.getinfo(CurlInfo.STARTTRANSFER_TIME)
        return kind(
            url=request.url,
            status=status,
            headers=headers,
            body=body,
            flags=flags,
            ip_address=ip_address(address.decode()) if address else None,
            protocol=_VERSIONS.get(version),
        )


def _set_request(curl: Curl, request: Request) -> None:
    """Have curl ask for what is asked for, as the browser would that is named."""
    name = (request.headers.get("User-Agent") or b"").decode("latin-1")
    if imitated := target(name):
        curl.impersonate(imitated, default_headers=False)
    headers = request.headers.copy()
    headers.pop("Proxy-Authorization", None)
    # curl leaves out over HTTP/2 what has no place there
    headers.update({"Host": urlsplit(request.url).netloc, "Connection": "keep-alive"})
    if not _is_encrypted(request):
        curl.setopt(CurlOpt.HTTP_VERSION, CurlHttpVersion.V1_1)  # no browser asks for h2c
    if order := in_order(name, headers):
        curl.setopt(CurlOpt.HTTPHEADER_ORDER, b",".join(order))
    lines = [b"%s: %s" % (k, v) for k in order for v in headers.getlist(k)]
    curl.setopt(CurlOpt.HTTPHEADER, [*lines, b"Expect:"])
    curl.setopt(CurlOpt.URL, request.url.encode())
    if request.body:
        curl.setopt(CurlOpt.POSTFIELDS, request.body)
        curl.setopt(CurlOpt.POSTFIELDSIZE, len(request.body))
    curl.setopt(CurlOpt.NOBODY, request.method == "HEAD")
    curl.setopt(CurlOpt.CUSTOMREQUEST, request.method.encode())


def _set_proxy(curl: Curl, request: Request) -> None:
    """Have curl use a proxy that is set; user and password are in the header that Scrapy made of them."""
    curl.setopt(CurlOpt.PROXY_CREDENTIAL_NO_REUSE, 1)
    curl.setopt(CurlOpt.HTTPPROXYTUNNEL, _is_encrypted(request))
    curl.setopt(CurlOpt.SUPPRESS_CONNECT_HEADERS, 1)
    if credentials := request.headers.get("Proxy-Authorization"):
        user, _, password = base64.b64decode(credentials.split()[1]).partition(b":")
        curl.setopt(CurlOpt.PROXYUSERNAME, user)
        curl.setopt(CurlOpt.PROXYPASSWORD, password)


def _is_encrypted(request: Request) -> bool:
    return bool(request.url.startswith("https:"))


async def _looked_up(host: str, port: int) -> list[str]:
    """Return the addresses of a name, by the resolver of the crawl."""
    from twisted.internet import reactor

    found: list[str] = []
    done = asyncio.get_running_loop().create_future()
    reactor.nameResolver.resolveHostName(_Receiver(found, done), host, port)
    await done
    return found


class _Receiver:
    """Hears what a name resolves to (twisted.internet.interfaces.IResolutionReceiver)."""

    def __init__(self, found: list[str], done: asyncio.Future[None]):
        self.found = found
        self.done = done

    def resolutionBegan(self, resolution: Any) -> None:
        pass

    def addressResolved(self, address: Any) -> None:
        self.found.append(f"[{address.host}]" if ":" in address.host else address.host)

    def resolutionComplete(self) -> None:
        if not self.done.done():
            self.done.set_result(None)
