#!/usr/bin/env bash
# markdown2 2.5.5 writes a hash into the alt text of a picture in place of each escaped character.
#
# Input: ![会\]场](/a.png), ![甲\_乙](/a.png) and ![第1\.](/a.png), as programs write them that turn HTML into Markdown.
# CommonMark 0.31.2, 2.4: a backslash before punctuation stands for the character. Seen: md5- and 32 hexadecimal digits
# in the alt text, others in each run, where ], _ and the full stop belong; the same text in a link, in a
# link's title or in a paragraph is right, and so are cmarkgfm 2025.10.22's alt texts.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check markdown2==2.5.5 cmarkgfm==2025.10.22
"$folder/venv/bin/python" - <<'PYTHON'
import re

import cmarkgfm
import markdown2

TEXTS = {r"会\]场": "会]场", r"甲\_乙": "甲_乙", r"第1\.": "第1."}


def alt(html):
    return re.search('alt="(.*?)"', html)[1]


for source, text in TEXTS.items():
    picture = f"![{source}](/a.png)"
    seen = alt(markdown2.markdown(picture))
    print(picture, seen)
    hashed = re.fullmatch(r"(.*)md5-[0-9a-f]{32}(.*)", seen)
    assert hashed and hashed[1] + hashed[2] == re.sub(r"[]_.]", "", text), "the behaviour has changed"
    assert alt(cmarkgfm.github_flavored_markdown_to_html(picture)) == text
    assert markdown2.markdown(source).strip() == f"<p>{text}</p>"
    assert markdown2.markdown(f'[{source}](/a "{source}")').strip() == f'<p><a href="/a" title="{text}">{text}</a></p>'
PYTHON
