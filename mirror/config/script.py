"""The script of what is published: the setting MIRROR_SCRIPT."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from mirror.config.values import one_of
from mirror.errors import ArgumentError

SCRIPTS = ("hans", "hant")


def script_of(settings: Mapping[str, Any]) -> str:
    """Return hans or hant, "" where texts stay as their source gives them. Raises ArgumentError."""
    script = one_of(settings, "MIRROR_SCRIPT", ("", *SCRIPTS))
    if script:
        check_converter("MIRROR_SCRIPT", script)
    return script


def check_converter(name: str, script: str) -> None:
    """Raise ArgumentError if what converts texts to a script is not installed."""
    if find_spec("zhconv_rs") is None:
        allowed = "needs zhconv-rs: pip install -r requirements-script.txt"
        raise ArgumentError(name, script, allowed)
