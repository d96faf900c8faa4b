#!/usr/bin/env bash
# trafilatura 2.3.1 keeps a figure's picture and drops its caption.
#
# Input: an article with <figure><img><figcaption>, as most news sites write it; include_images=True.
# Seen: the picture stands in the Markdown, the caption nowhere; the same caption in a <p> is kept.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check trafilatura==2.3.1 lxml_html_clean==0.4.3
"$folder/venv/bin/python" - <<'PYTHON'
import trafilatura

texts = "".join(f"<p>这是第{n}段文字，讲的是新闻里的一件事情，足够长，所以不会被当作页脚而去掉。</p>" for n in "一二三四五")
caption = "图为当天的会场，摄影师在门口拍下了这一幕。"


def extracted(tag):
    figure = f'<figure><img src="https://i.example/a.jpg" alt="会场"><{tag}>{caption}</{tag}></figure>'
    page = f"<html lang='zh'><head><title>标题</title></head><body><article>{texts}{figure}{texts}</article></body></html>"
    return trafilatura.extract(page, output_format="markdown", include_images=True)


seen = {tag: ("https://i.example/a.jpg" in extracted(tag), caption in extracted(tag)) for tag in ("figcaption", "p")}
print("(picture, caption):", seen)
assert seen == {"figcaption": (True, False), "p": (True, True)}, "the behaviour has changed"
PYTHON
