"""Telling somebody how a run ended: a command or a webhook, and check-ins for a watchdog elsewhere.

A receiver that is dead or slow changes nothing but a warning; it never names what an address holds
beside its host, which may be a secret.
"""

from __future__ import annotations

import json
import logging
import shlex
import subprocess
from collections.abc import Callable, Mapping, Sequence
from threading import Thread
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, Request, build_opener

from mirror.config.fetcher import CURL
from mirror.config.notifying import Notifying
from mirror.config.proxies import environment_proxy, parse_proxies, proxy_without_curl
from mirror.errors import ArgumentError
from mirror.exits import Exit

logger = logging.getLogger(__name__)

_REQUEST_SECONDS = 5.0  # for one answer
_TOTAL_SECONDS = 8.0  # for all of them, names that do not resolve included


def check_in(settings: Mapping[str, Any]) -> None:
    """Say at MIRROR_CHECK_IN that a run begins."""
    notifying, proxies = _receivers(settings)
    if url := notifying.check_in:
        _within_time(lambda: _post(f"{url}/start", b"", proxies), "MIRROR_CHECK_IN", _host(url))


def check_out(settings: Mapping[str, Any], outcome: Mapping[str, Any]) -> None:
    """Say at MIRROR_CHECK_IN that a run has ended, and how."""
    notifying, proxies = _receivers(settings)
    if url := notifying.check_in:
        ended, body = f"{url}/{outcome['status']}", _json(outcome)
        _within_time(lambda: _post(ended, body, proxies), "MIRROR_CHECK_IN", _host(url))


def notify(settings: Mapping[str, Any], outcome: Mapping[str, Any]) -> None:
    """Tell MIRROR_NOTIFY how a run or a command ended (see docs/exits.md for the fields), if it is
    with a status that is asked for."""
    notifying, proxies = _receivers(settings)
    status = Exit(outcome["status"])
    if not notifying.target or status not in notifying.statuses:
        return
    body, target = _json(outcome), notifying.target
    is_address = target.startswith(("http://", "https://"))
    told = f"mirror: {status.name}"
    send = (lambda: _post(target, body, proxies, told)) if is_address else None
    shown = _host(target) if is_address else shlex.split(target)[0]
    _within_time(send or (lambda: _run(target, body)), "MIRROR_NOTIFY", shown)


def _receivers(settings: Mapping[str, Any]) -> tuple[Notifying, Sequence[str]]:
    """Return who is to be told, and through which proxies; nobody if a setting is wrong."""
    try:
        notifying = Notifying.from_settings(settings)
        given = parse_proxies(settings["MIRROR_PROXIES"], "https:", fetcher=CURL)
        proxies = tuple(filter(None, [proxy_without_curl(given, "notices do not go")]))
    except ArgumentError:
        return Notifying(), ()
    for url in filter(None, (notifying.target, notifying.check_in)):
        if not proxies and (proxy := environment_proxy(url)):
            proxies = (proxy,)
    return notifying, proxies


def _json(outcome: Mapping[str, Any]) -> bytes:
    return json.dumps(outcome, ensure_ascii=False).encode()


def _within_time(send: Callable[[], None], setting: str, receiver: str) -> None:
    """Send, and warn if that fails or takes too long."""
    failures: list[str] = []

    def try_it() -> None:
        try:
            send()
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            failures.append(_reason(error))

    thread = Thread(target=try_it, daemon=True)
    thread.start()
    thread.join(_TOTAL_SECONDS)
    if thread.is_alive():
        failures.append(f"no answer within {_TOTAL_SECONDS:.0f} seconds")
    for reason in failures:
        logger.warning(
            "%(setting)s: %(receiver)s did not take the notice: %(reason)s",
            {"setting": setting, "receiver": receiver, "reason": reason},
        )


def _reason(error: Exception) -> str:
    """Return why a notice was not taken, without arguments and addresses."""
    if isinstance(error, subprocess.CalledProcessError):
        return f"exit status {error.returncode}"
    if isinstance(error, subprocess.TimeoutExpired):
        return f"no end within {error.timeout:.0f} seconds"
    if isinstance(error, URLError) and not hasattr(error, "code"):
        return f"{type(error.reason).__name__}"
    return f"HTTP {error.code}" if hasattr(error, "code") else type(error).__name__


def _post(url: str, body: bytes, proxies: Sequence[str], title: str = "") -> None:
    """Make one POST, through the first proxy if there is one. Raises OSError and ValueError."""
    through = {"http": proxies[0], "https": proxies[0]} if proxies else {}
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "mirror"}
    headers |= {"Title": title} if title else {}  # what ntfy shows above the text
    request = Request(url, body, headers, method="POST")
    with build_opener(ProxyHandler(through)).open(request, timeout=_REQUEST_SECONDS) as answer:
        answer.read(1)


def _run(command: str, body: bytes) -> None:
    """Run a command with the JSON on its standard input. Raises OSError and SubprocessError."""
    quiet = subprocess.DEVNULL
    subprocess.run(
        shlex.split(command),
        input=body,
        stdout=quiet,
        stderr=quiet,
        check=True,
        timeout=_REQUEST_SECONDS,
    )


def _host(url: str) -> str:
    return urlsplit(url).hostname or "an address without a host"
