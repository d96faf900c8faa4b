"""Requests as JSON, for scrapy-redis's queue: its own way, pickle, lets whoever can write to Redis
run any code here, and so would a class that Scrapy imports by the name it finds in a request. Equal
requests give equal bytes, so the queue holds each once."""

from __future__ import annotations

import json
from typing import Any


def dumps(request: dict[str, Any]) -> bytes:
    """Return a request, as `Request.to_dict` gives it, as JSON."""
    headers = {
        name.decode("latin-1"): [value.decode("latin-1") for value in values]
        for name, values in request["headers"].items()
    }
    plain = {**request, "headers": headers, "body": request["body"].decode("latin-1")}
    return json.dumps(plain, sort_keys=True).encode()


def loads(data: bytes) -> dict[str, Any]:
    """Return what `dumps` was given. Raises ValueError for a request that names a class."""
    request = json.loads(data)
    if "_class" in request:
        raise ValueError(f"a request of the class {request['_class']}")
    request["headers"] = {
        name.encode("latin-1"): [value.encode("latin-1") for value in values]
        for name, values in request["headers"].items()
    }
    request["body"] = request["body"].encode("latin-1")
    return request
