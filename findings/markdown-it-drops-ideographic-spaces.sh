#!/usr/bin/env bash
# markdown-it-py 4.0.0 drops the ideographic spaces with which Chinese paragraphs begin.
#
# Input: 　　段首 (two U+3000), alone, in a quotation, in a list's item, in a table's cell. CommonMark 0.31.2,
# section 4.8, takes spaces and tabs from the ends of a paragraph; section 2.1 counts U+3000 to neither.
# Seen: cmarkgfm 2025.10.22 keeps them in all four, markdown-it-py in none.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check markdown-it-py==4.0.0 cmarkgfm==2025.10.22
"$folder/venv/bin/python" - <<'PYTHON'
import cmarkgfm
from markdown_it import MarkdownIt

two = "\u3000\u3000段首"
places = [two, f"> {two}", f"- {two}", f"|{two}|乙|\n|-|-|\n|丙|丁|"]
py = MarkdownIt("commonmark").enable("table")
seen = [
    ("\u3000\u3000段" in cmarkgfm.github_flavored_markdown_to_html(text), "\u3000" in py.render(text))
    for text in places
]
print("(cmark-gfm keeps them, markdown-it-py keeps them):", seen)
assert seen == [(True, False)] * 4, "the behaviour has changed"
PYTHON
