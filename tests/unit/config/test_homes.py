"""MIRROR_HOMES and the other settings of publishing: what is accepted, and no secret repeated."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import mirror.settings
from mirror.config.homes import Home, Publishing
from mirror.errors import ArgumentError

PUBLIC_URL = "https://github.com/example/mirror/blob/main"
HOME = {
    "name": "GitHub",
    "public_url": PUBLIC_URL,
    "remote": "git@github.com:example/mirror.git",
    "branch": "main",
}
SHIPPED = {k: v for k, v in vars(mirror.settings).items() if k.startswith("MIRROR_")}


def publishing(*homes: dict[str, str], **settings: object) -> Publishing:
    given = {"MIRROR_HOMES": json.dumps(homes), **settings}
    return Publishing.from_settings({**SHIPPED, **given})


def test_homes_are_read_from_json() -> None:
    read = publishing(
        {**HOME, "public_url": f"{PUBLIC_URL}/"}, {**HOME, "name": "硬盘", "remote": "x/y.git"}
    )
    folder = str(Path("x/y.git").resolve())
    assert read.homes == (Home(**HOME), Home(**{**HOME, "name": "硬盘", "remote": folder}))
    assert read.addresses() == {f"{PUBLIC_URL}/README.md": "GitHub"}
    read.check(PUBLIC_URL)


@pytest.mark.parametrize(
    "remote",
    [
        "git@github.com:example/mirror.git",
        "example.org:mirror",
        "ssh://git@example.org:22/a/b.git",
        "https://gitlab.com/example/mirror.git",
        "file:///srv/mirror.git",
        "/srv/mirror.git",
        "../m.git",
    ],
)
def test_remotes_that_are_accepted(remote: str) -> None:
    assert publishing({**HOME, "remote": remote}).homes[0].remote.endswith(remote.strip("."))


@pytest.mark.parametrize(
    ("field", "value", "allowed"),
    [
        ("remote", "https://me:SECRET@github.com/example/mirror", "credential helper"),
        ("remote", "https://SECRET@github.com/example/mirror", "credential helper"),
        ("remote", "https://me:SEC@RET@github.com/example/mirror", "credential helper"),
        ("remote", "https://me:SEC/RET@github.com/example/mirror", "https://host/path"),
        ("remote", "https://me:1?SECRET@github.com/example/mirror", "credential helper"),
        ("remote", "ssh://git:SECRET@github.com/example/mirror", "credential helper"),
        ("remote", "https://github.com/example/mirror?token=SECRET", "credential helper"),
        ("remote", "http://github.com/example/mirror", "https://host/path"),
        ("remote", "ext::sh -c true", "https://host/path"),
        ("remote", "--upload-pack=x", "https://host/path"),
        ("remote", "", "https://host/path"),
        ("remote", "https://[::1", "https://host/path"),
        ("public_url", "ftp://a.example", "http(s) address"),
        ("public_url", "https://me:SECRET@a.example", "http(s) address"),
        ("branch", "a b", "name of a branch"),
        ("branch", "-f", "name of a branch"),
        ("branch", "a..b", "name of a branch"),
        ("branch", "", "name of a branch"),
        ("name", "", "one line"),
        ("name", "a\nb", "one line"),
    ],
)
def test_wrong_home_is_refused_without_repeating_secrets(
    field: str, value: str, allowed: str
) -> None:
    with pytest.raises(ArgumentError, match="MIRROR_HOMES") as refusal:
        publishing({**HOME, field: value})
    assert allowed in str(refusal.value)
    assert not any(part in str(refusal.value) for part in ("SEC", "RET@"))


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("MIRROR_HOMES", '[{"remote": "https://me:SECRET@a.example/x"', "must be a JSON list"),
        ("MIRROR_HOMES", '{"name": "x"}', "must be a JSON list"),
        ("MIRROR_HOMES", '[{"name": "x"}]', "name, public_url, remote, branch"),
        ("MIRROR_HOMES", json.dumps([{**HOME, "password": "SECRET"}]), "must be a JSON list"),
        ("MIRROR_HOMES", json.dumps([HOME, HOME]), "two homes have this name"),
        ("MIRROR_HOMES", json.dumps([HOME, {**HOME, "name": "b"}]), "another home has it"),
        (
            "MIRROR_HOMES",
            json.dumps([{**HOME, "public_url": "https://a.example"}]),
            "public_url of a",
        ),
        ("MIRROR_PUBLISH", "yes", "0 or 1"),
        ("MIRROR_PUBLISH_MAX_FAILED", "1.1", "from 0 to 1"),
        ("MIRROR_PUSH_TIMEOUT", "0", "1 or more"),
        ("MIRROR_GIT_NAME", " ", "must be a name"),
        ("MIRROR_GIT_NAME", "a <b>", "must be a name"),
        ("MIRROR_GIT_EMAIL", "nobody", "must be like"),
        ("MIRROR_GIT_MESSAGE", "{host}", "{new}, {changed}, {removed} and {titles}"),
    ],
)
def test_wrong_setting_is_refused(name: str, value: str, allowed: str) -> None:
    with pytest.raises(ArgumentError) as refusal:
        Publishing.from_settings({**SHIPPED, name: value}).check(PUBLIC_URL)
    assert allowed in str(refusal.value)
    assert "SECRET" not in str(refusal.value)


def test_message_counts_what_changed() -> None:
    assert publishing().subject(12, 3, 0) == "同步: 新增 12, 更新 3"
    assert publishing().subject(0, 0, 4) == "同步: 删除 4"
    assert publishing().subject(0, 0, 0) == "同步: 目录"
    assert publishing(MIRROR_GIT_MESSAGE="sync +{new} -{removed}").subject(1, 2, 3) == "sync +1 -3"
    titled = publishing(MIRROR_GIT_MESSAGE="{titles}")
    assert titled.subject(2, 0, 0, ["染坊重开", "石桥修好"]) == "染坊重开\n石桥修好"
    assert titled.subject(0, 3, 0) == "同步: 更新 3"


def test_home_that_moves_keeps_its_place() -> None:
    other = {"name": "other", "public_url": "https://b.example", "remote": "/b", "branch": "main"}
    homes = publishing(HOME, other)
    assert [h.public_url for h in homes.moved(PUBLIC_URL, "https://c.example").homes] == [
        "https://c.example",
        "https://b.example",
    ]
    assert homes.moved(PUBLIC_URL, "https://b.example") == homes


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        ("[{name: GitHub, branch: main}]", "in single quotes where a shell reads it: "),
        (f"'{json.dumps([HOME])}'", "without the quotes around it where docker reads it"),
    ],
)
def test_json_without_its_quotes_or_with_more_says_where_they_went(value: str, advice: str) -> None:
    with pytest.raises(ArgumentError, match=advice):
        Publishing.from_settings({**SHIPPED, "MIRROR_HOMES": value})
