"""What a request failed for, in words."""

from __future__ import annotations


def reason_of(error: BaseException) -> str:
    """Return why a request failed: what Twisted found behind a broken connection is told in its own words,
    which it shows as objects."""
    causes = getattr(error.__cause__, "reasons", ())
    told = (cause.getErrorMessage() or cause.type.__name__.lstrip("_") for cause in causes)
    return "; ".join(dict.fromkeys(told)) or str(error)


def named(error: BaseException) -> str:
    """Return an error's kind and why a request failed."""
    return f"{type(error).__name__} {reason_of(error)}".strip()
