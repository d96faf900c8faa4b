#!/usr/bin/env bash
# EbookLib 0.20 takes each book that it reads for English, and writes its chapters as English.
#
# Input: a book in zh-Hans with a chapter in zh-Hant, written by EbookLib itself, then read, and written again.
# Seen: language is "en" after reading, beside the right dc:language among the metadata; the chapters have
# lang="en" in the second book, so that readers choose fonts, line breaks and voices for English.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check EbookLib==0.20
cd "$folder"
venv/bin/python - <<'PYTHON'
import re
from zipfile import ZipFile

from ebooklib import epub


def languages(name):
    return [re.search(r' lang="(.*?)"', ZipFile(name).read(f"EPUB/{number}.xhtml").decode())[1] for number in (1, 2)]


book = epub.EpubBook()
book.set_identifier("urn:uuid:1")
book.set_title("新闻")
book.set_language("zh-Hans")
first = epub.EpubHtml(title="第一篇", file_name="1.xhtml", content="<p>正文</p>")
second = epub.EpubHtml(title="第二篇", file_name="2.xhtml", content="<p>正文</p>", lang="zh-Hant")
for item in (first, second, epub.EpubNcx(), epub.EpubNav()):
    book.add_item(item)
book.spine = [first, second]
epub.write_epub("first.epub", book)
again = epub.read_epub("first.epub")
epub.write_epub("second.epub", again)
metadata = again.get_metadata("DC", "language")
print(languages("first.epub"), again.language, metadata, languages("second.epub"))
assert languages("first.epub") == ["zh-Hans", "zh-Hant"]
assert (again.language, metadata) == ("en", [("zh-Hans", {})]), "the behaviour has changed"
assert languages("second.epub") == ["en", "en"], "the behaviour has changed"
PYTHON
