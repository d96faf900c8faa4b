from __future__ import annotations

import pytest

from mirror import settings
from mirror.config.options import Options

GIVEN = {name: value for name, value in vars(settings).items() if name.startswith("MIRROR_")}


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_postgresql_needs_no_driver_in_its_address(scheme: str) -> None:
    options = Options.from_settings(
        {**GIVEN, "MIRROR_DATABASE_URL": f"{scheme}://me:p%40ss@host:5433/mirror"}
    )
    assert options.database_url == "postgresql+psycopg://me:p%40ss@host:5433/mirror"


def test_address_of_a_file_stays_as_it_is() -> None:
    options = Options.from_settings({**GIVEN, "MIRROR_DATABASE_URL": "sqlite:///state/mirror.db"})
    assert options.database_url == "sqlite:///state/mirror.db"
