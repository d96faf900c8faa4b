"""The link to Redis, which may be away at any time: nothing depends on it but speed and pace."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 5  # in which Redis is not asked again after an error
_Result = TypeVar("_Result")

# For scrapy-redis's REDIS_PARAMS. A call holds up the whole process, so none may take long; the one
# try more is for a connection that was closed meanwhile.
PARAMETERS = {
    "redis_cls": "mirror.cluster.redis_circuit.Client",
    "socket_timeout": 2,  # seconds
    "socket_connect_timeout": 2,
    "retry": Retry(NoBackoff(), 1),
}


class Away(Exception):
    """Redis does not answer, or not with what was asked for."""


class Client(Redis):
    """Redis's client, which does not mind Redis being away when scrapy-redis opens."""

    def ping(self, **kwargs: object) -> bool:
        """Tell whether Redis answers."""
        with suppress(RedisError):
            return bool(super().ping(**kwargs))
        return False


class RedisCircuit:
    """Makes calls to Redis; after one that failed, none for some seconds."""

    def __init__(self):
        self.again = 0.0  # when to ask Redis next
        self.is_away = False

    def __call__(self, call: Callable[[], _Result]) -> _Result:
        """Return what a call returns. Raises Away."""
        if time.monotonic() < self.again:
            raise Away
        try:
            result = call()
        except RedisError as error:
            self.again = time.monotonic() + PAUSE_SECONDS
            if not self.is_away:
                reason = {"reason": " ".join(str(error).split())}
                logger.warning("Redis is away, going on without it: %(reason)s", reason)
            self.is_away = True
            raise Away from error
        if self.is_away:
            logger.info("Redis is back")
        self.is_away = False
        return result


link = RedisCircuit()  # of this process
