#!/usr/bin/env bash
# trafilatura 2.3.1 runs all paragraphs of an article into one if a single word has a ruby annotation.
#
# Input: the same article of five paragraphs, with and without <ruby>堋<rp>（</rp><rt>péng</rt><rp>）</rp></ruby>
# in a sixth. Seen: six paragraphs without it; one line that holds everything with it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check trafilatura==2.3.1 lxml_html_clean==0.4.3
"$folder/venv/bin/python" - <<'PYTHON'
import trafilatura

texts = "".join(f"<p>这是第{n}段文字，讲的是新闻里的一件事情，足够长，所以不会被当作页脚而去掉。</p>" for n in "一二三四五")
ruby = "<ruby>堋<rp>（</rp><rt>péng</rt><rp>）</rp></ruby>"


def lines(word):
    page = f"<html lang='zh'><head><title>标题</title></head><body><article>{texts}<p>{word}字不常见，读音写在括号里面。</p></article></body></html>"
    found = trafilatura.extract(page, output_format="markdown")
    return [line for line in found.splitlines() if line]


plain, annotated = lines("堋"), lines(ruby)
print(len(plain), "paragraphs without,", len(annotated), "with a ruby annotation")
assert (len(plain), len(annotated)) == (6, 1), "the behaviour has changed"
PYTHON
