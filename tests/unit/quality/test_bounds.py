"""Fields beyond their bounds are left out; an article without a title that can be shown is none."""

from __future__ import annotations

import pytest
from support.articles import article

from mirror.errors import NotAnArticleError
from mirror.items import replace
from mirror.quality.bounds import bounded


def test_article_within_the_bounds_is_as_it_was() -> None:
    item = replace(article(1), title="长" * 200, reporter="名" * 200, tags=("题" * 100,) * 40)
    found = bounded(item)
    assert found.item is item
    assert found.left_out == []


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("lead_image", 700),
        ("lead_alt", 700),
        ("lead_caption", 1600),
        ("reporter", 200),
        ("editor", 100),
    ],
)
def test_field_that_is_too_long_is_left_out_whole(name: str, most: int) -> None:
    item = replace(article(1), **{name: "长" * (most + 1)})
    assert bounded(item).left_out == [name]
    assert bounded(item).item == replace(item, **{name: ""})


def test_tags_that_are_too_long_or_too_many_are_left_out() -> None:
    item = replace(article(1), tags=("好", "长" * 101, *map(str, range(60))))
    found = bounded(item)
    assert found.left_out == ["tags"]
    assert found.item.tags == ("好", *map(str, range(38)))


def test_title_that_is_too_long_is_none() -> None:
    with pytest.raises(NotAnArticleError, match="a title of 201 characters, 200 at most"):
        bounded(replace(article(1), title="长" * 201))
