#!/usr/bin/env bash
# jionlp 1.5.31 takes half past midnight for half past noon.
#
# Input: 10月5日凌晨12时30分, as Chinese news writes the first hour of a day, for parse_time and, in a sentence, for
# extract_time. Seen: 12:30:00 of that day, half a day late. 凌晨0时30分 is right, and so is 晚上12点, the end of the day.
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
    "10月5日凌晨12时30分": "2020-10-05 12:30:00",
    "凌晨12点": "2020-10-08 12:00:00",
    "10月5日凌晨0时30分": "2020-10-05 00:30:00",
    "晚上12点": "2020-10-09 00:00:00",
}
seen = {text: jionlp.parse_time(text, time_base=now)["time"][0] for text in given}
sentence = jionlp.ner.extract_time("当地10月5日凌晨12时30分发生地震。", time_base=now)[0]
print(seen, sentence)
assert seen == given, "the behaviour has changed"
assert sentence["detail"]["time"][0] == "2020-10-05 12:30:00", "the behaviour has changed"
PYTHON
