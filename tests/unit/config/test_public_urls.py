from __future__ import annotations

import pytest

from mirror.config.public_urls import address_of_files


@pytest.mark.parametrize(
    ("url", "better"),
    [
        ("https://github.com/me/news", "https://github.com/me/news/blob/main"),
        ("https://www.github.com/me", "https://github.com/me/news/blob/main"),
        ("https://github.com/", "https://github.com/me/news/blob/main"),
        ("https://gitlab.com/me/news.git", "https://gitlab.com/me/news/-/blob/main"),
        ("https://codeberg.org/me/news/src", "https://codeberg.org/me/news/src/branch/main"),
        ("https://gitlab.com/group/part/news/-/blob/main", ""),
        ("https://github.com/me/news/tree/main/pages", ""),
        ("https://codeberg.org/me/news/src/branch/main", ""),
        ("https://me.github.io/news", ""),
        ("https://raw.githubusercontent.com/me/news/main", ""),
        ("https://git.example.org/me/news", ""),
    ],
)
def test_where_a_host_shows_files(url: str, better: str) -> None:
    assert address_of_files(url) == better
