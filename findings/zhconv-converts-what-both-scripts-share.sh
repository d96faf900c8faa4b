#!/usr/bin/env bash
# zhconv 1.4.3 makes 公裏 of 公里, 長徵 of 长征 and 籤署 of 签署 when it writes simplified text in traditional characters.
#
# Input: everyday words of which a character is the same in both scripts. Its manual says that it converts by the
# longest match in MediaWiki's table of words; these words are not in it. Seen: each character converted alone, for
# zh-hant, zh-tw and zh-hk. zhconv-rs 0.4.2, by the same tables, has them right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check zhconv==1.4.3 zhconv-rs==0.4.2
"$folder/venv/bin/python" - <<'PYTHON'
import logging

from zhconv import convert
from zhconv_rs import zhconv

logging.disable(logging.CRITICAL)
words = {
    "公里": ("公里", "公裏"),
    "里程碑": ("里程碑", "裏程碑"),
    "长征": ("長征", "長徵"),
    "签署": ("簽署", "籤署"),
    "岳飞": ("岳飛", "嶽飛"),
    "游泳": ("游泳", "遊泳"),
}
for region in ("zh-hant", "zh-tw", "zh-hk"):
    seen = {word: (zhconv(word, region), convert(word, region)) for word in words}
    print(region, seen)
    expected = {word: (right, wrong.replace("裏", "裡" if region == "zh-tw" else "裏")) for word, (right, wrong) in words.items()}
    assert seen == expected, "the behaviour has changed"
PYTHON
