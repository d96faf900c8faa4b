"""Articles with other values."""

from __future__ import annotations

import dataclasses

import pytest
from support.articles import article

from mirror.items import replace

ITEM = article(1, tags=())


def test_replace_gives_what_dataclasses_would() -> None:
    changed = replace(ITEM, title="石桥", tags=("桥",), qr=b"x")
    assert changed == dataclasses.replace(ITEM, title="石桥", tags=("桥",), qr=b"x")
    assert (ITEM.title, ITEM.tags, ITEM.qr) == ("第1篇", (), None)
    with pytest.raises(dataclasses.FrozenInstanceError):
        changed.title = "x"  # type: ignore[misc]


def test_replace_refuses_what_an_article_has_not() -> None:
    with pytest.raises(TypeError, match="no heading, text"):
        replace(ITEM, heading="x", text="y", title="z")
