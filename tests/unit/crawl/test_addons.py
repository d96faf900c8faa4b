"""Add-ons: what they make of the settings."""

from __future__ import annotations

import pytest
from scrapy.settings import Settings

from mirror.crawl.addons import _PARTS, Unused


@pytest.mark.parametrize(("switch", "name", "part"), _PARTS)
def test_part_of_scrapy_is_left_out_unless_it_is_switched_on(
    switch: str, name: str, part: str
) -> None:
    for is_on in (False, True):
        settings = Settings({switch: is_on})
        assert part in settings[f"{name}_BASE"]
        Unused().update_settings(settings)
        assert (part in settings[f"{name}_BASE"]) is is_on


def test_what_the_operator_lists_stays() -> None:
    own = {"scrapy.extensions.telnet.TelnetConsole": 7}
    settings = Settings({"EXTENSIONS": own, "TELNETCONSOLE_ENABLED": False})
    Unused().update_settings(settings)
    assert dict(settings["EXTENSIONS"]) == own
