"""scrapy shell: Scrapy's own, with the site of the page at hand."""

from __future__ import annotations

from typing import Any

from scrapy.commands import shell
from scrapy.settings import Settings

from mirror.config.options import Options
from mirror.sites import get_site
from mirror.sites.samples import load, sites_of
from mirror.spiders.base import page_of


class Command(shell.Command):
    """Adds `page`, the response as sites get it, `site`, whose functions take it, `get_site`, and
    `load` for saved pages."""

    settings: Settings  # set by Scrapy before it runs the command

    def update_vars(self, vars: dict[str, Any]) -> None:
        """Add to what the shell offers; `site` is the first one that the address could be of."""
        source, response = Options.from_settings(self.settings).source_url, vars.get("response")
        sites = sites_of(response.url if response else f"{source}/", source)
        page = page_of(response) if response else None
        vars.update(page=page, site=next(iter(sites), None), get_site=get_site, load=load)
