#!/usr/bin/env bash
# pypub3 2.0.9 and xml2epub 2.6.11 leave the words in q, ins, time and abbr out of the books that they make.
#
# Input: a chapter with <p>市长说<q>…</q>，…</p> and three more of the kind, of which EPUB 2 (OPS 2.0.1) has all but
# time. Both have a list of elements to keep. Seen: of what is not on it the text goes too, and the rest reads as a whole
# sentence; of a list of definitions the terms go and the meanings stay. The text in <em> is kept.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check pypub3==2.0.9 xml2epub==2.6.11
cd "$folder"
venv/bin/python - <<'PYTHON'
import re
from zipfile import ZipFile

import pypub
import xml2epub


def books(body):
    page = f"<html><head><title>第一篇</title></head><body><h1>标题</h1>{body}</body></html>"
    first = pypub.Epub("新闻")
    first.add_chapter(pypub.create_chapter_from_html(page.encode()))
    first.create("first.epub")
    second = xml2epub.Epub("新闻")
    second.add_chapter(xml2epub.create_chapter_from_string(page, title="第一篇"))
    chapters = {"first.epub": "OEBPS/chapter-1.xhtml", second.create_epub("."): "OEBPS/0.xhtml"}
    texts = [ZipFile(name).read(chapter).decode().split("标题")[-1] for name, chapter in chapters.items()]
    return [re.sub(r"<.*?>|\s", "", text) for text in texts]


whole, torn = "市长说他不同意，会议继续。", "市长说，会议继续。"
for tag in ("em", "q", "ins", "time", "abbr"):
    seen = books(f"<p>市长说<{tag}>他不同意</{tag}>，会议继续。</p>")
    print(tag, seen)
    assert seen == [whole if tag == "em" else torn] * 2, "the behaviour has changed"
seen = books("<dl><dt>词语</dt><dd>意思</dd></dl>")
print("dl", seen)
assert seen == ["意思"] * 2, "the behaviour has changed"
PYTHON
