"""Reading articles for an export, month by month: what is held at a time is a few of them."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Select, or_, select

from mirror.config.page_paths import public_address
from mirror.content.script import html_in, text_in
from mirror.errors import MirrorError
from mirror.exports.markup import plain_text, polyglot
from mirror.pages.page_links import PageLinks
from mirror.pages.rendering import section_name
from mirror.pictures.picture_book import names_on_shelf
from mirror.pictures.shelf import Shelf
from mirror.sites import get_site
from mirror.store.database import open_database
from mirror.store.schema import articles, elsewhere, links, listings, portions

if TYPE_CHECKING:
    from mirror.config.options import Options
    from mirror.exports.selection import Selection
    from mirror.items import ArticleItem

logger = logging.getLogger(__name__)

_BATCH_SIZE = 100  # articles that are read at a time

Place = Callable[
    [str], str | None
]  # the path of an article's file in an export by the id; None: not in


@dataclass(frozen=True, slots=True)
class ExportArticle:
    """An article as every kind of export shows it: texts are plain, `html` is safe markup that is
    HTML and XHTML alike and asks nobody for anything (see `markup.polyglot`).

    `section` is that of its page. `address` is where its page is at a home, empty if the mirror has
    no public address; `url` is the original's. `picture` is a WebP on this machine, if one is kept.
    """

    id: str
    title: str
    published: datetime
    section: str
    section_name: str
    reporter: str
    editor: str
    tags: tuple[str, ...]
    html: str
    url: str
    address: str
    lead_image: str
    lead_alt: str
    lead_caption: str
    updated: datetime | None
    removed: bool  # at the source
    picture: Path | None = None

    @property
    def day(self) -> str:
        """The day of publication, as 2021-12-29."""
        return f"{self.published:%Y-%m-%d}"


class Listed(NamedTuple):
    """An article that is selected, by id, its time of publication and the section of its page."""

    id: str
    published: str
    section: str

    @property
    def day(self) -> str:
        """The day of publication, as 2021-12-29."""
        return self.published[:10]


class Catalogue:
    """The articles of a selection: those that have a page, here or at a closed home."""

    def __init__(self, options: Options, selection: Selection, script: str = ""):
        """Articles are read in `script`, "" as their source gave them."""
        self.database = open_database(options.database_url)
        self.selection, self.script = selection, script
        self.public_url = options.public_url if options.is_public else ""
        self.shelf = Shelf(options.picture_folder)
        self.left_out = 0  # articles that no markup could be made of
        self.watcher: Callable[[int], None] | None = None

    def watch(self, watcher: Callable[[int], None]) -> None:
        """Have a function called with how many articles more have been read, now and then."""
        self.watcher = watcher

    # ---- which there are

    def sections(self) -> list[str]:
        """Return the selected sections that have articles, in the order asked for."""
        found = self._all_sections()
        return [s for s in self.selection.sections if s in found] or (
            [] if self.selection.sections else found
        )

    def missing(self) -> str:
        """Return in words which of the selected sections have no article, and which there are; "" if each
        has some."""
        found = self._all_sections()
        missing = ", ".join(s for s in self.selection.sections if s not in found)
        there = f"there are articles of {', '.join(found)}" if found else "there are none at all"
        return f"no article of {missing} is stored; {there}" if missing else ""

    def months(self, section: str = "") -> list[str]:
        """Return the months of the selection that have articles, of one section or any, oldest first."""
        since, until = self.selection.since[:7], self.selection.until[:7]
        sections = [section] if section else self.sections()
        found = {month for name in sections for month in self.database.months(name)}
        found |= {
            month for month, left in self._left.items() if not left.keys().isdisjoint(sections)
        }
        return sorted(month for month in found if since <= month <= until)

    def listed(self, month: str, section: str = "") -> list[Listed]:
        """Return the selected articles of a month, of one section or any, each once, oldest first."""
        since, until = max(month, self.selection.since), f"{self.selection.until}~"
        return self._between(since, min(f"{month}~", until), section)

    def whole_month(self, month: str, section: str) -> list[Listed]:
        """Return the same, of all days of a month, whichever of them are selected."""
        return self._between(month, f"{month}~", section)

    def shown_in(self, ids: Sequence[str]) -> dict[str, list[str]]:
        """Return all sections that show some articles, by id."""
        found: dict[str, list[str]] = {}
        query = select(listings.c.article, listings.c.section).order_by(listings.c.section)
        for part in portions(ids):
            for row in self.database.reading.execute(query.where(listings.c.article.in_(part))):
                found.setdefault(row.article, []).append(row.section)
        return found

    def _between(self, since: str, until: str, section: str) -> list[Listed]:
        """Return the selected articles between two days of one month."""
        sections = [section] if section else self.sections()
        query = self._selected(since, until)
        query = query.where(listings.c.section.in_(sections)).distinct()
        found = [Listed(*row) for row in self.database.reading.execute(query)]
        left = self._left.get(since[:7], {})
        late = {
            one for name in sections for one in left.get(name, ()) if since <= one.published < until
        }
        return sorted({*found, *late}, key=lambda one: (one.published, one.id)) if late else found

    def _all_sections(self) -> list[str]:
        """Return all sections that have articles, sorted."""
        return sorted({*self.database.sections()}.union(*self._left.values()))

    @cached_property
    def _left(self) -> dict[str, dict[str, list[Listed]]]:
        """The articles at closed homes by month, and by section that showed them: no listing has their
        times any more."""
        found: dict[str, dict[str, list[Listed]]] = {}
        tables = elsewhere.join(articles, articles.c.id == elsewhere.c.article)
        tables = tables.join(listings, listings.c.article == articles.c.id)
        columns = articles.c.id, articles.c.published, articles.c.section, listings.c.section
        query = self._tagged(select(*columns).select_from(tables)).where(elsewhere.c.home != "")
        for id, published, section, shown in self.database.reading.execute(query):
            month = found.setdefault(published[:7], {})
            month.setdefault(shown, []).append(Listed(id, published, section))
        return found

    def _selected(self, since: str, until: str) -> Select[tuple[str, str, str]]:
        query = (
            select(articles.c.id, articles.c.published, articles.c.section)
            .join(listings, listings.c.article == articles.c.id)
            .outerjoin(elsewhere, elsewhere.c.article == articles.c.id)
            .where(or_(elsewhere.c.home.is_(None), elsewhere.c.home != ""))
            .where(listings.c.published >= since, listings.c.published < until)
            .order_by(articles.c.published, articles.c.id)
        )
        return self._tagged(query)

    def _tagged(self, query: Select[Any]) -> Select[Any]:
        """Return a query for articles that have the tag asked for, if one is."""
        if self.selection.tag:
            as_stored = json.dumps(self.selection.tag, ensure_ascii=False)
            query = query.where(articles.c.tags.contains(as_stored, autoescape=True))
        return query

    # ---- what they are

    def by_month(self, place: Place) -> Iterator[tuple[str, Iterator[ExportArticle]]]:
        """Yield each month and its articles, the oldest first; see `read`."""
        for month in self.months():
            yield month, self.read([listed.id for listed in self.listed(month)], place)

    def read(self, ids: Sequence[str], place: Place) -> Iterator[ExportArticle]:
        """Yield articles in the order of their ids as given.

        Links to articles that `place` gives a path for are relative to the article's own, others
        lead to the page at a home. What no markup can be made of is reported and left out.
        """
        for start in range(0, len(ids), _BATCH_SIZE):
            part = ids[start : start + _BATCH_SIZE]
            found = {item.id: item for item in self.database.items(part)}
            if self.watcher:
                self.watcher(len(part))
            pictures = names_on_shelf(self.database, [i.lead_image for i in found.values()])
            for item in (found[id] for id in part if id in found):
                try:
                    yield self._article(item, place, pictures.get(item.lead_image))
                except MirrorError as error:
                    self.left_out += 1
                    values = {"url": item.url, "reason": error}
                    logger.error("Not exported: %(url)s: %(reason)s", values)

    def _article(self, item: ArticleItem, place: Place, picture: str | None) -> ExportArticle:
        def published(article: str) -> str | None:
            return place(article) or self._address(article)

        def words(text: str) -> str:
            return text_in(self.script, plain_text(text))

        links_of = PageLinks(get_site(item.site), item.url, place(item.id) or "", published)
        return ExportArticle(
            id=item.id,
            title=words(item.title),
            published=item.published,
            section=item.section,
            section_name=words(section_name(item.section)),
            reporter=words(item.reporter),
            editor=words(item.editor),
            tags=tuple(map(words, item.tags)),
            html=html_in(self.script, polyglot(_clean(item, links_of), item.title)),
            url=item.url,
            address=self._address(item.id) or "",
            lead_image=item.lead_image,
            lead_alt=words(item.lead_alt),
            updated=item.updated,
            lead_caption=words(item.lead_caption),
            removed=item.removed,
            picture=self.shelf.file(picture) if picture else None,
        )

    def _address(self, article: str) -> str | None:
        """Return where an article's page is at a home, None if readers find none."""
        path = self.database.path(article)
        if path is None or "://" in path:
            return path
        return public_address(self.public_url, path) if self.public_url else None

    def versions(self, ids: Sequence[str]) -> Iterator[object]:
        """Yield what an export of some articles follows from: their versions, addresses and pictures,
        and the pages that they link to."""
        place = (articles.c.path, elsewhere.c.home)
        tables = articles.outerjoin(elsewhere, elsewhere.c.article == articles.c.id)
        version = (articles.c.fingerprint, articles.c.removed, articles.c.lead_image)
        own = select(articles.c.id, *version, *place)
        linked = select(links.c.source, links.c.target, *place)
        reading = self.database.reading
        for part in portions(ids):
            rows = own.select_from(tables).where(articles.c.id.in_(part))
            found = reading.execute(rows.order_by(articles.c.id)).all()
            yield from map(tuple, found)
            yield sorted(names_on_shelf(self.database, [r.lead_image for r in found]).items())
            rows = linked.select_from(tables.join(links, links.c.target == articles.c.id))
            rows = rows.where(links.c.source.in_(part))
            order = links.c.source, links.c.target
            yield from map(tuple, reading.execute(rows.order_by(*order)))


def _clean(item: ArticleItem, link: PageLinks) -> str:
    from mirror.content.cleaning import clean

    if not item.adopted:
        return clean(item.body, item.url, get_site(item.site).junk, link, item.title)
    from markdown_it import MarkdownIt

    from mirror.content.article_links import linked

    markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    html = markdown.render(linked(item.adopted, link.page))
    return clean(html, item.url, (), lambda href: href, item.title)
