#!/usr/bin/env bash
# dateparser 1.5.0: search_dates reads 10月5日 as ten months and five days ago.
#
# Input: the first line of a Chinese report, its dateline 2020年10月07日 and then 10月5日 in the sentence, with
# the 8th of October 2020 as the present. Seen: the dateline is right; the other date is given as the 3rd of
# December 2019, with a piece of the sentence before it as its text. parse("10月5日") finds nothing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check dateparser==1.5.0
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import datetime

from dateparser import parse
from dateparser.search import search_dates

text = "【本报2020年10月07日讯】（本报记者综合报导）10月5日，总统出院。"
base = {"RELATIVE_BASE": datetime(2020, 10, 8)}
found = search_dates(text, languages=["zh"], settings=base)
alone = parse("10月5日", languages=["zh"], settings=base)
print(found, alone)
assert found == [
    ("2020年10月07", datetime(2020, 10, 7)),
    ("讯】（本报记者综合报导）10月5日", datetime(2019, 12, 3)),
], "the behaviour has changed"
assert alone is None, "the behaviour has changed"
PYTHON
