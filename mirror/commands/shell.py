"""scrapy shell: Scrapy's own, with the site of the page at hand."""

from __future__ import annotations

import argparse
from typing import Any

from scrapy.commands import shell

from mirror.calls import StockCommand
from mirror.config.options import Options
from mirror.quality.responses import page_of
from mirror.sites import get_site, source_url
from mirror.sites.samples import load, sites_of


class Command(StockCommand, shell.Command):
    """Adds `page`, the response as sites get it, `site`, whose functions take it, `get_site`, and
    `load` for saved pages."""

    max_words = 1

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Open the shell."""
        setting = self.settings["MIRROR_SOURCE_URL"]
        if sites := sites_of(args[0] if args else "", setting):
            source = source_url(setting, sites[0].name)
            self.settings.set("MIRROR_SOURCE_URL", source, "cmdline")
        super().run(args, opts)

    def update_vars(self, vars: dict[str, Any]) -> None:
        """Add to what the shell offers; `site` is the first one that the address could be of."""
        source, response = Options.from_settings(self.settings).source_url, vars.get("response")
        sites = sites_of(response.url if response else f"{source}/", source)
        page = page_of(response) if response else None
        vars.update(page=page, site=next(iter(sites), None), get_site=get_site, load=load)
