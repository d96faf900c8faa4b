#!/usr/bin/env bash
# feedgen 1.0.0 writes each link of an Atom entry without rel, type, hreflang and length.
#
# Input: an entry with its address, its picture (enclosure) and its other-script edition (rel="alternate" with
# hreflang), written as Atom. RFC 4287, 4.2.7.2: a link without rel is an alternate, the page itself. Seen: three
# bare links, so that the picture counts as the article's page; feedparser finds no enclosure. The feed's own
# links and RSS are right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check feedgen==1.0.0 feedparser==6.0.14
"$folder/venv/bin/python" - <<'PYTHON'
import feedparser
from feedgen.feed import FeedGenerator

feed = FeedGenerator()
feed.id("https://a.example/")
feed.title("新闻")
feed.description("每日新闻")
feed.link(href="https://a.example/feed", rel="self")
entry = feed.add_entry()
entry.id("https://a.example/1")
entry.title("标题")
entry.link(href="https://a.example/1.html", rel="alternate", type="text/html", hreflang="zh-Hans")
entry.link(href="https://a.example/1-big5.html", rel="alternate", type="text/html", hreflang="zh-Hant")
entry.enclosure("https://a.example/1.jpg", 1000, "image/jpeg")
atom = feed.atom_str(pretty=True).decode()
links = [line.strip() for line in atom.splitlines() if "<link" in line]
print(*links, sep="\n")
assert links == [
    '<link href="https://a.example/feed" rel="self"/>',
    '<link href="https://a.example/1.html"/>',
    '<link href="https://a.example/1-big5.html"/>',
    '<link href="https://a.example/1.jpg"/>',
], "the behaviour has changed"
found = [len(feedparser.parse(text).entries[0].enclosures) for text in (atom, feed.rss_str().decode())]
print("enclosures in Atom and in RSS:", found)
assert found == [0, 1], "the behaviour has changed"
PYTHON
