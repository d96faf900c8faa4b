"""No message repeats a password, whatever characters it has."""

from __future__ import annotations

import pytest

from mirror.errors import ArgumentError, without_secrets


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://me:p@ss@host.example/x", "https://***@host.example/x"),
        ("https://me:p/ss@host.example/x", "https://***@host.example/x"),
        ("https://me:p?s#s@host.example/x", "https://***@host.example/x"),
        ("https://me:p:s's\"s@host.example", "https://***@host.example"),
        ("https://me:12/34@host.example:8443/x", "https://***@host.example:8443/x"),
        ("https://first.last:p/ss@host.example", "https://***@host.example"),
        ("https://token@host.example/x", "https://***@host.example/x"),
        ("https://to/ken@host.example/x", "https://***@host.example/x"),
        ("redis://:p@s/s@127.0.0.1:6379/0", "redis://***@127.0.0.1:6379/0"),
        ("postgresql+psycopg://me:two words@db/x", "postgresql+psycopg://***@db/x"),
        ("postgresql://db/x?user=me&password=p@ss", "postgresql://db/x?user=me&password=***"),
        ("http://a:b@one:1,http://c:d@two:2", "http://***@one:1,http://***@two:2"),
        ("'https://me:x@a.example/' and http://b:y@c", "'https://***@a.example/' and http://***@c"),
        ("//me:secret@host.example", "//***@host.example"),
        ("me:p@ss@host.example:3128", "***@host.example:3128"),
        ("http_proxy=me:secret@host.example:3128", "http_proxy=***@host.example:3128"),
    ],
)
def test_users_and_passwords_are_taken_out(text: str, shown: str) -> None:
    assert without_secrets(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "https://host.example/@name/x",
        "https://host.example?mail=me@other.example",
        "http://localhost/@x",
        "https://host.example:8443/x",
        "http://host:8080 does not answer; write to me@other.example",
        "http://[::1]:8080/x does not answer; write to me@other.example",
        "git@host.example:me/news.git",
        "sqlite:////srv/mirror/state/mirror.db",
        "no address, me@host.example",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert without_secrets(text) == text


def test_refused_value_is_shown_without_its_password() -> None:
    error = ArgumentError("MIRROR_X", "ftp://me:p@ss/word@a.example", "must be another one")
    assert str(error) == "MIRROR_X=ftp://***@a.example: must be another one"
