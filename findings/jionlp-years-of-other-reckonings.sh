#!/usr/bin/env bash
# jionlp 1.5.31 reads years of other reckonings as years of ours: 民国38年 as 1938, 公元前221年 as 221 years ago.
#
# Input: 中华民国38年10月1日 (1949, as reports from Taiwan count) and 公元前221年 (221 BC), for parse_time, with the 8th of
# October 2020 as the present, alone and in a sentence for extract_time. Seen: 1938-10-01, and a span from
# 1799-12-01 to the present; 民国109年 is the year 109. No error, and nothing that says so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check jionlp==1.5.31
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import datetime

import jionlp

now = datetime(2020, 10, 8, 12)
given = {
    "中华民国38年10月1日": "1938-10-01 00:00:00",
    "民国109年10月7日": "109-10-07 00:00:00",
    "公元前221年": "1799-12-01 00:00:00",
    "1949年10月1日": "1949-10-01 00:00:00",
}
seen = {text: jionlp.parse_time(text, time_base=now)["time"][0] for text in given}
sentence = jionlp.ner.extract_time("秦始皇于公元前221年统一中国。", time_base=now)[0]
print(seen, sentence["text"], sentence["detail"]["time"])
assert seen == given, "the behaviour has changed"
assert sentence["text"] == "前221年", "the behaviour has changed"
assert sentence["detail"]["time"] == ["1799-12-01 00:00:00", "2020-10-08 12:00:00"], "the behaviour has changed"
PYTHON
