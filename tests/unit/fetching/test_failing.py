"""Why requests fail, in words."""

from __future__ import annotations

import pytest
from scrapy.exceptions import DownloadFailedError, DownloadTimeoutError
from twisted.internet.error import ConnectionLost
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from mirror.fetching.failing import named, reason_of


def broken(*causes: Exception) -> DownloadFailedError:
    """A connection that broke, as Scrapy tells it."""
    failed = ResponseFailed([Failure(cause) for cause in causes])
    with pytest.raises(DownloadFailedError) as raised:
        raise DownloadFailedError(str(failed)) from failed
    return raised.value


def test_broken_connection_is_told_in_words() -> None:
    lost = "Connection to the other side was lost in a non-clean fashion."
    assert "<twisted" in str(broken(ConnectionLost()))
    assert named(broken(ConnectionLost())) == f"DownloadFailedError {lost}"
    assert reason_of(broken(ConnectionLost(), EOFError())) == f"{lost}; EOFError"
    assert reason_of(DownloadTimeoutError("took too long")) == "took too long"
    assert named(EOFError()) == "EOFError"
