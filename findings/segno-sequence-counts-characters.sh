#!/usr/bin/env bash
# segno 1.6.6 makes QR codes that cannot be read when it shares Chinese text among codes of a given version.
#
# Input: 180 Chinese characters for make_sequence(version=4), and 180 Latin letters. A code of version 4 holds 78
# bytes. Seen: three codes for both, 60 characters each; in UTF-8 the Chinese take 180 bytes, and zxing-cpp 3.1.1
# reads none of their codes. No error. With symbol_count=3, which chooses the version, it reads all of them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check segno==1.6.6 zxing-cpp==3.1.1 pillow==12.3.0
"$folder/venv/bin/python" - <<'PYTHON'
from io import BytesIO

import segno
import zxingcpp
from PIL import Image


def read(text, **how):
    found = []
    for code in segno.make_sequence(text, **how):
        picture = BytesIO()
        code.save(picture, kind="png", scale=8)
        found.append("".join(seen.text for seen in zxingcpp.read_barcodes(Image.open(picture))))
    return found


chinese, latin = "中国新闻报道" * 30, "abcdefghij" * 18
seen = read(chinese, version=4)
print(seen)
assert seen == ["", "", ""], "the behaviour has changed"
assert "".join(read(latin, version=4)) == latin
assert "".join(read(chinese, symbol_count=3)) == chinese
PYTHON
