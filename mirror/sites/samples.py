"""Saved pages, each a test case of a site: the page, its address, and what the site makes of it.

In `tests/pages/<site>/`, `NAME.html` (or `.xml`) with `NAME.json` beside it. The name tells what the
page is: `listing-...`, `feed...`, `error-...` for what is no article, and any other for an article. Its
first line is `<!-- saved from ADDRESS on DAY -->`, and may say from when to when pages of its layout were
served: `<!-- saved from ADDRESS on DAY, served since DAY until DAY; whatever else -->`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from lxml.html import HtmlElement, fragment_fromstring
from parsel import Selector

from mirror.errors import ArgumentError, NotAnArticleError
from mirror.items import ArticleItem
from mirror.sites import Site, get_site, site_names, source_url
from mirror.sites.times import day_in

REVIEWED = "reviewed"  # false in the expected result until somebody has looked at it

_DAY = r"\d{4}-\d\d-\d\d"
_HEAD_RE = re.compile(
    rf"<!-- saved from (\S+) on (?:({_DAY})(?:, served(?: since ({_DAY}))?(?: until ({_DAY}))?)?)?"
)
_DECLARATION_RE = re.compile(r"\s*<\?xml[^>]*\?>\s*")
_NAME_RE = re.compile(r"[\w-][\w.-]*", re.ASCII)
_FIELDS = (
    "id",
    "url",
    "title",
    "published",
    "updated",
    "lead_image",
    "lead_alt",
    "lead_caption",
    "reporter",
    "editor",
    "tags",
)
_EDGE = "\ue000"  # of a block of text
_BLOCKS = ("p", "h4", "h5", "h6", "li", "td", "th", "blockquote", "pre", "br")
_STAND_IN_RE = re.compile(r"(?:视频|音频|链接（\w+）|图表|推文)：")


@dataclass(frozen=True, slots=True)
class Sample:
    """A page as text, with its address; `kind` is article, listing or feed, `days` are that on which it
    was saved, and the first and the last on which its layout was served, as far as it says so."""

    text: str
    url: str
    kind: str
    days: tuple[date, ...] = ()

    @property
    def page(self) -> Selector:
        """The page as its site gets it: a new one each time, for a site may change it."""
        return Selector(self.text, type="xml" if self.kind == "feed" else "html")


def sites_of(url: str, setting: str) -> list[Site]:
    """Return the sites whose address this is, as MIRROR_SOURCE_URL has them. At a source that stands
    in for several, that is those which have an article there; if none has, all of them."""
    sources = {name: source_url(setting, name) for name in site_names()}
    own = [name for name in sources if get_site(name).is_own(url)]
    names = own or [name for name, source in sources.items() if is_at(url, source)]
    sites = [get_site(name, sources[name]) for name in names]
    return sites if own else [site for site in sites if site.article_id(url)] or sites


def is_at(url: str, source_url: str) -> bool:
    """Whether an address is at a source (scheme and host)."""
    return url.startswith(f"{source_url}/")


def load(file: Path) -> Sample:
    """Return a saved page.

    Raises OSError; ArgumentError if the page does not tell its address.
    """
    text = file.read_text("utf-8")
    found = _HEAD_RE.search(text)
    if found is None:
        raise ArgumentError("page", file, "must begin with <!-- saved from ADDRESS on DATE -->")
    kind = next((kind for kind in ("listing", "feed") if file.name.startswith(kind)), "article")
    days = (day_in(day or "") for day in found.groups()[1:])
    return Sample(text, found[1], kind, tuple(filter(None, days)))


def kind_of(site: Site, url: str, text: str) -> str:
    """Return what a page must be, by its address and its beginning."""
    if site.article_id(url):
        return "article"
    return (
        "feed"
        if re.match(r"(?:\s*<\?xml[^>]*\?>)?\s*(?:<!--.*?-->\s*)*<(?:rss|feed)\b", text)
        else "listing"
    )


def expected(site: Site, sample: Sample) -> dict[str, Any]:
    """Return what a site makes of a page, as a JSON object: the fields of an article, its body as a
    list of `body_text`; the reason as `error`; or the `links` of a listing or feed, and `next`."""
    if sample.kind == "feed":
        return {"links": [link.url for link in site.feed_links(sample.page)]}
    if sample.kind == "listing":
        links, following = site.article_links(sample.page), site.next_page(sample.page)
        return {"links": [link.url for link in links], "next": following}
    try:
        item = site.article(sample.page, sample.url)
    except NotAnArticleError as error:
        return {"error": str(error)}
    return _told(site, item)


def save(folder: Path, site: Site, sample: Sample, day: date, name: str = "") -> Path:
    """Save a page, with what its site makes of it as the expected result, yet to be reviewed.

    Return the page's file. Raises ArgumentError if the name is taken, or is none; OSError.
    """
    if name and not _NAME_RE.fullmatch(name):
        raise ArgumentError("--name", name, "must be of letters, digits, dots, _ and -")
    made = expected(site, sample)
    name = _name(site, sample, made, name)
    file = folder / site.name / f"{name}.{'xml' if sample.kind == 'feed' else 'html'}"
    if file.exists():
        raise ArgumentError("--name", name, f"there is such a page in {file.parent}; give another")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(_headed(sample, day), "utf-8", newline="")
    told = json.dumps({REVIEWED: False, **made}, ensure_ascii=False, indent=2)
    file.with_suffix(".json").write_text(f"{told}\n", "utf-8")
    return file


def _name(site: Site, sample: Sample, made: dict[str, Any], name: str) -> str:
    """Return the name of a page's file: one that tells its kind."""
    if "error" in made:
        return f"error-{name or site.article_id(sample.url)}"
    if sample.kind == "article":
        return name or f"{made['published'][:4]}-{made['id']}"
    last = re.split(r"[?#]", sample.url)[0].rstrip("/").rpartition("/")[2]
    return f"{sample.kind}-{name or last.partition('.')[0]}"


def _headed(sample: Sample, day: date) -> str:
    """Return a page with its address at the top, behind the declaration of an XML document."""
    declared = _DECLARATION_RE.match(sample.text)
    start = declared.end() if declared and sample.kind == "feed" else 0
    head = f"<!-- saved from {sample.url} on {day} -->\n"
    return sample.text[:start] + head + sample.text[start:]


def _told(site: Site, item: ArticleItem) -> dict[str, Any]:
    from mirror.content.cleaning import clean  # every run loads this file, to look for a site in it

    html = clean(item.body, item.url, site.junk, lambda href: None)
    told = {name: getattr(item, name) for name in _FIELDS}
    times = {n: told[n].isoformat() if told[n] else None for n in ("published", "updated")}
    return {**told, **times, "tags": list(item.tags), "body_text": blocks(html)}


def blocks(html: str) -> list[str]:
    """Return the texts of a clean body in order, without what stands in place of players and posts.

    >>> blocks("<p>一<br>二</p><p>视频：<a>影片</a></p><h4> 三 </h4>")
    ['一', '二', '三']
    """
    root = fragment_fromstring(html, create_parent="div")
    for shown in root.xpath('//p[count(*) = 1 and a and contains(text(), "：")]'):
        if _STAND_IN_RE.fullmatch(shown.text or ""):
            shown.drop_tree()
    for node in root.iter(*_BLOCKS):
        _surround(node)
    return [text for line in root.text_content().split(_EDGE) if (text := " ".join(line.split()))]


def _surround(node: HtmlElement) -> None:
    node.tail = f"{_EDGE}{node.tail or ''}"
    if node.tag != "br":
        node.text = f"{_EDGE}{node.text or ''}"
