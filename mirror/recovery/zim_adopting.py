"""A mirror again from the articles of a ZIM: they are stored like articles that were fetched; their pages
are made from the database afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from mirror.config.page_paths import page_path
from mirror.errors import RefusedError, UnreadableError
from mirror.items import Link, replace
from mirror.pages.ledger import store
from mirror.recovery.adopting import Adoption
from mirror.store.frontier import Frontier
from mirror.store.frontier_table import WITHDRAWN, frontier
from mirror.store.schema import insert_new, listings

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from mirror.items import ArticleItem
    from mirror.pages.page_maker import PageMaker
    from mirror.recovery.zims import FoundArticle, ZimReader
    from mirror.store.database import Database

_BATCH_SIZE = 100


class ZimAdopter:
    """Stores what an archive holds, some articles at a time; what the database knows stays as it is."""

    def __init__(self, database: Database, maker: PageMaker, pattern: str):
        """`maker` sees what an article links to; `pattern` gives the paths of the pages."""
        self.database = database
        self.maker = maker
        self.pattern = pattern
        self.frontier = Frontier(database)
        self.done = Adoption()

    def adopt(self, archive: ZimReader, warn: Callable[[str, str], None]) -> Adoption:
        """Store the articles of an archive; call `warn` with the path of each that cannot be read or
        kept, and why. What was stored before it ends early is known the next time."""
        urls: dict[str, str] = {}
        for path in archive.paths():
            try:
                urls[path] = archive.url(path)
            except UnreadableError as error:
                self._refuse(path, error, warn)
        batch: list[FoundArticle] = []
        for path in reversed(urls):
            if self.database.place(path):
                self.done.known += 1
                continue
            try:
                batch.append(self._prepared(archive.article(path, urls)))
            except (UnreadableError, RefusedError) as error:
                self._refuse(path, error, warn)
            if len(batch) == _BATCH_SIZE:
                self._store(batch)
                batch = []
        self._store(batch)
        return self.done

    def _refuse(self, path: str, error: Exception, warn: Callable[[str, str], None]) -> None:
        self.done.unreadable += 1
        warn(path, str(error))

    def _prepared(self, found: FoundArticle) -> FoundArticle:
        item = found.item
        if self.frontier.states([Link(item.id, item.url, "")]) == {WITHDRAWN}:
            raise UnreadableError("was withdrawn by the operator")
        path = page_path(self.pattern, item.section, item.id, item.published)
        return found._replace(item=self.maker.clean(replace(item, path=path)))

    def _store(self, batch: list[FoundArticle]) -> None:
        if not batch:
            return
        with self.database.engine.begin() as connection:
            for item, sections in batch:
                self._note(connection, item, sections)
            store(connection, self.database, [found.item for found in batch])
        self.done.adopted += len(batch)

    def _note(self, connection: Connection, item: ArticleItem, sections: tuple[str, ...]) -> None:
        """Note an article as published and not to be fetched, in the sections that showed it."""
        engine = self.database.engine
        state = "gone" if item.removed else "published"
        row = {"article": item.id, "url": item.url, "section": item.section}
        connection.execute(insert_new(engine, frontier), row | {"state": state, "due": None})
        for section in sections:
            listed = {"section": section, "article": item.id, "title": item.title}
            connection.execute(insert_new(engine, listings), listed)
