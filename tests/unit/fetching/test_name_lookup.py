"""Names are looked up, also where no thread can be started for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from mirror.fetching.name_lookup import NameLookup


class Collector:
    """Receives what a name resolves to."""

    def __init__(self) -> None:
        self.hosts: list[str] = []
        self.complete = threading.Event()

    def resolutionBegan(self, _: Any) -> None:
        assert not self.hosts

    def addressResolved(self, address: Any) -> None:
        self.hosts.append(f"{address.host}:{address.port}")

    def resolutionComplete(self) -> None:
        self.complete.set()


def looked_up(name: str) -> list[str]:
    def call(function: Callable[..., None], *args: Any) -> None:
        function(*args)

    found = Collector()
    NameLookup(SimpleNamespace(callFromThread=call)).resolveHostName(found, name, 80)
    assert found.complete.wait(10)
    return found.hosts


@pytest.mark.parametrize(
    ("name", "hosts"), [("127.0.0.1", ["127.0.0.1:80"]), ("::1", ["::1:80"]), ("no name", [])]
)
def test_lookup_is_complete_with_and_without_threads(
    monkeypatch: pytest.MonkeyPatch, name: str, hosts: list[str]
) -> None:
    assert looked_up(name) == hosts

    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert looked_up(name) == hosts
