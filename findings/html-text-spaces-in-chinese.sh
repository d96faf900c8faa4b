#!/usr/bin/env bash
# html-text 0.7.1 puts spaces round inline elements in Chinese, which has none.
#
# Input: a link, bold text and a superscript inside Chinese sentences. Seen: 见 这一篇报道 ，其余 with a space before
# the comma; guess_punct_space, which leaves out spaces before punctuation, knows that of Western languages
# alone (见 a, b keeps its comma close), and without it the spaces are there too. A browser shows none.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check html-text==0.7.1
"$folder/venv/bin/python" - <<'PYTHON'
from html_text import extract_text

given = {
    '<p>见<a href="https://a.example/">这一篇报道</a>，其余文字。</p>': "见 这一篇报道 ，其余文字。",
    "<p><b>粗体一句。</b>其余的文字。</p>": "粗体一句。 其余的文字。",
    "<p>面积10km<sup>2</sup>。</p>": "面积10km 2 。",
}
seen = [extract_text(html) for html in given]
without = [extract_text(html, guess_punct_space=False) for html in given]
western = extract_text('<p>See <a href="https://a.example/">this report</a>, and others.</p>')
print(seen, western)
assert seen == without == list(given.values()), "the behaviour has changed"
assert western == "See this report, and others.", "the behaviour has changed"
PYTHON
