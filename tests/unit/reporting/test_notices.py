"""Notices: what receivers get, and that dead ones change nothing and no secret is logged."""

from __future__ import annotations

import json
import logging
import shlex
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

import mirror.settings
from mirror.config.notifying import Notifying
from mirror.errors import ArgumentError
from mirror.exits import Exit
from mirror.reporting.notices import check_in, check_out, notify

OUTCOME = {"status": 3, "name": "INCOMPLETE", "message": "", "figures": None}


class Receiver(HTTPServer):
    """Keeps what it is sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[tuple[str, str, bytes]] = []
        self.status = 200

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, self.headers.get("Title", ""), body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def settings(**given: object) -> dict[str, object]:
    return {**vars(mirror.settings), **given}


def notifying(**given: object) -> Notifying:
    return Notifying.from_settings(settings(**given))


def test_a_webhook_gets_one_post(receiver: Receiver) -> None:
    notify(settings(MIRROR_NOTIFY=f"{receiver.url}/topic"), OUTCOME)
    ((path, title, body),) = receiver.got
    assert (path, title, json.loads(body)) == ("/topic", "mirror: INCOMPLETE", OUTCOME)


def test_only_statuses_that_were_chosen_are_told(receiver: Receiver) -> None:
    for status in Exit:
        outcome = {**OUTCOME, "status": int(status)}
        notify(settings(MIRROR_NOTIFY=f"{receiver.url}/{status.name}"), outcome)
    told = {path[1:] for path, _, _ in receiver.got}
    assert told == {status.name for status in Exit} - {"COMPLETE", "LOCKED", "REFUSED"}
    receiver.got.clear()
    notify(settings(MIRROR_NOTIFY=receiver.url, MIRROR_NOTIFY_ON="0, hollow"), OUTCOME)
    assert receiver.got == []


def test_a_command_gets_the_json(tmp_path: Path) -> None:
    file = tmp_path / "with space.json"
    code = f"import sys; open({str(file)!r}, 'wb').write(sys.stdin.buffer.read())"
    notify(settings(MIRROR_NOTIFY=shlex.join([sys.executable, "-c", code])), OUTCOME)
    assert json.loads(file.read_bytes()) == OUTCOME


def test_check_ins_at_start_and_end(receiver: Receiver) -> None:
    watched = settings(MIRROR_CHECK_IN=f"{receiver.url}/ping/uuid/")
    check_in(watched)
    check_out(watched, OUTCOME)
    check_out(watched, {**OUTCOME, "status": 0})
    assert [path for path, _, _ in receiver.got] == [
        "/ping/uuid/start",
        "/ping/uuid/3",
        "/ping/uuid/0",
    ]


def test_notices_go_through_the_proxy(receiver: Receiver) -> None:
    given = settings(MIRROR_NOTIFY="http://ntfy.invalid/topic", MIRROR_PROXIES=receiver.url)
    notify(given, OUTCOME)
    assert [path for path, _, _ in receiver.got] == ["http://ntfy.invalid/topic"]


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("http://127.0.0.1:1/SECRET", "ConnectionRefusedError"),
        ("/no/such/command SECRET", "FileNotFoundError"),
        (f"{sys.executable} -c 'import sys; sys.exit(7)' SECRET", "exit status 7"),
    ],
)
def test_a_dead_receiver_costs_a_warning_without_secrets(
    target: str, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        notify(settings(MIRROR_NOTIFY=target), OUTCOME)
    assert len(caplog.messages) == 1
    assert reason in caplog.text
    assert "SECRET" not in caplog.text


def test_a_receiver_that_refuses_costs_a_warning(
    receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.status = 500
    notify(settings(MIRROR_NOTIFY=f"{receiver.url}/SECRET"), OUTCOME)
    assert "127.0.0.1 did not take the notice: HTTP 500" in caplog.text
    assert "SECRET" not in caplog.text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MIRROR_NOTIFY", "ftp://a.example/SECRET"),
        ("MIRROR_NOTIFY", "mail 'SECRET"),
        ("MIRROR_CHECK_IN", "hc-ping.com/SECRET"),
        ("MIRROR_NOTIFY_ON", "HOLOW"),
    ],
)
def test_wrong_settings_are_refused(name: str, value: str) -> None:
    with pytest.raises(ArgumentError, match=name) as refused:
        notifying(**{name: value})
    assert "SECRET" not in str(refused.value)
