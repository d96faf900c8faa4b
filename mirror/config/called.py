"""Which command of the scrapy program is called: the others need not be loaded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.util import find_spec

_COMMANDS = "mirror.commands"
_STOCK = "mirror.commands.stock"  # Scrapy's own
_NAME_RE = re.compile(r"[a-z]+(-[a-z]+)*")


def commands_module(arguments: Sequence[str]) -> str:
    """Return the module of the command that a command line calls, or the package of all if it calls
    none of the project's; Scrapy takes either for COMMANDS_MODULE."""
    name = next((word for word in arguments[1:] if not word.startswith("-")), "")
    if _NAME_RE.fullmatch(name):
        for module in (f"{_COMMANDS}.{name}", f"{_STOCK}.{name}"):
            if find_spec(module):
                return module
    return _COMMANDS
