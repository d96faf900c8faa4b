#!/usr/bin/env bash
# listparser 0.20 with lxml, as its manual offers it, garbles an OPML file that has no XML declaration.
#
# Input: a list of one feed, 新闻, in UTF-8, as str and as bytes, with and without <?xml version="1.0"?>. XML 1.0, 4.3.3:
# what says nothing of its encoding is UTF-8. Seen: without the declaration each byte is taken for a character of its own, in
# the title and in the feed's address, and bozo stays False; with it, though it names no encoding either, both are
# right, and so are all without lxml 5.4.0: another package that brings lxml changes what a reader's list of feeds says.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
cat > "$folder/read.py" <<'PYTHON'
import sys

import listparser

OPML = """<opml version="2.0"><head><title>订阅</title></head><body>
<outline type="rss" text="新闻" xmlUrl="https://a.example/新闻.xml"/></body></opml>"""


def read(text):
    found = listparser.parse(text)
    assert not found.bozo
    return found.feeds[0].title, found.feeds[0].url


right = ("新闻", "https://a.example/新闻.xml")
garbled = tuple(text.encode().decode("latin-1") for text in right)
bare = [read(OPML), read(OPML.encode())]
declared = [read('<?xml version="1.0"?>' + OPML), read(('<?xml version="1.0"?>' + OPML).encode())]
print(sys.argv[1], bare, declared)
assert bare == [garbled if sys.argv[1] == "lxml" else right] * 2, "the behaviour has changed"
assert declared == [right] * 2, "the behaviour has changed"
PYTHON
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check listparser==0.20
"$folder/venv/bin/python" "$folder/read.py" plain
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check 'listparser[lxml]==0.20' lxml==5.4.0
"$folder/venv/bin/python" "$folder/read.py" lxml
