#!/usr/bin/env bash
# reader 3.26 finds no Chinese word in the entries of a feed, only what a sentence begins with.
#
# Input: an entry 总统今天发表演讲 and one The president speaks, searched as the manual says. Its index cuts text at
# spaces and marks alone. Seen: 演讲 and 总统 find nothing, the whole sentence and 总统* find the entry; president finds
# its one. No error or warning.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check reader==3.26 sgmllib3k==1.0.0
cd "$folder"
cat > feed.xml <<'XML'
<rss version="2.0"><channel><title>新闻</title><link>https://a.example/</link><description>新闻</description>
<item><guid>zh</guid><title>总统今天发表演讲</title></item>
<item><guid>en</guid><title>The president speaks</title></item></channel></rss>
XML
venv/bin/python - <<'PYTHON'
from pathlib import Path

from reader import make_reader

reader = make_reader("reader.sqlite", feed_root=str(Path.cwd()))
reader.add_feed("feed.xml")
reader.update_feeds()
reader.enable_search()
reader.update_search()
queries = ["总统", "演讲", "总统今天发表演讲", "总统*", "president"]
seen = {query: [entry.id for entry in reader.search_entries(query)] for query in queries}
print(seen)
assert seen == {
    "总统": [],
    "演讲": [],
    "总统今天发表演讲": ["zh"],
    "总统*": ["zh"],
    "president": ["en"],
}, "the behaviour has changed"
PYTHON
