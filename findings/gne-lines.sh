#!/usr/bin/env bash
# gne (GeneralNewsExtractor) 0.4.3 breaks the line at each inline element, and joins the lines of a verse.
#
# Input: a paragraph with a link and one with <br>. Seen: the link's text stands in a line of its own, so that
# the comma behind it begins a line; the two lines of verse are one, with nothing between them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check gne==0.4.3
"$folder/venv/bin/python" - <<'PYTHON'
from gne import GeneralNewsExtractor

texts = "".join(f"<p>这是第{n}段文字，讲的是新闻里的一件事情，足够长，所以不会被当作页脚而去掉。</p>" for n in "一二三四五")
said = '<p>见<a href="https://a.example/">这一篇报道</a>，其余文字。</p><p>第一行诗句<br>第二行诗句</p>'
page = f"<html lang='zh'><head><title>标题</title></head><body><h1>标题</h1><div class='content'>{texts}{said}</div></body></html>"
content = GeneralNewsExtractor().extract(page)["content"]
seen = [line for line in content.splitlines() if "这是第" not in line]
print(seen)
assert seen == ["见", "这一篇报道", "，其余文字。", "第一行诗句第二行诗句"], "the behaviour has changed"
PYTHON
