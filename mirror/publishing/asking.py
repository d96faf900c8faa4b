"""Asking a home as a reader would: without credentials, through the proxy that is set."""

from __future__ import annotations

from http.client import HTTPException
from typing import TYPE_CHECKING, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

if TYPE_CHECKING:
    from email.message import Message

_REQUEST_SECONDS = 15.0  # for one answer
_MAX_ANSWER_BYTES = 1_000_000
_MAX_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_HEADERS = {"User-Agent": "Mozilla/5.0", "Accept": "*/*"}


class Answer(NamedTuple):
    """What came of a request: `status` is 0 if nothing did, `body` says why then; `address` is where
    the redirects led to."""

    status: int
    address: str
    body: bytes


class _AsItIs(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Follow no redirect: the caller wants to know of it."""


def ask(address: str, proxy: str) -> Answer:
    """Get an address, through a proxy unless that is empty; raises nothing."""
    for _ in range(_MAX_REDIRECTS):
        answer, headers = _get(address, proxy)
        target = headers.get("Location") if headers and answer.status in _REDIRECTS else None
        if not target:
            return answer
        address = urljoin(address, target)
        if not address.startswith(("http://", "https://")):
            break
    return Answer(0, address, b"it redirects without end")


def _get(address: str, proxy: str) -> tuple[Answer, Message | None]:
    through = {"http": proxy, "https": proxy} if proxy else {}
    opener = build_opener(ProxyHandler(through), _AsItIs)
    try:
        with opener.open(Request(address, headers=_HEADERS), timeout=_REQUEST_SECONDS) as answer:
            return Answer(answer.status, address, answer.read(_MAX_ANSWER_BYTES)), answer.headers
    except HTTPError as error:
        with error:
            return Answer(error.code, address, _rest(error)), error.headers
    except (OSError, HTTPException, ValueError) as error:
        return Answer(0, address, _reason(error).encode()), None


def _rest(error: HTTPError) -> bytes:
    try:
        return error.read(_MAX_ANSWER_BYTES)
    except (OSError, HTTPException):
        return b""


def _reason(error: Exception) -> str:
    """Return why there was no answer, without addresses, which may hold a proxy's password."""
    cause = error.reason if isinstance(error, URLError) else error
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    return type(cause).__name__ if isinstance(cause, Exception) else "no answer"
