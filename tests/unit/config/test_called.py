"""Which command is called."""

from __future__ import annotations

import pytest

from mirror.config.called import commands_module


@pytest.mark.parametrize(
    ("line", "module"),
    [
        ("scrapy crawl section -a id=nsc418", "mirror.commands.crawl"),
        ("scrapy --nolog save-page https://site.invalid/", "mirror.commands.save-page"),
        ("scrapy", "mirror.commands"),
        ("scrapy -h", "mirror.commands"),
        ("scrapy list", "mirror.commands.stock.list"),
        ("scrapy perge", "mirror.commands"),
        ("scrapy crawl.py", "mirror.commands"),
        ("pytest ../commands/crawl", "mirror.commands"),
    ],
)
def test_one_command_is_loaded_if_one_of_the_projects_is_called(line: str, module: str) -> None:
    assert commands_module(line.split()) == module
