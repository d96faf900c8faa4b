#!/usr/bin/env bash
# htmldate 1.11.0 reads a Chinese date as the first of January of its year.
#
# Input: pages whose only date is 2020年10月07日 in their text, as Chinese news prints its dateline, and one
# with the same date as 2020-10-07. Seen: 2020-01-01 for the Chinese ones, and no sign that month and day are
# guesses; 2020-10-07 for the other. Expected: 2020-10-07 for all, or nothing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check htmldate==1.11.0
"$folder/venv/bin/python" - <<'PYTHON'
from htmldate import find_date

chinese = "<html><body><p>【本报2020年10月07日讯】今天的新闻。</p></body></html>"
labelled = '<html><body><div class="info">发表于 2020年10月07日</div><p>今天的新闻。</p></body></html>'
western = chinese.replace("2020年10月07日", " 2020-10-07 ")
seen = [find_date(page) for page in (chinese, labelled, western)]
print(seen)
assert seen == ["2020-01-01", "2020-01-01", "2020-10-07"], "the behaviour has changed"
PYTHON
