"""A theme of the operator's own, tried on made-up articles before a run relies on it."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from datetime import datetime, timezone

from mirror.config.names import no_such
from mirror.config.options import Options
from mirror.config.themes import theme_folders
from mirror.errors import ArgumentError
from mirror.items import ArticleItem, replace
from mirror.pages.rendering import Entry, HomeEntry, Renderer, SectionEntry, SectionGroup

_TEXT = "正文第一段。"
_TITLE = "试验文章"
_LINK = "../pages/nsc418/n1.md"
_TIME = datetime(2021, 12, 29, 8, tzinfo=timezone.utc)
_PICTURE = "https://site.example/a.jpg"
_ENTRY = Entry(_TITLE, _LINK, _TIME, "国际", "记者", _PICTURE, lambda: _TEXT)
_OTHER = Entry("旧址", "https://home.example/")
_SECTION, _MONTH = "indexes/nsc418.md", "indexes/nsc418/2021-12.md"


def check_theme(options: Options) -> None:
    """Raise ArgumentError, with file and line, if pages cannot be made with the theme that is set, or
    would lack what they are for."""
    for problem in theme_problems(options):
        raise ArgumentError("MIRROR_THEME", options.theme, problem)


def theme_problems(options: Options) -> Iterator[str]:
    """Yield what is wrong with the theme that is set, for each kind of page. Raises ArgumentError if
    there is no such theme."""
    renderer = Renderer.from_options(options)
    for kind, (wanted, name, pages) in _PAGES.items():
        try:
            if not all(wanted in page for page in pages(renderer)):
                yield f"{kind}.md.j2 does not show {name} of a made-up article"
        except Exception as error:  # whatever an expression in a template does
            yield _told(error)


def unused_files(options: Options) -> Iterator[str]:
    """Yield the templates of the theme that is set which no page is made of, as one that is misspelt."""
    from jinja2 import TemplateError, meta

    renderer = Renderer.from_options(options)
    wanted, used = (
        [*(f"{kind}.md.j2" for kind in _PAGES), "also.md.j2", "below.md.j2"],
        set[str | None](),
    )
    while wanted:
        used.add(name := wanted.pop())
        try:
            parsed = renderer.environment.parse(renderer.source(name))
        except TemplateError:  # told by theme_problems
            continue
        found = {*meta.find_referenced_templates(parsed)} - used
        wanted += filter(None, found)
        used |= found
    files = sorted(f.name for f in theme_folders(options.theme)[0].iterdir())
    for name in (file for file in files if file.endswith(".md.j2") and file not in used):
        if None not in used:  # else a name that is made when a page is
            yield f"{name} is used by no page: {no_such('template', name, {*filter(None, used)})}"


def _articles(renderer: Renderer) -> Iterator[str]:
    below = renderer.below(_LINK, _LINK, _SECTION, [HomeEntry("旧址", "https://home.example/")])
    yield renderer.article(_full(), renderer.also([_ENTRY]), below)
    yield renderer.article(_sparse())


def _indexes(renderer: Renderer) -> Iterator[str]:
    yield renderer.index(_SECTION, "国际", [_ENTRY], months=[_OTHER], homes=[_OTHER])
    yield renderer.index(
        _MONTH, "国际", [_ENTRY], section=_OTHER, days=[_OTHER, _OTHER], around=[_OTHER]
    )


def _homes(renderer: Renderer) -> Iterator[str]:
    groups = [SectionGroup("新闻", [SectionEntry("国际", _SECTION, [_ENTRY], [_OTHER])])]
    yield renderer.home(groups, [_OTHER], [_ENTRY])
    yield renderer.home([SectionGroup("", groups[0].sections)])


def _full() -> ArticleItem:
    return replace(
        _sparse(),
        updated=_TIME,
        lead_image=_PICTURE,
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


# What the pages of each kind have to show of a made-up article, as its templates name it; some pages that
# have all there can be, and some that have little.
_PAGES: dict[str, tuple[str, str, Callable[[Renderer], Iterator[str]]]] = {
    "article": (_TEXT, "article.markdown", _articles),
    "index": (_LINK, "article.link", _indexes),
    "home": (_LINK, "article.link", _homes),
}
