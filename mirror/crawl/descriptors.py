"""As many requests at once as the process may have files open: with few of them a crawl goes slower, not
wrong."""

from __future__ import annotations

import logging
import resource
from pathlib import Path

from scrapy.settings import BaseSettings

logger = logging.getLogger(__name__)

# Files that a crawl has open beside those of its requests, or opens for a moment: database, locks, log,
# pipes, a page, a module that is loaded late.
_OTHER_FILES = 8
_WANTED_FILES = 1024  # of which the limit is raised to so many, if the system lets it
_OPEN = Path("/proc/self/fd")


class Descriptors:
    """Lower CONCURRENT_REQUESTS to what the limit of open files allows (ulimit -n), whoever has set it."""

    def update_settings(self, settings: BaseSettings) -> None:
        limit = _raised_limit()
        free = max(1, limit - _open_files() - _OTHER_FILES)
        if settings.getint("CONCURRENT_REQUESTS") > free:
            logger.warning(
                "No more than %(limit)d files may be open (ulimit -n): CONCURRENT_REQUESTS is %(free)d",
                {"free": free, "limit": limit},
            )
            settings.set("CONCURRENT_REQUESTS", free, "cmdline")


def _raised_limit() -> int:
    """Return how many files may be open, after raising that if it is little and may be raised."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < _WANTED_FILES and soft != hard:
        soft = _WANTED_FILES if hard == resource.RLIM_INFINITY else min(hard, _WANTED_FILES)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return soft if soft != resource.RLIM_INFINITY else 1 << 20


def _open_files() -> int:
    """Return how many files this process has open; an estimate where the system does not tell."""
    try:
        return sum(1 for _ in _OPEN.iterdir())
    except OSError:
        return 16
