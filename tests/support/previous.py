"""A mirror of the version before 1.0, as its operator brings it along: see tests/previous/README.md."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import make_url

FOLDER = Path(__file__).resolve().parents[1] / "previous"
ROWS: dict[str, list[dict[str, object]]] = json.loads((FOLDER / "rows.json").read_text())
PUBLIC_URL = "https://github.com/example/mirror2/blob/main"
SETTINGS = {"MIRROR_PUBLIC_URL": PUBLIC_URL, "MIRROR_KEEP_PAGES": 6}


def make_database(url: str) -> None:
    """Make the tables of that version, and what it had in them, in an empty database."""
    engine = create_engine(url)
    tables = (FOLDER / f"{make_url(url).get_backend_name()}.sql").read_text()
    with engine.begin() as connection:
        for statement in filter(str.strip, tables.split(";\n")):
            connection.execute(text(statement))
        for table, rows in ROWS.items():
            columns = ", ".join(rows[0])
            values = ", ".join(f":{name}" for name in rows[0])
            connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({values})"), rows)
        if engine.dialect.name == "postgresql":
            for table, column in (("frontier", "seq"), ("runs", "id")):
                made = f"pg_get_serial_sequence('{table}', '{column}')"
                connection.execute(text(f"SELECT setval({made}, max({column})) FROM {table}"))
    engine.dispose()


def copy_tree(tree: Path) -> None:
    """Put what that version had published into a folder."""
    shutil.copytree(FOLDER / "tree", tree)


def contents(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Return what the tables of a database hold, sorted."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {
            name: sorted(map(tuple, connection.execute(text(f'SELECT * FROM "{name}"'))), key=repr)
            for name in inspect(connection).get_table_names()
        }
    engine.dispose()
    return found
