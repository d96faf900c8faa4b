"""scrapy shell: Scrapy's own, with the site of the page at hand."""

from __future__ import annotations

from typing import Any

from scrapy.commands import shell

from mirror.options import Options
from mirror.samples import load, sites_of
from mirror.sites import get_site


class Command(shell.Command):
    """Adds `site`, whose functions take the response, `get_site`, and `load` for saved pages."""

    def update_vars(self, vars: dict[str, Any]) -> None:
        """Add to what the shell offers; `site` is the first one that the address could be of."""
        source, response = Options.from_settings(self.settings).source_url, vars.get("response")
        sites = sites_of(response.url if response else f"{source}/", source)
        vars.update(site=next(iter(sites), None), get_site=get_site, load=load)
