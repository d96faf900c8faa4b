"""A theme of the operator's own, tried on made-up articles before a run relies on it."""

from __future__ import annotations

import traceback
from datetime import datetime, timezone

from mirror.config.options import Options
from mirror.errors import ArgumentError
from mirror.items import ArticleItem, replace
from mirror.pages.rendering import Entry, Renderer, SectionEntry

_TEXT = "正文第一段。"
_TITLE = "试验文章"
_LINK = "../pages/nsc418/n1.md"
_TIME = datetime(2021, 12, 29, 8, tzinfo=timezone.utc)


def check_theme(options: Options) -> None:
    """Raise ArgumentError, with file and line, if pages cannot be made with the theme that is set, or
    would lack what they are for."""
    renderer = Renderer.from_options(options)
    try:
        pages = _pages(renderer)
    except Exception as error:  # whatever an expression in a template does
        raise ArgumentError("MIRROR_THEME", options.theme, _told(error)) from error
    for kind, made in pages.items():
        wanted, name = (_TEXT, "article.markdown") if kind == "article" else (_LINK, "article.link")
        if not all(wanted in page for page in made):
            allowed = f"{kind}.md.j2 does not show {name} of a made-up article"
            raise ArgumentError("MIRROR_THEME", options.theme, allowed)


def _pages(renderer: Renderer) -> dict[str, list[str]]:
    """Return pages of each kind, some that have all there can be, and some that have little."""
    picture = "https://site.example/a.jpg"
    one = Entry(_TITLE, _LINK, _TIME, "国际", "记者", picture, lambda: _TEXT)
    other = Entry("旧址", "https://home.example/")
    home = [SectionEntry("国际", "indexes/nsc418.md", [one])]
    section = "indexes/nsc418.md"
    month = "indexes/nsc418/2021-12.md"
    return {
        "article": [renderer.article(_full(), renderer.also([one])), renderer.article(_sparse())],
        "index": [
            renderer.index(section, "国际", [one], months=[other], homes=[other]),
            renderer.index(month, "国际", [one], section=other, around=[other]),
        ],
        "home": [renderer.home(home, [other]), renderer.home(home)],
    }


def _full() -> ArticleItem:
    return replace(
        _sparse(),
        updated=_TIME,
        lead_image="https://site.example/a.jpg",
        lead_alt="图",
        lead_caption="图注",
        reporter="记者",
        editor="编辑",
        tags=("题",),
        removed=True,
    )


def _sparse() -> ArticleItem:
    return ArticleItem(
        id="n1",
        site="epochtimes",
        url="https://site.example/n1.htm",
        section="nsc418",
        title=_TITLE,
        body="",
        published=_TIME,
        path="pages/nsc418/n1.md",
        markdown=_TEXT,
    )


def _told(error: Exception) -> str:
    """Return in words what is wrong and in which line of which template, as far as that is known."""
    from jinja2 import TemplateSyntaxError

    if isinstance(error, TemplateSyntaxError):
        place = f"{error.filename or error.name}, line {error.lineno}: "
    else:
        frames = traceback.extract_tb(error.__traceback__)
        places = [f"{f.filename}, line {f.lineno}: " for f in frames if f.filename.endswith(".j2")]
        place = places[-1] if places else ""
    return f"pages cannot be made with it: {place}{error}"
