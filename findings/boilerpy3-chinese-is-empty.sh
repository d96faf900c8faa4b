#!/usr/bin/env bash
# boilerpy3 1.0.7 finds nothing in a Chinese article, without an error.
#
# Input: twenty paragraphs of Chinese text in <article>, and five of English, for ArticleExtractor. It counts
# words by the spaces between them, so that a Chinese paragraph is one word. Seen: an empty text for the
# Chinese page, the whole article for the English one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check boilerpy3==1.0.7
"$folder/venv/bin/python" - <<'PYTHON'
from boilerpy3.extractors import ArticleExtractor


def page(text, count):
    return f"<html><head><title>T</title></head><body><article>{f'<p>{text}</p>' * count}</article></body></html>"


chinese = page("这一段文字讲的是新闻里的一件事情，它足够长，所以不会被当作页脚而去掉。", 20)
english = page("This paragraph is about something in the news today, and long enough to be no footer of a page.", 5)
seen = [len(ArticleExtractor().get_content(text)) for text in (chinese, english)]
print("characters found:", seen)
assert seen[0] == 0 and seen[1] > 400, "the behaviour has changed"
PYTHON
