#!/usr/bin/env bash
# newspaper4k 0.9.6 drops the last paragraph of a Chinese article if it holds a link, bold text or a line break.
#
# Input: five paragraphs and a sixth of the same length, language="zh". Seen: the sixth is kept if it is plain
# text or holds <em>; it is gone, without a word, if it holds <a>, <strong> or <br>. The same paragraph with
# others behind it is kept.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check newspaper4k==0.9.6 jieba==0.42.1 lxml_html_clean==0.4.3
"$folder/venv/bin/python" - <<'PYTHON'
import logging

from newspaper import Article

logging.disable(logging.CRITICAL)
texts = "".join(f"<p>这是第{n}段文字，讲的是新闻里的一件事情，足够长，所以不会被当作页脚而去掉。</p>" for n in "一二三四五")
sentence = "这一段的长度和别的段落是差不多的，内容也是新闻，"


def is_kept(inside, behind=""):
    last = f"<p>{sentence}{inside}结尾。</p>"
    article = Article("https://a.example/x", language="zh")
    article.download(input_html=f"<html lang='zh'><head><title>标题</title></head><body><article>{texts}{last}{behind}</article></body></html>")
    article.parse()
    return sentence in article.text


forms = {"text": "见报，", "em": "<em>见报</em>，", "a": '<a href="https://a.example/">见报</a>，', "strong": "<strong>见报</strong>，", "br": "<br>见报，"}
last = {name: is_kept(inside) for name, inside in forms.items()}
middle = {name: is_kept(inside, texts) for name, inside in forms.items()}
print("last:", last, "\nin the middle:", middle)
assert last == {"text": True, "em": True, "a": False, "strong": False, "br": False}, "the behaviour has changed"
assert all(middle.values()), "the behaviour has changed"
PYTHON
