"""scrapy settings: Scrapy's own."""

import argparse

from scrapy.commands import settings
from scrapy.exceptions import UsageError

from mirror.calls import StockCommand
from mirror.config.names import no_such

_ASKED = ("get", "getbool", "getint", "getfloat", "getlist")


class Command(StockCommand, settings.Command):
    """Print the value of a setting."""

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuse a setting that does not exist, too."""
        super().process_options(args, opts)
        for option in _ASKED:
            name = getattr(opts, option)
            if name is not None and name not in self.settings:
                said = no_such("setting", name, [*self.settings])
                raise UsageError(f"--{option}={name}: {said}", print_help=False)
