"""Waiting for PostgreSQL: what was cut off by its absence is done again when it is back.

Where the database is a file of this machine there is nothing to wait for.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import wraps
from inspect import isfunction, isgeneratorfunction, unwrap
from typing import Any, TypeVar, cast

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

logger = logging.getLogger(__name__)

_POLL_SECONDS = 0.5  # between two tries
_REMINDER_SECONDS = 60  # between two messages
_START_WAIT_SECONDS = 30  # what never was there may be a wrong address
# Connection exception, transaction rollback (deadlocks), operator intervention, too many connections; see
# "PostgreSQL Error Codes" in its documentation.
_PASSING_STATES = ("08", "40", "57P", "53300")
_LEAST_RESULTS = {"record": 1}  # it may have been written down before, and then nothing looks new

_Class = TypeVar("_Class", bound=type)
_Function = TypeVar("_Function", bound=Callable[..., Any])


def retries(cls: _Class) -> _Class:
    """Make the public methods of a class, each one transaction on its `engine`, outlast an absence
    of PostgreSQL. Generators are left alone."""
    for name, method in list(vars(cls).items()):
        is_plain = isfunction(method) and not isgeneratorfunction(unwrap(method))
        if is_plain and not name.startswith("_"):
            setattr(cls, name, retried(method, _LEAST_RESULTS.get(name)))
    return cls


def reach(engine: Engine) -> None:
    """Wait a little for a PostgreSQL that is about to start. Raises sqlalchemy.exc.OperationalError."""
    since = time.monotonic()
    while True:
        try:
            engine.connect().close()
        except OperationalError as error:
            is_refused = "FATAL" in str(error) and "database system is" not in str(error)
            if is_refused or time.monotonic() - since > _START_WAIT_SECONDS:
                raise
            logger.warning("PostgreSQL is away, trying again: %(reason)s", {"reason": _line(error)})
            time.sleep(1)
        else:
            return


def retried(function: _Function, at_least: int | None = None) -> _Function:
    """Make a function, one transaction on its first argument's `engine` or on an engine, outlast
    an absence of PostgreSQL; a result after one is `at_least` so high."""

    @wraps(function)
    def call(owner: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return function(owner, *args, **kwargs)
        except (OperationalError, InterfaceError) as error:
            if _engine(owner).dialect.name != "postgresql" or not is_away(error):
                raise
            reason = error
        result = _again(owner, reason, lambda: function(owner, *args, **kwargs))
        return result if at_least is None else max(at_least, result)

    return cast("_Function", call)


def _again(owner: Any, reason: Exception, call: Callable[[], Any]) -> Any:
    """Call until the database takes it."""
    since = said = time.monotonic()
    logger.warning(
        "PostgreSQL is away or unable, waiting for it: %(reason)s", {"reason": _line(reason)}
    )
    while True:
        time.sleep(_POLL_SECONDS)
        _engine(owner).dispose()
        try:
            if hasattr(owner, "_connect"):  # it keeps a connection open
                owner._connect()
            result = call()
        except (OperationalError, InterfaceError) as error:
            if not is_away(error):
                raise
            if time.monotonic() - said > _REMINDER_SECONDS:
                said = time.monotonic()
                logger.warning("Still waiting for PostgreSQL: %(reason)s", {"reason": _line(error)})
        else:
            away = time.monotonic() - since
            logger.info("PostgreSQL is back after %(away).1f s", {"away": away})
            return result


def is_away(error: DBAPIError) -> bool:
    """Whether an error of PostgreSQL is one of the connection, or of others who got in the way, and so
    passes; what is wrong with a statement, or with the disk over there, does not by itself."""
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # none came back: the server was not reached, or went away meanwhile
        return error.connection_invalidated or error.statement is None
    return error.connection_invalidated or state.startswith(_PASSING_STATES)


def _engine(owner: Any) -> Engine:
    return owner if isinstance(owner, Engine) else owner.engine


def _line(error: Exception) -> str:
    return " ".join(str(getattr(error, "orig", None) or error).split())
