"""What all spiders share: fetching the articles of the frontier and noting what became of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime
from functools import partial
from typing import Any, ClassVar

from parsel import Selector
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Headers, HtmlResponse, Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from sqlalchemy import Row
from twisted.python.failure import Failure

from mirror.config.options import Options
from mirror.content.links import at_source
from mirror.content.markup_limits import PAGE, markup_excess
from mirror.content.selecting import selector_of
from mirror.errors import ArgumentError, NotAnArticleError, PostponedError, RetryLaterError
from mirror.items import ArticleItem, replace
from mirror.quality.responses import SHELL, damage, hindrance, is_empty, is_garbled
from mirror.quality.watch import Watch
from mirror.role import role_of
from mirror.sites import Site, get_site, site_names
from mirror.store.database import open_database
from mirror.store.frontier import Frontier

_GONE = (404, 410)
_CONDITIONS = ("If-None-Match", "If-Modified-Since")
_NO_SECTION = "other"  # of an article whose page names none


class MirrorSpider(Spider):
    """Fetches what is due in the frontier; subclasses put addresses into it."""

    sections: tuple[str, ...] = ()  # whose articles to fetch
    only: tuple[str, ...] = ()  # or these articles alone, by id
    limit: int | None = None  # of articles to fetch
    since: date | None = None  # of publication
    until: date | None = None
    arguments: ClassVar[tuple[str, ...]] = ()
    is_plan: bool = False  # nothing is fetched to be stored, nothing written

    def __init__(self, site: str = "epochtimes", _job: str = "", **unknown: str):
        """`_job` is scrapyd's. Raises ArgumentError."""
        super().__init__()
        for name, value in unknown.items():
            known = ", ".join([*self.arguments, "site"])
            raise ArgumentError(name, value, f"no such argument; there are {known}")
        if site not in site_names():
            raise ArgumentError("site", site, f"no such site; there are {', '.join(site_names())}")
        self.site = get_site(site)  # from_crawler knows the source

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> MirrorSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        options = Options.from_settings(crawler.settings)
        spider.database = open_database(options.database_url)
        spider.frontier = Frontier(spider.database)
        spider.source_url = options.source_url
        spider.is_worker = bool(role_of(crawler).worker)
        spider.given = kwargs
        spider.site = get_site(spider.site.name, options.source_url)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Begin to discover, unless this process is there to fetch what another one discovers."""
        for request in () if self.is_worker else self.discover():
            yield request

    def discover(self) -> Iterator[Request]:
        """Yield the first requests that bring addresses; none if the frontier has them."""
        yield from ()

    def count_due(self, before: float) -> int:
        """Return how many articles that were due at a time are yet to be fetched."""
        return self.frontier.count_due(before, self.sections, self.only)

    def request(self, url: str, **options: Any) -> Request:
        """Return a request to the source for an address of the site. The frontier knows what was
        fetched, so no duplicate filter does."""
        return Request(at_source(url, self.source_url), dont_filter=True, **options)

    def take(self, count: int, before: float, worker: int) -> list[Row]:
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
            meta={"handle_httpstatus_list": [304, *_GONE]},
        )

    def parse_article(
        self, response: Response, article: str, url: str, section: str
    ) -> Iterator[ArticleItem]:
        """Yield the article of a page, or note in the frontier why there is none."""
        if response.status == 304:
            if _is_conditional(response.request):
                yield from self._as_it_was(response, article)
            else:  # a cache's mistake: asked again at once it would say so again
                self.put_off(article, url, "HTTP 304, though nothing was known of it")
            return
        if response.status in _GONE:
            self.lose(article, url, f"HTTP {response.status}")
            return
        try:
            item = self._article(response, article, url)
        except (NotAnArticleError, RetryLaterError) as error:
            self._miss(response, article, url, section, error)
            return
        if self._is_outside(item.published.date()):
            self.frontier.settle(article, "skipped", day=item.published.date().isoformat())
            self.crawler.stats.inc_value("mirror/skipped")
        else:
            section = section or item.section or _NO_SECTION
            yield replace(item, section=section, **_version(response.headers))

    def _is_outside(self, day: date) -> bool:
        return bool((self.since and day < self.since) or (self.until and day > self.until))

    def _as_it_was(self, response: Response, article: str) -> Iterator[ArticleItem]:
        item = self.database.article(article)
        if item is None:  # lost from the database: ask for the whole page next time
            self.frontier.renew(article)
            return
        asked = response.request.headers
        version = _version(response.headers)
        version["etag"] = version["etag"] or (asked.get("If-None-Match") or b"").decode("latin-1")
        yield replace(item, removed=False, **version)

    def _article(self, response: Response, article: str, url: str) -> ArticleItem:
        is_elsewhere = self.site.article_id(at_source(response.url, "")) != article
        if not is_elsewhere and (found := damage_of(response, self.site)):
            raise RetryLaterError(found)
        if not isinstance(response, TextResponse):
            raise NotAnArticleError("not a text")
        try:
            if is_elsewhere:
                raise NotAnArticleError(f"redirected to {response.url}")
            item = self._read(response, url)
        except NotAnArticleError as error:
            if found := hindrance_of(response):
                field = error.field if found == SHELL else ""
                raise RetryLaterError(f"{error}: {found}", field) from None
            raise
        except Exception as error:  # whatever a page does to the parser, it is that page's trouble
            raise RetryLaterError(f"unreadable, {type(error).__name__}: {error}") from error
        if is_garbled(item.title):
            raise RetryLaterError(f"in a wrong charset: {item.title}")
        own = self.site.article_id(self.site.own_address(response.text))
        if own and own != article:
            raise RetryLaterError(f"the page is that of {own}")
        if is_empty(item.body):
            raise RetryLaterError("an empty body", "body")
        return item

    def _read(self, response: Response, url: str) -> ArticleItem:
        try:
            return self.site.article(selector_of(self.site.part(response.text)), url)
        except NotAnArticleError:  # the whole page knows best
            return self.site.article(response.selector, url)

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
        settle = self.put_off if is_here or isinstance(error, RetryLaterError) else self.refuse
        watch = self.crawler.get_extension(Watch)
        settle = partial(settle, article, url, str(error))
        if watch and error.field:
            watch.misses(article, section or _NO_SECTION, error.field, response.body, settle)
        else:
            settle()

    def refuse(self, article: str, url: str, reason: str) -> None:
        """Note that there is no article at an address."""
        self.logger.warning("Refused %(url)s: %(reason)s", {"url": url, "reason": reason})
        self.frontier.settle(article, "refused", reason)
        self.crawler.stats.inc_value("mirror/refused")

    def lose(self, article: str, url: str, reason: str) -> None:
        """Note that the site has an article no more; a page of it here stays and will say so."""
        self.logger.warning("Gone %(url)s: %(reason)s", {"url": url, "reason": reason})
        self.frontier.settle(article, "gone", reason)
        self.database.mark_removed(article)
        self.crawler.stats.inc_value("mirror/gone")

    def article_failed(self, failure: Failure) -> None:
        """Note that an address could not be fetched this time; if the crawl is being ended because
        nothing can be, that is not held against it."""
        if failure.check(PostponedError) or self.crawler.stats.get_value("mirror/halted"):
            return
        known = failure.request.cb_kwargs
        self.put_off(known["article"], known["url"], describe(failure))

    def put_off(self, article: str, url: str, reason: str) -> None:
        """Note that an address is to be tried again later."""
        self.logger.warning("Failed %(url)s: %(reason)s", {"url": url, "reason": reason})
        self.frontier.fail(article, reason)
        self.crawler.stats.inc_value("mirror/failed")


def _is_conditional(request: Request | None) -> bool:
    """Whether a request asked for a page only if it is not the one that is known."""
    return request is not None and any(name in request.headers for name in _CONDITIONS)


def page_of(response: Response) -> Selector | None:
    """Return what can be selected from, None if the response is not readable."""
    if not is_readable(response):
        return None
    return selector_of(response.text) if isinstance(response, HtmlResponse) else response.selector


def is_readable(response: Response) -> bool:
    """Whether the response is a text, and one that does not take minutes to parse."""
    return isinstance(response, TextResponse) and not markup_excess(response.text, PAGE)


def damage_of(response: Response, site: Site) -> str:
    """Return what shows that a response is not whole or not as it says; empty if nothing does."""
    encoding = (response.headers.get("Content-Encoding") or b"identity").decode("latin-1")
    if encoding.strip().lower() != "identity":
        return f"encoded as {encoding}, which was not asked for"
    if not isinstance(response, TextResponse):
        return ""
    if excess := markup_excess(response.text, PAGE):
        return f"more than a page may hold: {excess}"
    return damage(response.body, response.text, response.encoding, site.endings)


def hindrance_of(response: Response) -> str:
    """Return what stands in the way of what was asked for; empty if nothing does."""
    page = page_of(response)
    if page is None:
        return ""
    headers = response.headers.to_unicode_dict()
    return hindrance(page, response.text, {name.lower(): headers[name] for name in headers})


def _version(headers: Headers) -> dict[str, str]:
    """Return what names the version of a page, for the next request's If-None-Match."""
    names = {"etag": "ETag", "modified": "Last-Modified"}
    return {name: (headers.get(h) or b"").decode("latin-1") for name, h in names.items()}


def describe(failure: Failure) -> str:
    """Return why a request failed, in one line."""
    if isinstance(failure.value, HttpError):
        return f"HTTP {failure.value.response.status}"
    return " ".join((failure.getErrorMessage() or failure.type.__name__).split())


def positive(name: str, value: str | None) -> int | None:
    """Return a spider argument as a whole number of 1 or more. Raises ArgumentError."""
    if value is None:
        return None
    if not (value.isascii() and value.isdigit()) or int(value) < 1:
        raise ArgumentError(name, value, "must be a whole number, 1 or more")
    return int(value)


def day(name: str, value: str | None) -> date | None:
    """Return a spider argument as a day. Raises ArgumentError."""
    try:
        return datetime.strptime(value, "%Y-%m-%d").date() if value is not None else None
    except ValueError:
        raise ArgumentError(name, value, "must be a day such as 2021-12-01") from None
