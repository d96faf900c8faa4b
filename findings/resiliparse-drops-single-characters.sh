#!/usr/bin/env bash
# Resiliparse 2.0.1 drops single characters beside inline elements when it extracts the main content.
#
# Input: 面积10km<sup>2</sup>。 and three more, in an article of ten paragraphs. In Chinese one character is a word, and
# each sentence ends in one. Seen with main_content=True: the full stop, 见, and a bold 好 with its exclamation
# mark are gone, and a short list as a whole; with main_content=False all are there.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check Resiliparse==2.0.1
"$folder/venv/bin/python" - <<'PYTHON'
from resiliparse.extract.html2text import extract_plain_text

texts = "".join(f"<p>这是第{n}段文字，讲的是新闻里的一件事情，足够长，所以不会被当作页脚而去掉。</p>" for n in "一二三四五")
given = {
    "<p>面积10km<sup>2</sup>。</p>": "面积10km2。",
    '<p>见<a href="https://a.example/">报道</a>。</p>': "见报道。",
    "<p>他说：<b>好</b>！</p>": "他说：好！",
    "<ul><li>甲项内容</li><li>乙项内容</li></ul>": "甲项内容乙项内容",
}


def extracted(html, main):
    page = f"<html lang='zh'><body><h1>标题</h1><article>{texts}{html}{texts}</article></body></html>"
    lines = extract_plain_text(page, main_content=main).splitlines()
    return "".join(line for line in lines if "这是第" not in line and line != "标题").replace("•", "").replace(" ", "")


main = [extracted(html, True) for html in given]
whole = [extracted(html, False) for html in given]
print(main, whole)
assert whole == list(given.values()), "the behaviour has changed"
assert main == ["面积10km2", "报道", "他说：", ""], "the behaviour has changed"
PYTHON
