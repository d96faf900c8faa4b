"""Files of addresses taken in, a portion at a time, and the count of what they held."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import islice

from mirror.archive.addresses import Address, RawFile, read_addresses
from mirror.archive.batches import Accepted
from mirror.content.links import absolute_url
from mirror.errors import ListingError, UnreadableError
from mirror.items import Link
from mirror.sites import Site, get_site, site_names

_MAX_FILE_DEPTH = 2  # files named by files: sitemaps by an index
_BATCH_SIZE = 1000  # addresses in one transaction
_MAX_EXAMPLES = 5  # of what is no article's address
_MAX_EXAMPLE_CHARACTERS = 100


class Intake:
    """Hands over the articles of files, and counts them."""

    def __init__(
        self,
        site: Site,
        accept: Callable[[Sequence[Link]], Accepted],
        fail: Callable[[str], None],
    ):
        """`accept` takes links in, each article once, and tells what was known of them; `fail` is
        told of files that could not be read to their end."""
        self.site = site
        self.accept = accept
        self.fail = fail
        self.articles = 0  # addresses of articles
        self.elsewhere: Counter[str] = Counter()  # addresses of articles of other sites, by these
        self.others = 0  # what is none
        self.shown: list[str] = []  # the first of that
        self.has_failed = False
        self.accepted = Accepted(0, 0, 0)

    async def read(
        self, where: str, opened: Callable[[str], Awaitable[RawFile]], depth: int = 1
    ) -> None:
        """Take in a file and those that it names; `opened` opens one, or raises ListingError."""
        try:
            with await opened(where) as file:
                for further in self.portions(file):
                    await asyncio.sleep(0)  # what was taken in is fetched meanwhile
                    if further and depth == _MAX_FILE_DEPTH:
                        raise UnreadableError("a sitemap that an index names can name no others")
                    for name in further:
                        await self.read(name, opened, depth + 1)
        except (ListingError, UnreadableError) as error:
            self.has_failed = True
            self.fail(f"{where}: {error}")
        if depth == 1 and not self.articles and not self.has_failed:
            self.fail(f"{where}: {self.nothing()}")

    def nothing(self) -> str:
        """Return in words that no address of an article was found, and what was."""
        shown = f"; the first of {self.others:,} others: {self.shown[0]}" if self.shown else ""
        return f"holds no article's address{shown}"

    def portions(self, file: RawFile) -> Iterator[list[str]]:
        """Take in a file, and yield after each portion the further files that it names."""
        addresses = read_addresses(file)
        is_over = False
        while not is_over:
            portion: list[Address] = []
            try:
                for address in islice(addresses, _BATCH_SIZE):
                    portion.append(address)
            finally:
                self._take(portion)
            is_over = len(portion) < _BATCH_SIZE
            yield [url for address in portion if (url := self._file(address))]

    def _take(self, portion: Sequence[Address]) -> None:
        links: dict[str, Link] = {}
        for address in portion:
            if link := self._link(address):
                self.articles += 1
                links.setdefault(link.id, link)
            elif name := self._other_site(address):
                self.elsewhere[name] += 1
            elif not self._file(address):
                self._note(address)
        if links:
            counts = zip(self.accepted, self.accept(list(links.values())), strict=True)
            self.accepted = Accepted(*map(sum, counts))

    def _link(self, address: Address) -> Link | None:
        article, url = self.site.article_id(address.text), self.site.canonical_url(address.text)
        return Link(article, url, "") if article and url else None

    def _other_site(self, address: Address) -> str | None:
        """Return the name of another site whose article an address is."""
        others = (name for name in site_names() if name != self.site.name)
        return next((name for name in others if get_site(name).article_id(address.text)), None)

    def _file(self, address: Address) -> str | None:
        """Return the address of a further file, at the site and nowhere else."""
        url = absolute_url(address.text, self.site.url) if address.kind == "sitemap" else None
        return url if url and url.startswith("http") and self.site.is_own(url) else None

    def _note(self, address: Address) -> None:
        self.others += 1
        if len(self.shown) < _MAX_EXAMPLES:
            where = f"line {address.line}: " if address.line else ""
            self.shown.append(f"{where}{address.text[:_MAX_EXAMPLE_CHARACTERS]!r}")

    def lines(self) -> Iterator[str]:
        """Yield what was found, in words, and then what of it is for others or nobody."""
        new, waiting, fetched = self.accepted
        yield (
            f"{self.articles:,} addresses of articles: {new:,} new, {waiting:,} waiting from before, "
            f"{fetched:,} fetched before"
        )
        for name, count in self.elsewhere.items():
            yield f"{count:,} addresses of articles of {name}, for a crawl with site={name}"
        if self.others:
            shown = "; ".join(self.shown)
            yield f"{self.others:,} that are no article's address, the first: {shown}"


def refusal(file: RawFile, site: Site) -> str:
    """Return why a file is none of addresses, by its first portion; empty if it may be one."""
    intake = Intake(site, lambda links: Accepted(len(links), 0, 0), lambda reason: None)
    portions = intake.portions(file)
    try:
        further = next(portions)
        is_over = next(portions, None) is None
    except UnreadableError as error:
        return "" if intake.articles else str(error)
    return intake.nothing() if is_over and not (further or intake.articles) else ""
