"""scrapy save-page: a page of a site as a test case. (Scrapy names a command after its module.)"""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator
from datetime import datetime, timezone
from pathlib import Path

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from twisted.python.failure import Failure
from w3lib.encoding import html_to_unicode

from mirror.cli import ReadingCommand
from mirror.config.options import Options
from mirror.content.links import at_source
from mirror.errors import ArgumentError
from mirror.exits import Exit
from mirror.quality.responses import page_of
from mirror.sites import Site, get_site, site_names, source_url
from mirror.sites.samples import REVIEWED, Sample, is_at, kind_of, save, sites_of
from mirror.spiders.base import describe


class Command(ReadingCommand):
    """Fetch a page, or take one from a file, and save it with what its site makes of it."""

    max_words = 1

    def syntax(self) -> str:
        """Return what the usage message shows."""
        return "[options] <address or file>"

    def short_desc(self) -> str:
        """Return the line that the list of commands shows."""
        return "Save a page as a test case of its site, to be reviewed"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --url, --site, --name and --folder."""
        super().add_options(parser)
        parser.add_argument("--url", help="the address that a file was fetched from")
        parser.add_argument("--site", help="the site, if the address does not tell")
        parser.add_argument("--name", default="", help="how to name the test case")
        parser.add_argument("--folder", default="tests/pages", help="where; %(default)s")

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Print where the test case is, and what to do with it."""
        if len(args) != 1:
            raise ArgumentError("page", " ".join(args), "must be one address or file")
        file = Path(args[0])
        is_file = file.is_file()
        if is_file and not opts.url:
            raise ArgumentError("--url", "", f"must be the address that {file} was fetched from")
        url = opts.url or args[0]
        site = _site(url, opts.site, options.source_url)
        source = source_url(options.source_url, site.name)
        if is_file:
            text = html_to_unicode(None, file.read_bytes())[1]
        else:
            text, reason = self._fetch(at_source(url, source), source)
            if reason:
                return self.give_up(Exit.INCOMPLETE, f"not saved, {url}: {reason}")
        if is_at(url, source):  # it may be another machine than the site's own
            url = at_source(url, site.url)
        sample = Sample(text, url, kind_of(site, url, text))
        made = save(Path(opts.folder), site, sample, datetime.now(timezone.utc).date(), opts.name)
        print(
            f"{made}\n{made.with_suffix('.json')}\n"
            "Compare the two, correct what is wrong in the second or in the site's file, and set\n"
            f'"{REVIEWED}": true in it; until then the tests fail. If the text is not yours to\n'
            "publish, put another one in its place in both."
        )
        return Exit.COMPLETE

    def _fetch(self, url: str, source: str) -> tuple[str, str]:
        """Return the text at an address, and why there is none."""
        self.settings.set("MIRROR_SOURCE_URL", source, "cmdline")
        self.settings.set("LOG_LEVEL", "WARNING", "spider")  # what the operator sets wins
        process = AsyncCrawlerProcess(self.settings)
        crawler = process.create_crawler(_Fetch)
        process.crawl(crawler, url=url)
        process.start()
        spider = crawler.spider
        return spider.outcome if isinstance(spider, _Fetch) else ("", "an error, see above")


class _Fetch(Spider):
    """Fetches one page as a crawl would."""

    name = "save-page"
    outcome = ("", "not allowed, or not there; see above")

    def __init__(self, url: str):
        super().__init__()
        self.url = url

    async def start(self) -> AsyncIterator[Request]:
        yield Request(self.url, errback=self.failed, meta={"handle_httpstatus_all": True})

    def parse(self, response: Response) -> None:
        """Keep the text of the page."""
        if response.status != 200:
            self.outcome = "", f"HTTP {response.status}"
        elif page_of(response) is None:
            self.outcome = "", "not a text"
        else:
            self.outcome = response.text, ""

    def failed(self, failure: Failure) -> None:
        """Keep the reason."""
        self.outcome = "", describe(failure)


def _site(url: str, name: str | None, setting: str) -> Site:
    """Return the site that is named, or the only one whose address it is. Raises ArgumentError."""
    names = site_names()
    if name is not None and name not in names:
        raise ArgumentError("--site", name, f"must be one of {', '.join(names)}")
    sites = [get_site(name, source_url(setting, name))] if name else sites_of(url, setting)
    if len(sites) != 1:
        raise ArgumentError(
            "page", url, f"of which site is this? Add --site, one of {', '.join(names)}"
        )
    return sites[0]
