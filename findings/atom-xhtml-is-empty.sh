#!/usr/bin/env bash
# atoma 0.0.17 and fastfeedparser 0.6.5 lose what an Atom feed says in XHTML.
#
# Input: an entry whose title and summary, then whose content, are of type="xhtml", one of the three types of RFC
# 4287, 3.1. Seen: no title and no summary from either, without an error, and no content from atoma; the same
# words with type="html" are there, and feedparser 6.0.14 has all of them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check atoma==0.0.17 fastfeedparser==0.6.5 feedparser==6.0.14
"$folder/venv/bin/python" - <<'PYTHON'
import atoma
import fastfeedparser
import feedparser

FEED = """<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:x</id><title>新闻</title><updated>2020-10-07T08:00:00Z</updated>
<entry><id>urn:x:1</id><link href="https://a.example/1"/><updated>2020-10-07T08:00:00Z</updated>{}</entry></feed>"""
XHTML = '<{0} type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">标<b>题</b></div></{0}>'
HTML = '<{0} type="html">标&lt;b&gt;题&lt;/b&gt;</{0}>'


def found(form):
    text = FEED.format(form.format("title") + form.format("summary"))
    body = FEED.format("<title>标题</title>" + form.format("content"))
    by_atoma = atoma.parse_atom_bytes(text.encode()).entries[0]
    by_fast, by_feedparser = fastfeedparser.parse(text).entries[0], feedparser.parse(text).entries[0]
    return {
        "atoma": (bool(by_atoma.title), bool(by_atoma.summary), bool(atoma.parse_atom_bytes(body.encode()).entries[0].content)),
        "fastfeedparser": (bool(by_fast.get("title")), bool(by_fast.get("description"))),
        "feedparser": (by_feedparser.title == by_feedparser.summary == "标<b>题</b>",),
    }


print("html:", found(HTML), "\nxhtml:", found(XHTML))
assert found(HTML) == {"atoma": (True, True, True), "fastfeedparser": (True, True), "feedparser": (True,)}
assert found(XHTML) == {
    "atoma": (False, False, False),
    "fastfeedparser": (False, False),
    "feedparser": (True,),
}, "the behaviour has changed"
PYTHON
