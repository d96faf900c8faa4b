"""What all spiders share: fetching the articles of the frontier and noting what became of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from mirror.config.options import Options
from mirror.config.values import day
from mirror.content.links import at_source
from mirror.content.text import one_line
from mirror.engine.components import request_of
from mirror.engine.role import role_of
from mirror.errors import ArgumentError, NotAnArticleError, PostponedError, RetryLaterError
from mirror.fetching.failing import reason_of
from mirror.items import ArticleItem, replace
from mirror.quality.failures import LOSE, PUT_OFF, REFUSE, Failures
from mirror.quality.reader import Reader
from mirror.quality.watch import Watch
from mirror.sites import Site, get_site, site_names, source_url
from mirror.sites.sections import first_of, sections_by_site
from mirror.store.database import Database, open_database
from mirror.store.frontier import Frontier

if TYPE_CHECKING:
    from typing_extensions import Self

DEFAULT_SITE = "epochtimes"

_GONE_STATUSES = (404, 410)
_CONDITIONS = ("If-None-Match", "If-Modified-Since")
_MAX_HEADER_CHARACTERS = 1000


class MirrorSpider(Spider):
    """Fetches what is due in the frontier; subclasses put addresses into it."""

    sections: tuple[str, ...] = ()  # whose articles to fetch
    only: tuple[str, ...] = ()  # or these articles alone, by id
    limit: int | None = None  # of articles to fetch
    since: date | None = None  # of publication
    until: date | None = None
    arguments: ClassVar[tuple[str, ...]] = ()
    from_settings: ClassVar[
        dict[str, str]
    ] = {}  # argument -> the setting that gives it, if it is not
    is_plan: bool = False  # nothing is fetched to be stored, nothing written

    site: Site
    database: Database
    frontier: Frontier
    failures: Failures
    reader: Reader
    source_url: str
    is_worker: bool  # one process among those that help the crawl
    given: dict[str, Any]  # the arguments as they were given

    @classmethod
    def by_source(cls, arguments: Mapping[str, str]) -> list[dict[str, str]]:
        """Return the arguments of a crawl of each source that these are about. Raises ArgumentError."""
        return [dict(arguments)]

    @classmethod
    def check_options(cls, options: Options) -> None:
        """Raise ArgumentError for a setting that no crawl of this spider can start with."""

    def __init__(self, site: str = DEFAULT_SITE, _job: str = "", **unknown: str):
        """`_job` is scrapyd's. Raises ArgumentError."""
        super().__init__()
        for name, value in unknown.items():
            known = ", ".join([*self.arguments, "site"])
            raise ArgumentError(name, value, f"no such argument; there are {known}")
        check_sites([site])
        self.site = get_site(site)  # from_crawler knows the source

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        address = source_url(str(crawler.settings["MIRROR_SOURCE_URL"]), spider.site.name)
        crawler.settings.set("MIRROR_SOURCE_URL", address, "cmdline")  # before they are frozen
        options = Options.from_settings(crawler.settings)
        spider.database = open_database(options.database_url)
        spider.database.clock.begin(role_of(crawler).started)
        spider.frontier = Frontier(spider.database)
        spider.failures = Failures(crawler, spider.frontier)
        spider.source_url = options.source_url
        spider.is_worker = bool(role_of(crawler).worker)
        spider.given = kwargs
        spider.site = get_site(spider.site.name, options.source_url, spider.site.edition)
        spider.reader = Reader(crawler, spider.site, spider.database)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Begin to discover, unless this process is there to fetch what another one discovers."""
        if not self.is_worker:
            self.begin()
            await self.discover()
        requests: tuple[Request, ...] = ()
        for request in requests:  # the frontier feeds the crawl
            yield request

    def begin(self) -> None:
        """Do what is done once for a crawl, however many machines discover for it."""

    async def discover(self) -> None:
        """Bring addresses into the frontier; the crawl is fed from there meanwhile."""

    def count_due(self, before: float) -> int:
        """Return how many articles that were due at a time are yet to be fetched."""
        return self.frontier.count_due(before, self.sections, self.only)

    def articles_ahead(self) -> tuple[int, int] | None:
        """Return how many listing pages are yet to be read, and about how many new articles are on
        them; None: that is not known."""
        return None

    def request(self, url: str, **options: Any) -> Request:
        """Return a request to the source for an address of the site. The frontier knows what was
        fetched, so no duplicate filter does."""
        return Request(at_source(url, self.source_url), dont_filter=True, **options)

    def take(self, count: int, before: float, worker: int) -> list[Any]:
        """Take addresses to fetch from the frontier, see Frontier.take."""
        return self.frontier.take(count, before, self.sections, self.only, worker)

    def article_request(self, address: Any) -> Request:
        """Return the request for an address of the frontier, for what changed since it was seen."""
        known = {"article": address.article, "url": address.url, "section": address.section}
        seen = {"If-None-Match": address.etag, "If-Modified-Since": address.modified}
        return self.request(
            address.url,
            callback=self.parse_article,
            errback=self.article_failed,
            cb_kwargs=known,
            headers={name: value for name, value in seen.items() if value},
            meta={"handle_httpstatus_list": [304, *_GONE_STATUSES]},
        )

    def parse_article(
        self, response: Response, article: str, url: str, section: str
    ) -> Iterator[ArticleItem]:
        """Yield the article of a page, or note in the frontier why there is none."""
        if response.status == 304 and not _is_conditional(response):
            # a cache's mistake: asked again at once it would say so again
            self.failures.put_off(article, url, "HTTP 304, though nothing was known of it")
        elif response.status == 304:
            yield from self._as_it_was(response, article)
        elif response.status in _GONE_STATUSES:
            self._lose(response, article, url, section)
        else:
            yield from self._as_it_is(response, article, url, section)

    def _as_it_was(self, response: Response, article: str) -> Iterator[ArticleItem]:
        """Yield an article that the site says is unchanged, as it is stored."""
        item = self.database.article(article)
        if item is None:  # lost from the database: ask for the whole page next time
            self.frontier.renew(article)
            return
        asked = request_of(response).headers
        version = _version(response.headers)
        version["etag"] = version["etag"] or (asked.get("If-None-Match") or b"").decode("latin-1")
        yield replace(item, removed=False, **version)

    def _as_it_is(
        self, response: Response, article: str, url: str, section: str
    ) -> Iterator[ArticleItem]:
        """Yield the article that a page holds."""
        try:
            item = self.reader.article(response, article, url)
        except (NotAnArticleError, RetryLaterError) as error:
            self._miss(response, article, url, section, error)
            return
        if self._is_outside(item.published.date()):
            self.frontier.settle(article, "skipped", day=item.published.date().isoformat())
            self.crawler.stats.inc_value("mirror/skipped")
            return
        section = first_of(self.sections, section, item.section) or self.site.unsectioned
        yield replace(item, section=section, **_version(response.headers))

    def _is_outside(self, day: date) -> bool:
        """Whether a day of publication is not what the run was asked for."""
        return bool((self.since and day < self.since) or (self.until and day > self.until))

    # ---- addresses without an article

    def _lose(self, response: Response, article: str, url: str, section: str) -> None:
        """Note that an article is not there, or have it noted when others tell whether the site is well:
        the first time, it counts as a page that is missing."""
        reason = f"HTTP {response.status}"
        watch = self.crawler.get_extension(Watch)
        if watch is None or self.database.place(article) is None:
            self.failures.lose(article, url, reason)
            return
        field = "" if self.frontier.is_absent(article) else "page"
        known = article, section or self.site.unsectioned, field
        watch.misses(*known, response.body, fate=LOSE, url=url, reason=reason)

    def _miss(
        self,
        response: Response,
        article: str,
        url: str,
        section: str,
        error: NotAnArticleError | RetryLaterError,
    ) -> None:
        """Note that no article was found, or have it noted when others tell whether that is usual."""
        is_here = self.database.place(article) is not None
        fate = PUT_OFF if is_here or isinstance(error, RetryLaterError) else REFUSE
        watch = self.crawler.get_extension(Watch)
        if watch and error.field and not self.frontier.was_tried(article):
            known = article, section or self.site.unsectioned, error.field
            watch.misses(*known, response.body, fate=fate, url=url, reason=str(error))
        else:
            self.failures.settle(fate, article, url, str(error))

    def article_failed(self, failure: Failure) -> None:
        """Note that an address could not be fetched this time; if the crawl is being ended because
        nothing can be, that is not held against it."""
        if failure.check(PostponedError) or self.crawler.stats.get_value("mirror/halted"):
            return
        known = request_of(failure).cb_kwargs
        self.failures.put_off(known["article"], known["url"], describe(failure))


def _is_conditional(response: Response) -> bool:
    """Whether a page was asked for only if it is not the one that is known."""
    return any(name in request_of(response).headers for name in _CONDITIONS)


def _version(headers: Headers) -> dict[str, str]:
    """Return what names the version of a page, for the next request's If-None-Match."""
    names = {"etag": "ETag", "modified": "Last-Modified"}
    values = {name: (headers.get(h) or b"").decode("latin-1") for name, h in names.items()}
    return {name: value if _is_sound(value) else "" for name, value in values.items()}


def _is_sound(value: str) -> bool:
    """Whether a header's value can be stored and sent again: no controls, no page of text."""
    return len(value) <= _MAX_HEADER_CHARACTERS and value == one_line(value)


def describe(failure: Failure) -> str:
    """Return why a request failed, in one line."""
    if isinstance(failure.value, HttpError):
        return f"HTTP {failure.value.response.status}"
    error = failure.value or Exception()
    return one_line(reason_of(error) or type(error).__name__)


def positive(name: str, value: str | None) -> int | None:
    """Return a spider argument as a whole number of 1 or more. Raises ArgumentError."""
    if value is None:
        return None
    if not (value.isascii() and value.isdigit()) or int(value) < 1:
        raise ArgumentError(name, value, "must be a whole number, 1 or more")
    return int(value)


def past_day(name: str, value: str | None, site: Site) -> date | None:
    """Return a spider argument as a day that is no later than the site's today. Raises ArgumentError."""
    found = day(name, value)
    if found and found > datetime.now(site.timezone).date():
        raise ArgumentError(name, value, "is in the future")
    return found


def by_section(arguments: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the arguments of a crawl for each source of the sections in `id`. Raises ArgumentError."""
    names = [name.strip() for name in arguments.get("site", DEFAULT_SITE).split(",")]
    check_sites(names)
    found = sections_by_site(arguments.get("id", ""), names)
    if missing := [name for name in names if "site" in arguments and name not in found]:
        allowed = f"no section of {', '.join(missing)} is given in id"
        raise ArgumentError("site", arguments["site"], allowed)
    if list(found) == [DEFAULT_SITE]:
        return [dict(arguments)]
    return [{**arguments, "site": name, "id": ",".join(found[name])} for name in found]


def check_sites(names: Iterable[str]) -> None:
    """Raise ArgumentError for the first name that is no site's."""
    for name in names:
        if name not in site_names():
            raise ArgumentError("site", name, f"no such site; there are {', '.join(site_names())}")
