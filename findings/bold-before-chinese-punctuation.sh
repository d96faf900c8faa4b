#!/usr/bin/env bash
# Bold text that ends in Chinese punctuation is lost on the way from HTML to CommonMark, whoever writes it.
#
# Input: <strong>问题：</strong>这是什么？ for pandoc 3.9 (gfm), markdownify 1.2.3 and html-to-markdown 3.21.2. All write
# **问题：**这是什么？. CommonMark 0.31.2, section 6.2: asterisks between punctuation and a letter do not close, and
# Chinese has no space to put behind them. Seen: cmarkgfm 2025.10.22 and pandoc's own reader show the asterisks and
# nothing bold; with the colon outside it is bold.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check pypandoc_binary==1.17 markdownify==1.2.3 html-to-markdown==3.21.2 cmarkgfm==2025.10.22
"$folder/venv/bin/python" - <<'PYTHON'
import cmarkgfm
from html_to_markdown import convert
from markdownify import markdownify
from pypandoc import convert_text

writers = {
    "pandoc": lambda html: convert_text(html, "gfm", "html"),
    "markdownify": markdownify,
    "html-to-markdown": lambda html: convert(html).content,
}


def shown(html):
    written = {name: write(html).strip() for name, write in writers.items()}
    return {
        name: (cmarkgfm.github_flavored_markdown_to_html(text).strip(), convert_text(text, "html", "gfm").strip())
        for name, text in written.items()
    }


inside, outside = shown("<p><strong>问题：</strong>这是什么？</p>"), shown("<p><strong>问题</strong>：这是什么？</p>")
print(inside, outside)
lost, kept = "<p>**问题：**这是什么？</p>", "<p><strong>问题</strong>：这是什么？</p>"
assert inside == {name: (lost, lost) for name in writers}, "the behaviour has changed"
assert outside == {name: (kept, kept) for name in writers}, "the behaviour has changed"
PYTHON
