"""Articles with other values."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta, timezone

import pytest

from mirror.items import ArticleItem, replace

ITEM = ArticleItem(
    id="n1",
    site="epochtimes",
    url="https://a.example/n1",
    section="nsc418",
    title="石桥修好",
    body="<p>一</p>",
    published=datetime(2021, 12, 28, tzinfo=timezone(timedelta(hours=8))),
)


def test_replace_gives_what_dataclasses_would() -> None:
    changed = replace(ITEM, title="石桥", tags=("桥",), qr=b"x")
    assert changed == dataclasses.replace(ITEM, title="石桥", tags=("桥",), qr=b"x")
    assert (ITEM.title, ITEM.tags, ITEM.qr) == ("石桥修好", (), None)
    with pytest.raises(dataclasses.FrozenInstanceError):
        changed.title = "x"  # type: ignore[misc]


def test_replace_refuses_what_an_article_has_not() -> None:
    with pytest.raises(TypeError, match="no heading, text"):
        replace(ITEM, heading="x", text="y", title="z")
