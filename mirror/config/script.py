"""The script of what is published: the setting MIRROR_SCRIPT."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from mirror.errors import ArgumentError

SCRIPTS = ("hans", "hant")


def script_of(settings: Mapping[str, Any]) -> str:
    """Return hans or hant, "" where texts stay as their source gives them. Raises ArgumentError."""
    script = str(settings["MIRROR_SCRIPT"])
    check_script("MIRROR_SCRIPT", script)
    return script


def check_script(name: str, script: str) -> None:
    """Raise ArgumentError for what is no script, and if what converts texts is not installed."""
    if script not in ("", *SCRIPTS):
        raise ArgumentError(name, script, f"must be one of {', '.join(SCRIPTS)}, or empty")
    if script and find_spec("zhconv_rs") is None:
        allowed = "needs zhconv-rs: pip install -r requirements-script.txt"
        raise ArgumentError(name, script, allowed)
