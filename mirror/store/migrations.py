"""Databases of earlier versions, brought up to the present one step by step; nothing is fetched again.

The number of a database, in its table `schema_version`, says how many steps it has gone through. A step
is added at the end and never changed: databases out there have gone through it. New tables need none,
`make_tables` makes them.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Column, Connection, Integer, MetaData, Table, delete, inspect, select, text

from mirror.errors import ArgumentError

_version = Table("schema_version", MetaData(), Column("number", Integer, nullable=False))  # one row


def add_column(connection: Connection, table: str, name: str, definition: str) -> None:
    """Give a table a column that it may have already; `definition` is its type and the rest, in SQL."""
    if name in (column["name"] for column in inspect(connection).get_columns(table)):
        return
    if connection.dialect.name == "postgresql":  # see mirror.store.schema.Text
        definition = definition.replace("TEXT", 'TEXT COLLATE "C"')
    connection.execute(text(f"ALTER TABLE {table} ADD COLUMN {name} {definition}"))


def _add_batch(connection: Connection) -> None:
    """Let addresses belong to one crawl alone; a database of the first days lacks that."""
    add_column(connection, "frontier", "batch", "TEXT NOT NULL DEFAULT ''")
    connection.execute(text("DROP INDEX IF EXISTS due"))
    rest = "ON frontier (batch, {}due, seq) WHERE due IS NOT NULL"
    connection.execute(text("CREATE INDEX IF NOT EXISTS waiting " + rest.format("")))
    connection.execute(text("CREATE INDEX IF NOT EXISTS waiting_by_day " + rest.format("day, ")))


def _rename_away_and_stale(connection: Connection) -> None:
    """Call the articles without a page here, and the files to be made again, what they are."""
    for old, new in (("away", "elsewhere"), ("stale", "outdated")):
        if old in inspect(connection).get_table_names():
            connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))


def _index_taken(connection: Connection) -> None:
    """Find what a process took without a look at all addresses."""
    rest = "ON frontier (taken) WHERE taken IS NOT NULL"
    connection.execute(text(f"CREATE INDEX IF NOT EXISTS taken_by {rest}"))


def _index_skipped(connection: Connection) -> None:
    """Find what earlier runs left out as too old without a look at all addresses."""
    rest = "ON frontier (section, day) WHERE state = 'skipped'"
    connection.execute(text(f"CREATE INDEX IF NOT EXISTS skipped {rest}"))


def _turn_walks_into_gaps(connection: Connection) -> None:
    """Keep where walks ended as gaps in the listings: a section may have several, each at its place."""
    if "walks" not in inspect(connection).get_table_names():
        return
    is_postgres = connection.dialect.name == "postgresql"
    text_type = 'TEXT COLLATE "C"' if is_postgres else "TEXT"
    connection.execute(
        text(
            f"CREATE TABLE gaps (id {'SERIAL' if is_postgres else 'INTEGER'} NOT NULL PRIMARY KEY, "
            f"section {text_type} NOT NULL, kind {text_type} NOT NULL, above {text_type} NOT NULL, "
            f"page INTEGER, end_page INTEGER, since {text_type}, pages INTEGER, "
            f"reason {text_type} NOT NULL, newest {text_type}, oldest {text_type}, "
            "tries INTEGER NOT NULL, due INTEGER NOT NULL)"
        )
    )
    connection.execute(
        text(
            "INSERT INTO gaps (section, kind, above, since, pages, reason, tries, due) "
            "SELECT section, CASE WHEN kind IN ('open', 'bounded') THEN kind ELSE 'apart' END, "
            "reached, CASE WHEN kind IN ('open', 'bounded') THEN since ELSE kind END, pages, '', 0, 0 "
            "FROM walks"
        )
    )
    connection.execute(text("DROP TABLE walks"))


def _add_other_address(connection: Connection) -> None:
    """Let an article have the address at which a listing shows it now, beside the one it is known at."""
    add_column(connection, "frontier", "other_url", "TEXT")


def _find_near_duplicates(connection: Connection) -> None:
    """Compare the articles that are stored already; their pages are made again where they lead to one
    another by that."""
    if "articles" in inspect(connection).get_table_names():
        from mirror.store.near_duplicates import compare_stored  # which needs the tables of today

        compare_stored(connection)


MIGRATIONS: tuple[Callable[[Connection], None], ...] = (
    _add_batch,
    _rename_away_and_stale,
    _index_taken,
    _turn_walks_into_gaps,
    _index_skipped,
    _add_other_address,
    _find_near_duplicates,
)


def migrate(connection: Connection) -> None:
    """Take the steps that a database lacks, in the transaction of a connection that writes alone.

    A database without articles' tables is new: it has nothing to be taken over. Raises ArgumentError
    if the database is of a later version than this program.
    """
    for step in MIGRATIONS[_steps_taken(connection) :]:
        step(connection)
    _version.create(connection, checkfirst=True)
    connection.execute(delete(_version))
    connection.execute(_version.insert(), {"number": len(MIGRATIONS)})


def is_current(connection: Connection, tables: set[str]) -> bool:
    """Whether a database with these tables has gone through all steps.

    Raises ArgumentError if the database is of a later version than this program.
    """
    number = _number(connection, tables)
    if number > len(MIGRATIONS):
        raise _refusal(
            connection,
            f"was written by a later version of this project (its tables have number {number}, this "
            f"version knows {len(MIGRATIONS)}); update the project",
        )
    return _version.name in tables and number == len(MIGRATIONS)


def check_current(connection: Connection) -> None:
    """Raise ArgumentError if a database that is only read is not of this version."""
    tables = set(inspect(connection).get_table_names())
    if not is_current(connection, tables) and not _is_new(tables):
        raise _refusal(
            connection,
            "was written by an earlier version of this project; the next crawl brings it up to date",
        )


def _steps_taken(connection: Connection) -> int:
    tables = set(inspect(connection).get_table_names())
    if _is_new(tables) or is_current(connection, tables):
        return len(MIGRATIONS)
    return _number(connection, tables)


def _is_new(tables: set[str]) -> bool:
    return not tables & {"frontier", "articles"}


def _number(connection: Connection, tables: set[str]) -> int:
    return connection.scalar(select(_version.c.number)) or 0 if _version.name in tables else 0


def _refusal(connection: Connection, why: str) -> ArgumentError:
    return ArgumentError("MIRROR_DATABASE_URL", connection.engine.url, why)  # without the password
