#!/usr/bin/env bash
# goose3 3.1.22 leaves short paragraphs out of the middle of a Chinese article.
#
# Input: an article of long and short paragraphs in turn, read as the manual says for Chinese (StopWordsChinese).
# Seen: title and long paragraphs are whole; what somebody said, 他说：“好。”, and other sentences of a few
# characters between them are gone, without a word.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check goose3==3.1.22 jieba==0.42.1
"$folder/venv/bin/python" - <<'PYTHON'
import logging

from goose3 import Goose
from goose3.text import StopWordsChinese

logging.disable(logging.CRITICAL)
LONG = "这是一篇文章的一个段落，讲的是昨天在城里发生的事情，以及人们对此的看法。我们都知道，这样的事情不是第一次，也不会是最后一次。"
SHORT = ["他说：“好。”", "她走了。", "雨停了，人们回家。"]
texts = [part for short in SHORT for part in (LONG * 3, short)] + [LONG * 3]
paragraphs = "".join(f"<p>{text}</p>" for text in texts)
html = f"<html lang='zh'><head><title>城里的事</title></head><body><article><h1>城里的事</h1>{paragraphs}</article></body></html>"
article = Goose({"stopwords_class": StopWordsChinese}).extract(raw_html=html)
kept = {short: short in article.cleaned_text for short in SHORT}
print(article.title, article.cleaned_text.count(LONG), kept)
assert (article.title, article.cleaned_text.count(LONG)) == ("城里的事", 12)
assert not any(kept.values()), "the behaviour has changed"
PYTHON
