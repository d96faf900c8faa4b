#!/usr/bin/env bash
# trafilatura 2.3.1 tears a paragraph into three at an inline quotation.
#
# Input: <p>他说：<q>…</q>，然后离开。</p>. HTML 4.5.7: q is phrasing content, in a line with the text round it.
# Seen in Markdown: the quotation in a line of its own, without marks, and the rest of the sentence as
# another paragraph that begins with a comma. With <em> in its place the sentence stays whole.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check trafilatura==2.3.1 lxml_html_clean==0.4.3
"$folder/venv/bin/python" - <<'PYTHON'
import trafilatura

texts = "".join(f"<p>这是第{n}段文字，讲的是新闻里的一件事情，足够长，所以不会被当作页脚而去掉。</p>" for n in "一二三四五")


def last(tag):
    said = f"<p>他说：<{tag}>这是引语</{tag}>，然后离开会场去了别的地方。</p>"
    page = f"<html lang='zh'><head><title>标题</title></head><body><article>{texts}{said}</article></body></html>"
    found = trafilatura.extract(page, output_format="markdown", include_formatting=True)
    return [line for line in found.splitlines() if line and "这是第" not in line]


print(last("em"), last("q"))
assert last("em") == ["他说：*这是引语*，然后离开会场去了别的地方。"], "the behaviour has changed"
assert last("q") == ["他说：", "这是引语", "，然后离开会场去了别的地方。"], "the behaviour has changed"
PYTHON
