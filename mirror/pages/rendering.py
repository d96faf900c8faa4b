"""Themes: from an article or an index to the text of its page."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING
from urllib.parse import quote

from mirror.config.front import NO_FRONT, Front
from mirror.config.page_paths import HOME, public_address
from mirror.config.themes import DEFAULT_THEME, theme_folders
from mirror.content.escaping import escape_address, escape_alt, escape_line
from mirror.content.script import markdown_in
from mirror.sites import section_names

if TYPE_CHECKING:
    from importlib.abc import Traversable

    from jinja2 import Environment

    from mirror.config.homes import Home
    from mirror.config.options import Options
    from mirror.items import ArticleItem

HOME_CODES = "homes"  # the folder of the QR codes of homes
_NOT_IN_NAME_RE = re.compile(r"[^A-Za-z0-9]+")

_MARK = "\ue000"  # stands for a value
_SCRIPT_NAMES = {"": "简体版", "hans": "简体版", "hant": "繁體版"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of an index: an article, a month's page or an older home, by title and link.

    Those of articles tell more; `section` is the name of the one whose page the article has.
    """

    title: str
    link: str
    published: datetime | None = None
    section: str = ""
    reporter: str = ""
    lead_image: str = ""
    read: Callable[[], str] = field(default=str, compare=False)  # the first words, if asked for

    @property
    def first_words(self) -> str:
        """The beginning of the text, empty if it is no article."""
        return self.read()

    @property
    def day(self) -> str:
        """The day of publication, as 2021-12-29; empty if it is no article."""
        return f"{self.published:%Y-%m-%d}" if self.published else ""


@dataclass(frozen=True, slots=True)
class HomeEntry:
    """A home where the mirror is: its name, the address of its home page, and the QR code of that."""

    title: str
    link: str

    @property
    def qr(self) -> str:
        """The path of the QR code, the same in the trees of all homes."""
        name = _NOT_IN_NAME_RE.sub("-", self.link.partition("://")[2]).strip("-")
        return f"{HOME_CODES}/{name}.png"


@dataclass(frozen=True, slots=True)
class SectionEntry:
    """A section on the home page, with its newest articles and the years of its archive."""

    name: str
    link: str
    articles: list[Entry]
    years: Sequence[Entry] = ()


@dataclass(frozen=True, slots=True)
class SectionGroup:
    """Sections that stand together; the name is empty where the operator has set no groups."""

    name: str
    sections: list[SectionEntry]


class Renderer:
    """Renders with one theme; a file that the theme lacks comes from the default one."""

    def __init__(
        self,
        theme: str,
        public_url: str,
        beacon_url: str = "",
        homes: Mapping[str, str] = {},
        last: str = DEFAULT_THEME,
        short_url: str = "",
        front: Front = NO_FRONT,
        script: str = "",
        other: Home | None = None,
    ):
        """`theme` is the name of a folder in templates/, or the path of a folder anywhere; `homes`
        has the address of each present home's README.md, and its name; `last` is the theme that
        files which the theme lacks come from; `short_url` is an address that leads to `public_url`;
        `front` is what the operator has set of the indexes, `script` what pages are written in, "" as
        their articles are, `other` a home with the same pages in another one.

        Raises ArgumentError if there is no such folder.
        """
        self.folders = theme_folders(theme, last)
        self.public_url, self.beacon_url = public_url, beacon_url
        self.short_url = short_url
        self.front, self.script, self.other = front, script, other
        self.homes = [HomeEntry(name, address) for address, name in homes.items()]

    @cached_property
    def environment(self) -> Environment:
        """Where the templates are, compiled once, and what they may use."""
        from jinja2 import Environment, FunctionLoader, StrictUndefined, select_autoescape

        made = Environment(
            # Each page asks for blocks of the operator's own that most themes have not got.
            loader=FunctionLoader(cache(partial(_template, self.folders))),
            undefined=StrictUndefined,
            autoescape=select_autoescape(()),  # Markdown: values pass the filters below
            keep_trailing_newline=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        made.filters |= {"line": escape_line, "alt": escape_alt, "address": escape_address}
        made.globals |= {"public_url": self.public_url, "beacon_url": self.beacon_url}
        made.globals |= {"short_url": self.short_url}
        return made

    def source(self, name: str) -> str:
        """Return the text of a template, "" if there is none."""
        found = _template(self.folders, name)
        return found[0] if found else ""

    @classmethod
    def from_options(cls, options: Options) -> Renderer:
        """Return a renderer with the theme and addresses that the operator has set."""
        homes = options.publishing.addresses()
        return cls(
            options.theme,
            options.public_url,
            options.beacon_url,
            homes,
            short_url=options.short_url,
            front=options.front,
            script=options.script,
            other=options.publishing.in_other_script(options.script),
        )

    def article(self, article: ArticleItem, also: str = "", below: str = "") -> str:
        """Return the page of an article whose body is Markdown by now; `also` are links to others that
        tell the same story, `below` those that lead on."""
        beside = {"also": also, "below": below}
        return self.render("article", article=article, **beside, **self.around(article))

    def also(self, others: Sequence[Entry]) -> str:
        """Return the links to some articles as one line, "" for none."""
        return self._filled("also", entries=others).strip("\n") if others else ""

    def below(self, older: str, newer: str, index: str, homes: Sequence[HomeEntry]) -> str:
        """Return the links that lead on from an article as one line: to the next older and newer one of
        its section, "" if there is none, to the section's index, and to other homes."""
        links = {"older": older, "newer": newer, "index": index}
        return self._filled("below", **links, homes=homes).strip("\n")

    def shows_below(self, article: ArticleItem) -> bool:
        """Whether the page of an article has that line in it."""
        return _MARK in self.article(article, below=_MARK)

    def around(self, article: ArticleItem) -> dict[str, str]:
        """Return what the page of an article shows beside it: its places and its section's name."""
        return self.places(article.path) | {"section_name": section_name(article.section)}

    def index(
        self,
        path: str,
        name: str,
        articles: list[Entry],
        *,
        months: Sequence[Entry] = (),
        homes: Sequence[Entry] = (),
        section: Entry | None = None,
        days: Sequence[Entry] = (),
        around: Sequence[Entry] = (),
    ) -> str:
        """Return an index page: a section's newest, its months and its indexes at older homes of
        the mirror, or one month's articles, the way back to their section, its days, and what of the
        month's pages are `around` this one."""
        values = {"name": name, "articles": articles, "months": months, "homes": homes}
        beside = {"section": section, "days": days, "around": around}
        return self.render("index", **beside, **values, **self.places(path))

    def home(
        self,
        groups: Sequence[SectionGroup],
        homes: Sequence[Entry] = (),
        pinned: Sequence[Entry] = (),
    ) -> str:
        """Return the README of the published repository."""
        sections = [section for group in groups for section in group.sections]
        values = {"groups": groups, "sections": sections, "pinned": pinned}
        beside = {"homes": homes, "present": self.homes}
        return self.render("home", **values, **beside, **self.places(HOME))

    def places(self, path: str) -> dict[str, str]:
        """Return what the page at a path shows of itself: its public address `url`, and links that
        hold in every home and clone, `page` to itself, `qr` to its QR code, `home` to the home page;
        `top` is the way to the folder of that. Where it stands at a home in another script, too,
        `other_url` is that address, `other_name` what the script is called."""
        name, top = quote(posixpath.basename(path)), "../" * path.count("/")
        links = {"page": name, "qr": f"{name}.png", "home": f"{top}{HOME}", "top": top}
        if self.other:
            links["other_url"] = public_address(self.other.public_url, path)
            links["other_name"] = _SCRIPT_NAMES[self.other.script]
        return links | {"url": self.address(path)}

    def address(self, path: str) -> str:
        """Return the public address of a file of the tree."""
        return public_address(self.public_url, path)

    def render(self, kind: str, **values: object) -> str:
        """Return the text of a page of a kind: article, index or home."""
        return markdown_in(self.script, self._filled(kind, **values))

    def _filled(self, kind: str, **values: object) -> str:
        """Return the same in the scripts that theme and articles have."""
        return self.environment.get_template(f"{kind}.md.j2").render(**values).strip("\n") + "\n"


def section_name(section: str) -> str:
    """Return a section's name for readers: its id, if no site names it."""
    return section_names().get(section, section)


def _template(folders: list[Traversable], name: str) -> tuple[str, str, None] | None:
    """Return the text of a template and its file, which errors name; None if there is no such file."""
    found = (folder / name for folder in folders)
    return next(((f.read_text("utf-8"), str(f), None) for f in found if f.is_file()), None)
