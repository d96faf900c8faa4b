#!/usr/bin/env bash
# xml2epub 2.6.11 writes books that do not say at their beginning that they are EPUB.
#
# Input: a book of one chapter. OCF 2.0.1, section 4: the file mimetype is the first in the archive, neither
# compressed nor with an extra field, so that who looks at the first bytes knows an EPUB. Seen: two folders
# stand before it, and it is compressed; filetype 1.2.0 takes the book for an ordinary zip file, and a book of pypub3
# 2.0.9 for what it is.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check xml2epub==2.6.11 pypub3==2.0.9 filetype==1.2.0
cd "$folder"
venv/bin/python - <<'PYTHON'
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import filetype
import pypub
import xml2epub

PAGE = "<html><head><title>第一篇</title></head><body><h1>标题</h1><p>正文</p></body></html>"


def seen(name):
    entries = ZipFile(name).infolist()
    place = [entry.filename for entry in entries].index("mimetype")
    return place, entries[place].compress_type, filetype.guess_mime(name)


other = pypub.Epub("新闻")
other.add_chapter(pypub.create_chapter_from_html(PAGE.encode()))
other.create("other.epub")
book = xml2epub.Epub("新闻")
book.add_chapter(xml2epub.create_chapter_from_string(PAGE, title="第一篇"))
found = seen(book.create_epub(".")), seen("other.epub")
print(*found)
assert found[0] == (2, ZIP_DEFLATED, "application/zip"), "the behaviour has changed"
assert found[1] == (0, ZIP_STORED, "application/epub+zip")
PYTHON
