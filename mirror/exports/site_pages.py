"""The pages of the reader's site: paths and HTML, by the templates in templates/site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import groupby
from typing import TYPE_CHECKING

from mirror.config.themes import template_files
from mirror.content.script import LANGUAGES, text_in
from mirror.exports.templating import environment

if TYPE_CHECKING:
    from mirror.exports.articles import ExportArticle
    from mirror.exports.site_entries import SiteEntry
    from mirror.exports.site_markup import SiteText

TEMPLATES = "site"  # the folder in templates/

_NEWEST_OF_SECTION = 60  # articles on a section's page
_NEWEST_ON_HOME = 8  # of each section on the home page
_NEWEST_OF_TAG = 500
_DAYS_ON_HOME = 14
_COPIED = ("style.css", "search.js")

File = tuple[str, str]  # its path in the site, its content


def article_path(id: str, month: str) -> str:
    """Return the path of an article's page."""
    return f"a/{month}/{id}.html"


def tag_path(tag: str) -> str:
    """Return the path of a tag's page: of ASCII, as some programs that unpack zips need it."""
    return f"tags/{sha256(tag.encode()).hexdigest()[:12]}.html"


class SitePages:
    """Makes the pages of a site in a script; `home` is the address of the mirror's home page, if it has
    one."""

    def __init__(self, home: str, script: str = ""):
        self.home, self.script = home, script

    def article(self, article: ExportArticle, text: SiteText, picture: str) -> str:
        """Return an article's page; `picture` is the name of its lead picture's file beside it."""
        tags = [(tag, tag_path(tag)) for tag in article.tags]
        values = {"article": article, "text": text, "picture": picture, "tags": tags}
        return self._render("article", "../../", **values)

    def missing(self, entry: SiteEntry) -> str:
        """Return the page of an article that none could be made of."""
        return self._render("missing", "../../", entry=entry)

    def month(self, month: str, articles: Sequence[SiteEntry]) -> Iterator[File]:
        """Yield the pages of a month and of its days; articles come the oldest first."""
        newest = list(reversed(articles))
        for day, of_day in groupby(newest, lambda entry: entry.day):
            way_back = (month, f"months/{month}.html")
            yield f"days/{day}.html", self._list(day, "../", list(of_day), way_back)
        yield f"months/{month}.html", self._list(month, "../", newest)

    def section_month(
        self, section: str, name: str, month: str, articles: Sequence[SiteEntry]
    ) -> File:
        """Return the page of a section's month."""
        way_back = (name, f"sections/{section}.html")
        listed = list(reversed(articles))
        path = f"sections/{section}/{month}.html"
        return path, self._list(f"{name} {month}", "../../", listed, way_back)

    def frame(
        self,
        newest: Sequence[SiteEntry],
        sections: Mapping[str, Mapping[str, Sequence[SiteEntry]]],
        names: Mapping[str, str],
    ) -> Iterator[File]:
        """Yield what changes with every article: home, sections, tags, search. `sections` has each
        one's articles by month, the newest first."""
        shown = []
        for section, name in names.items():
            by_month = sections[section]
            of_section = [entry for entries in by_month.values() for entry in entries]
            links = [(month, f"sections/{section}/{month}.html") for month in by_month]
            yield (
                f"sections/{section}.html",
                self._list(name, "../", of_section[:_NEWEST_OF_SECTION], months=links),
            )
            shown.append((name, f"sections/{section}.html", of_section[:_NEWEST_ON_HOME]))
        yield from self._tags(newest)
        days = list(dict.fromkeys(entry.day for entry in newest))[:_DAYS_ON_HOME]
        months = list(dict.fromkeys(entry.month for entry in newest))
        values = {"sections": shown, "days": days, "months": months, "count": len(newest)}
        yield "index.html", self._render("home", "", **values)
        yield "search.html", self._render("search", "")
        files = template_files(TEMPLATES)
        for name in _COPIED:
            yield name, text_in(self.script, files[name])

    def _tags(self, newest: Sequence[SiteEntry]) -> Iterator[File]:
        tagged: dict[str, list[SiteEntry]] = {}
        for entry in newest:
            for tag in entry.tags:
                tagged.setdefault(tag, []).append(entry)
        way_back = (text_in(self.script, "标签"), "tags.html")
        for tag in sorted(tagged):  # in an order that stays: who fetches what differs fetches less
            yield (
                tag_path(tag),
                self._list(tag, "../", tagged[tag][:_NEWEST_OF_TAG], way_back),
            )
        counted = sorted(tagged, key=lambda tag: (-len(tagged[tag]), tag))
        tags = [(tag, tag_path(tag), len(tagged[tag])) for tag in counted]
        yield "tags.html", self._render("tags", "", tags=tags)

    def _list(
        self,
        title: str,
        top: str,
        articles: Sequence[SiteEntry],
        way_back: tuple[str, str] | None = None,
        months: Sequence[tuple[str, str]] = (),
    ) -> str:
        way_back = way_back or (text_in(self.script, "首页"), "index.html")
        days = [(day, list(of_day)) for day, of_day in groupby(articles, lambda e: e.day)]
        return self._render("list", top, title=title, days=days, way_back=way_back, months=months)

    def _render(self, name: str, top: str, **values: object) -> str:
        """Return a page; `top` is the way from its folder to that of the home page."""
        template = environment(TEMPLATES, self.script).get_template(f"{name}.html.j2")
        shared = {"language": LANGUAGES[self.script], "top": top, "home": self.home}
        return template.render(**shared, article_path=article_path, **values)
