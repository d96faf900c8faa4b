"""Reading published pages: which article is on them, and the article itself."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from parsel import Selector

from mirror.errors import UnreadableError
from mirror.items import ArticleItem, replace
from mirror.pages.rendering import Renderer
from mirror.recovery.former import former_renderer, renewed
from mirror.recovery.forms import ALSO, BELOW, Form, forms, unescape
from mirror.recovery.predecessor import read_page
from mirror.sites import Site, get_site, site_names

if TYPE_CHECKING:
    from mirror.config.options import Options

_URL_RE = re.compile(r"https?://[^\s()<>\"']+")


class Origin(NamedTuple):
    """The address of an article, and the section of its page."""

    article: str
    url: str
    section: str


class PageReader:
    """Reads the pages that this project writes with one theme, and those of the predecessor."""

    def __init__(self, renderer: Renderer, former: Renderer | None = None):
        """`renderer` makes the pages of today, `former` those of an earlier version."""
        self.forms = [(renderer, form) for form in forms(renderer)]
        self.former_forms = [(former, form) for form in forms(former)] if former else []

    @classmethod
    def from_options(cls, options: Options) -> PageReader:
        """Return the reader of the pages that the operator has set."""
        former = former_renderer(options.theme, options.public_url, options.beacon_url)
        return cls(Renderer.from_options(options), former)

    def read(self, path: str, content: bytes) -> ArticleItem:
        """Return the article of a page; its body is Markdown if this project wrote the page.

        Raises UnreadableError.
        """
        try:
            page = content.decode()
        except UnicodeDecodeError:
            raise UnreadableError("not UTF-8") from None
        if item := _read(self.forms, path, page):
            return item
        if item := _read(self.former_forms, path, page):
            return replace(item, markdown=renewed(item.markdown))
        fields = read_page(page)
        if fields is None:
            raise UnreadableError(
                "neither as MIRROR_THEME and MIRROR_PUBLIC_URL make it, nor the predecessor's"
            )
        return _article(path, fields)


def _read(forms: list[tuple[Renderer, Form]], path: str, page: str) -> ArticleItem | None:
    """Return the article of the form which gives this very page again, None if none does."""
    for renderer, form in forms:
        fields = form.fields(page)
        if not fields:
            continue
        links = (fields.pop(ALSO, ""), fields.pop(BELOW, ""))
        if renderer.article(item := _article(path, fields), *links) == page:
            return item
    return None


def origin(path: str, content: bytes) -> Origin | None:
    """Return where the article of an unreadable page comes from, None if the page does not say."""
    for url in _URL_RE.findall(content.decode("utf-8", "replace")):
        for site in map(get_site, site_names()):
            if (article := site.article_id(url)) and article in path:
                return Origin(article, site.canonical_url(url) or "", _section(site, path))
    return None


def _article(path: str, fields: dict[str, Any]) -> ArticleItem:
    """Return the article that has these fields; what they lack, its site sees in the text."""
    site = _site(fields.get("url", ""))
    article = site.article_id(fields["url"]) or ""
    if article not in path:
        raise UnreadableError(f"holds another article, {article}")
    url = site.canonical_url(fields["url"]) or ""
    text = unescape(fields["markdown"]) if "markdown" in fields else _text(fields["body"])
    found = {"section": _section(site, path), "body": ""} | site.byline(text, url) | fields
    times = {n: _aware(found[n], site) for n in ("published", "updated") if n in found}
    found |= {"id": article, "site": site.name, "url": url, "path": path, **times}
    return ArticleItem(**found)


def _site(url: str) -> Site:
    sites = [site for site in map(get_site, site_names()) if site.article_id(url)]
    if not sites:
        raise UnreadableError(f"its source is no article of a site known: {url or 'not given'}")
    return sites[0]


def _section(site: Site, path: str) -> str:
    """Return the section that the path of a page names, "" if it names none."""
    names = [*path.split("/"), *re.split(r"\W", path)]
    return next(filter(site.is_section, names), "")


def _text(html: str) -> str:
    return Selector(html or " ", type="html").xpath("string()").get("").strip()


def _aware(time: datetime, site: Site) -> datetime:
    return time.astimezone(site.timezone) if time.tzinfo else time.replace(tzinfo=site.timezone)
