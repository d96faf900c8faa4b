"""Articles out of a ZIM, which may come from anybody."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any

import pytest

from mirror.errors import ArgumentError, UnreadableError
from mirror.recovery.zims import ZimReader
from mirror.sites import get_site

pytest.importorskip("libzim", reason="requirements-exports.txt")

URL = "https://www.epochtimes.com/gb/21/12/28/n13465188.htm"
FACTS = {
    "url": URL,
    "title": "标题",
    "section": "nsc418",
    "sections": ["nsc418", "nsc413"],
    "published": "2021-12-29T08:15:00+08:00",
    "updated": None,
    "lead_image": "https://i.example/a.jpg",
    "tags": ["一", "二"],
    "removed": False,
}


def page(text: str = "<p>正文</p>", **changes: Any) -> str:
    facts = escape(json.dumps(FACTS | changes))
    return f'<html><meta name="mirror" content="{facts}"><body><div class="text">{text}</div></body></html>'


def archive(folder: Path, pages: dict[str, str], **metadata: str) -> ZimReader:
    from libzim.writer import Creator, Hint, Item, StringProvider

    class Page(Item):
        def __init__(self, path: str, content: str):
            super().__init__()
            self.path, self.content = path, content

        def get_path(self) -> str:
            return self.path

        def get_title(self) -> str:
            return self.path

        def get_mimetype(self) -> str:
            return "text/html"

        def get_contentprovider(self) -> Any:
            return StringProvider(self.content)

        def get_hints(self) -> Any:
            return {Hint.FRONT_ARTICLE: True}

    file = folder / "a.zim"
    with Creator(file) as creator:
        for path, content in pages.items():
            creator.add_item(Page(path, content))
        for name, value in metadata.items():
            creator.add_metadata(name, value)
    return ZimReader(file)


def one(folder: Path, content: str) -> ZimReader:
    home = "<ul><li><a href='m1'>1</a><li><a href='none'>2</a></ul>"
    month = "<ul><li><a href='n13465188'>1</a><li><a href='n13465188'>1</a></ul>"
    return archive(folder, {"home": home, "m1": month, "n13465188": content})


def test_an_article_is_read_as_it_was(tmp_path: Path) -> None:
    reader = one(tmp_path, page())
    assert list(reader.paths()) == ["n13465188"]
    url = get_site("epochtimes").canonical_url(URL)
    assert reader.url("n13465188") == url
    item, sections = reader.article("n13465188", {})
    assert (item.id, item.url, item.title, item.section) == ("n13465188", url, "标题", "nsc418")
    assert (item.body, item.tags, sections) == ("<p>正文</p>", ("一", "二"), ("nsc418", "nsc413"))
    assert item.published.isoformat() == FACTS["published"] and item.updated is None


def test_pictures_and_links_are_the_originals(tmp_path: Path) -> None:
    text = (
        '甲<p><a class="picture" href="https://i.example/b.jpg">［图：山］</a>后'
        '<a href="n2">乙</a><a href="https://b.example/">丙</a></p><ul class="a"><li>丁</li></ul>'
    )
    body = one(tmp_path, page(text)).article("n13465188", {"n2": "https://a.example/n2"}).item.body
    assert body.startswith("甲<p><img ") and 'src="https://i.example/b.jpg"' in body
    assert 'alt="山"' in body and ">后<a href=" in body
    assert '<a href="https://a.example/n2">乙</a><a href="https://b.example/">丙</a>' in body
    assert 'type="a"' in body


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (page(url="https://www.epochtimes.com/gb/21/12/28/n1.htm"), "not the article"),
        (page(url="https://elsewhere.example/n13465188"), "not the article"),
        (page(url=7), "not the article"),
        (page(published="2021-12-29T08:15:00"), "no time of publication"),
        (page(published=None), "no time of publication"),
        ('<meta name="mirror" content="[]"><p>正文', "does not say what it is"),
        ('<meta name="mirror" content="{"><p>正文', "does not say what it is"),
        ("<p>正文", "does not say what it is"),
        (page().replace('"text"', '"words"'), "has no text"),
        ("", "cannot be read"),
    ],
)
def test_what_is_no_article_is_refused_with_a_reason(
    tmp_path: Path, content: str, said: str
) -> None:
    with pytest.raises(UnreadableError, match=said):
        one(tmp_path, content).article("n13465188", {})


def test_what_a_stranger_made_up_is_not_taken(tmp_path: Path) -> None:
    content = page(
        section="../../etc", sections=["..", 3, "nsc413"], lead_image="javascript:x", tags=[1, ""]
    )
    item, sections = one(tmp_path, content).article("n13465188", {})
    assert (item.section, sections, item.lead_image, item.tags) == ("nsc413", ("nsc413",), "", ())
    item, sections = one(tmp_path, page(sections=5, tags="一")).article("n13465188", {})
    assert (item.tags, sections) == ((), ())


def test_an_archive_in_other_characters_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="other characters than its source"):
        archive(tmp_path, {"home": "<p>"}, **{"X-Script": "hant"})


def test_an_archive_of_others_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="no ZIM that scrapy export made"):
        archive(tmp_path, {"A": "<p>x"})
    with pytest.raises(ArgumentError, match="no ZIM that can be read"):
        (tmp_path / "b.zim").write_bytes(b"ZIM\x04" + bytes(200))
        ZimReader(tmp_path / "b.zim")
