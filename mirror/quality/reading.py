"""From a response to its article, or to why it holds none: the one answer to all that can be wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.http import TextResponse

from mirror.content.links import at_source
from mirror.content.selecting import selector_of
from mirror.errors import NotAnArticleError, RetryLaterError
from mirror.quality.responses import (
    SHELL,
    damage,
    hindrance,
    is_empty,
    is_garbled,
)
from mirror.sites import get_site, site_names

if TYPE_CHECKING:
    from scrapy.http import Response

    from mirror.items import ArticleItem
    from mirror.sites import Site


def article_in(response: Response, site: Site, article: str, url: str) -> ArticleItem:
    """Return the article that was asked for by its id and its canonical address.

    Raises NotAnArticleError if the response is no article's, RetryLaterError if it is something that
    passes; both with the reason, and with the field that was not found if that is it.
    """
    if site.article_id(at_source(response.url, "")) != article:
        raise _refusal(response, NotAnArticleError(f"redirected to {response.url}"))
    if found := damage(response, site.endings):
        raise RetryLaterError(found)
    if not isinstance(response, TextResponse):
        raise NotAnArticleError("not a text")
    try:
        item = _read(response, site, url)
    except NotAnArticleError as error:
        raise _refusal(response, error) from None
    except Exception as error:  # whatever a page does to the parser, it is that page's trouble
        raise RetryLaterError(f"unreadable, {type(error).__name__}: {error}") from error
    _check(item, response, site)
    return item


def _read(page: TextResponse, site: Site, url: str) -> ArticleItem:
    try:
        return site.article(selector_of(site.part(page.text)), url)
    except NotAnArticleError:  # the whole page knows best
        return site.article(page.selector, url)


def _refusal(response: Response, error: NotAnArticleError) -> NotAnArticleError | RetryLaterError:
    """Return why there is no article: something that stands in its way, or else what was seen."""
    found = hindrance(response)
    if not found:
        return error
    return RetryLaterError(f"{error}: {found}", error.field if found == SHELL else "")


def _check(item: ArticleItem, page: TextResponse, site: Site) -> None:
    """Raise RetryLaterError for an article that is not what the page was asked for."""
    if is_garbled(item.title):
        raise RetryLaterError(f"in a wrong charset: {item.title}")
    own = _article_at(site.own_address(page.text), site)
    if own and own != item.id:
        raise RetryLaterError(f"the page is that of {own}")
    if is_empty(item.body):
        raise RetryLaterError("an empty body", "body")


def _article_at(address: str, site: Site) -> str | None:
    """Return the id of the article at an address, of another site too: a cache may mix them up."""
    own = site.article_id(address)
    if own or not urlsplit(address).netloc:
        return own
    others = (get_site(name).article_id(address) for name in site_names() if name != site.name)
    return next(filter(None, others), None)
