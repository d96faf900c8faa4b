"""The tables of what is known of every article, and writing rows to SQLite and PostgreSQL alike.

Other tables stand in the modules that use them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeAlias
from weakref import WeakKeyDictionary

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    Index,
    MetaData,
    Table,
    TextClause,
    func,
    inspect,
    select,
    text,
    types,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.compiler import compiles

from mirror.store.migrations import is_current, migrate
from mirror.store.retrying import retried

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql


class Text(types.Text):
    """Sorted by bytes, as SQLite does, whatever the locale of a PostgreSQL database."""


@compiles(Text, "postgresql")
def _text_in_postgresql(_type: Text, _compiler: Any, **_: Any) -> str:
    return 'TEXT COLLATE "C"'  # in tables alone: SQLAlchemy's own way spoils its BETWEEN


Insert: TypeAlias = "postgresql.Insert | sqlite.Insert"  # with ON CONFLICT

metadata = MetaData()

_MAX_STATEMENT_IDS = 1000
_WRITERS_LOCK = 0x6D6972726F72  # the number of PostgreSQL's lock that writers hold

articles = Table(
    "articles",
    metadata,
    Column("id", Text, primary_key=True),
    Column("site", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("section", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("published", Text, nullable=False),  # ISO 8601, in the site's time zone
    Column("updated", Text),
    Column("lead_image", Text, nullable=False),
    Column("lead_alt", Text, nullable=False),
    Column("lead_caption", Text, nullable=False),
    Column("reporter", Text, nullable=False),
    Column("editor", Text, nullable=False),
    Column("tags", Text, nullable=False),  # a JSON list
    Column("removed", Boolean, nullable=False),
    Column("path", Text, nullable=False),  # of its page, for good
    Column("fingerprint", Text, nullable=False),
)

listings = Table(  # which sections show which articles
    "listings",
    metadata,
    Column("section", Text, primary_key=True),
    Column("article", Text, primary_key=True),
    Column("title", Text, nullable=False),  # as the listing shows it
    Column("published", Text),  # as soon as the article is
    Index("newest", "section", "published", "article"),
    Index("sections_of", "article"),
)

links = Table(  # which pages link to which articles, published here or not
    "links",
    metadata,
    Column("source", Text, primary_key=True),
    Column("target", Text, primary_key=True),
    Index("linked", "target"),
)

adopted = Table(  # the Markdown of articles of which only a published page was left
    "adopted",
    metadata,
    Column("article", Text, primary_key=True),
    Column("markdown", Text, nullable=False),  # links by id, see mirror.content.article_links
)

elsewhere = Table(  # the articles that have no page in this tree
    "elsewhere",
    metadata,
    Column("article", Text, primary_key=True),
    Column("home", Text, nullable=False),  # the public URL where its page stays; "": it is purged
)

filled = Table(  # which version of each article's page the published tree has
    "filled",
    metadata,
    Column("article", Text, primary_key=True),
    Column("version", Text, nullable=False),
)

# Published files to be made anew: ("page", id) ("month", "nsc418/2021-12") ("section", id), ("below", id)
# for the line below a page alone; and ("left", path) for a page that is to go.
outdated = Table(
    "outdated",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("key", Text, primary_key=True),
)


_BEGIN = text("BEGIN IMMEDIATE")  # of SQLite
_present: WeakKeyDictionary[Engine, set[str]] = WeakKeyDictionary()  # tables that were seen or made


def make_tables(engine: Engine) -> None:
    """Make the tables that are missing, after a database of an earlier version was brought up to date.

    Asks the database only if a table was never seen in it by this process. Raises ArgumentError if it
    is of a later version.
    """
    if not metadata.tables.keys() <= _present.get(engine, set()):
        _present[engine] = _make(engine)


@retried
def _make(engine: Engine) -> set[str]:
    """Bring a database up to date and return the names of its tables."""
    with engine.connect() as connection:
        tables = set(inspect(connection).get_table_names())
        is_whole = metadata.tables.keys() <= tables or _is_for_reading(engine)
        if is_current(connection, tables) and is_whole:
            return {*tables, *metadata.tables}
    with engine.begin() as connection:
        write_alone(connection)  # whoever comes second finds all done
        migrate(connection)
        metadata.create_all(connection)
    return {*tables, *metadata.tables}


def _is_for_reading(engine: Engine) -> bool:
    """Whether SQLite opened a database for reading alone (mirror.store.read_only): what it lacks is not
    asked for by who rehearses."""
    return engine.url.query.get("uri") == "true"


def write_alone(connection: Connection) -> None:
    """Let no other process write until this transaction ends, so that it sees all that was written.

    To be called at the beginning of a transaction that writes what others may have to know of.
    """
    if connection.dialect.name == "sqlite":
        connection.execute(_BEGIN)
    else:
        connection.execute(select(func.pg_advisory_xact_lock(_WRITERS_LOCK)))


@cache
def upsert(engine: Engine, table: Table) -> Insert:
    """Return an insert of rows that replace those of the same primary key."""
    statement = _insert(engine, table)
    key = [column.name for column in table.primary_key]
    others = {c.name: statement.excluded[c.name] for c in table.columns if c.name not in key}
    return statement.on_conflict_do_update(index_elements=key, set_=others)


@cache
def insert_new(engine: Engine, table: Table) -> Insert:
    """Return an insert of rows that leave those of the same key as they are."""
    return _insert(engine, table).on_conflict_do_nothing()


def put(connection: Connection, insert: Insert, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows with a value for each column that has to have one, all of the same columns.

    SQLAlchemy compiles what has an ON CONFLICT each time anew; this does it once.
    """
    do_many(connection, _compiled(connection.engine, insert, tuple(rows[0])), rows)


def do_many(
    connection: Connection, statement: TextClause, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Do the same for each of some rows; what was done before an error may be done once more. To SQLite
    it goes past SQLAlchemy, which takes longer about the rows than the database does."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        with suppress(sqlite3.Error):  # SQLAlchemy gets the same, and raises it as everywhere
            driver.executemany(statement.text, rows)
            return
    connection.execute(statement, rows)


@cache
def _compiled(engine: Engine, insert: Insert, columns: tuple[str, ...]) -> TextClause:
    named = _package(engine).dialect(paramstyle="named")
    return text(str(insert.inline().compile(dialect=named, column_keys=columns)))


def portions(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield some ids after the other, no more than fit into one statement: PostgreSQL takes 65,535
    parameters, SQLite at least 32,766."""
    for start in range(0, len(ids), _MAX_STATEMENT_IDS):
        yield ids[start : start + _MAX_STATEMENT_IDS]


def mark_outdated(
    connection: Connection, engine: Engine, outputs: Iterable[tuple[str, str]]
) -> None:
    """Mark published files as out of date, each by its kind and key, in a transaction that writes alone:
    else a mark that stands may be taken down by who does not see yet what this transaction writes."""
    rows = [{"kind": kind, "key": key} for kind, key in outputs]
    if rows:
        put(connection, insert_new(engine, outdated), rows)


def _insert(engine: Engine, table: Table) -> Insert:
    made: Insert = _package(engine).insert(table)
    return made


def _package(engine: Engine) -> ModuleType:
    """Return what SQLAlchemy has for a kind of database; a crawl loads one of the two alone."""
    if engine.dialect.name == "sqlite":
        return sqlite
    from sqlalchemy.dialects import postgresql

    return postgresql
