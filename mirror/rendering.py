"""Themes: from an article or an index to the text of its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FunctionLoader, StrictUndefined, select_autoescape

from mirror.errors import ArgumentError
from mirror.escaping import escape_address, escape_line
from mirror.tree import HOME, public_address

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from mirror.items import ArticleItem

_DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of an index: an article, a month's page or an older home, by title and link."""

    title: str
    link: str


@dataclass(frozen=True, slots=True)
class SectionEntry:
    """A section on the home page, with its newest articles."""

    name: str
    link: str
    articles: list[Entry]


class Renderer:
    """Renders with one theme; a file that the theme lacks comes from the default one."""

    def __init__(
        self, theme: str, public_url: str, beacon_url: str = "", homes: Mapping[str, str] = {}
    ):
        """`theme` is the name of a folder in templates/, or the path of a folder anywhere; `homes`
        has the address of each present home's README.md, and its name.

        Raises ArgumentError if there is no such folder.
        """
        folders = [theme_folder(theme), _shipped() / _DEFAULT]
        self.public_url = public_url
        self.environment = Environment(
            loader=FunctionLoader(lambda name: _template(folders, name)),
            undefined=StrictUndefined,
            autoescape=select_autoescape(()),  # Markdown: values pass the filters below
            keep_trailing_newline=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.filters |= {"line": escape_line, "address": escape_address}
        self.environment.globals |= {"public_url": public_url, "beacon_url": beacon_url}
        self.homes = [Entry(name, address) for address, name in homes.items()]

    def article(self, article: ArticleItem) -> str:
        """Return the page of an article whose body is Markdown by now."""
        return self._render("article", article=article, url=self.address(article.path))

    def index(
        self, name: str, articles: list[Entry], months: list[Entry], homes: Sequence[Entry] = ()
    ) -> str:
        """Return an index page: a section's newest, its months and its indexes at older homes of
        the mirror, or one month's articles."""
        return self._render("index", name=name, articles=articles, months=months, homes=homes)

    def home(self, sections: list[SectionEntry], homes: Sequence[Entry] = ()) -> str:
        """Return the README of the published repository."""
        return self._render(
            "home", sections=sections, homes=homes, present=self.homes, url=self.address(HOME)
        )

    def address(self, path: str) -> str:
        """Return the public address of a file of the tree."""
        return public_address(self.public_url, path)

    def _render(self, kind: str, **values: object) -> str:
        return self.environment.get_template(f"{kind}.md.j2").render(**values).strip("\n") + "\n"


def theme_folder(theme: str) -> Traversable:
    """Return a theme's folder. Raises ArgumentError."""
    named = "/" not in theme and theme not in ("", ".", "..")
    folder = _shipped() / theme if named else Path(theme)
    if not theme or not folder.is_dir():
        names = ", ".join(sorted(f.name for f in _shipped().iterdir() if f.is_dir()))
        raise ArgumentError(
            "MIRROR_THEME", theme, f"no such theme; there is {names}, or give a folder's path"
        )
    return folder


def is_packed() -> bool:
    """Return whether this is an egg, with the templates inside of it, and no checkout."""
    return _packed().is_dir()


def _packed() -> Traversable:
    return files("mirror") / "templates"


def _shipped() -> Traversable:
    """Return templates/: inside the package in an egg, beside it in a checkout."""
    return _packed() if is_packed() else Path(__file__).resolve().parent.parent / "templates"


def _template(folders: list[Traversable], name: str) -> str | None:
    found = (folder / name for folder in folders)
    return next((file.read_text("utf-8") for file in found if file.is_file()), None)
