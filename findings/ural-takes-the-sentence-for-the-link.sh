#!/usr/bin/env bash
# ural 1.6.2: urls_from_text takes the rest of a Chinese sentence for part of the address before it.
#
# Input: an address with a closing bracket, a full stop or a comma behind it, in Chinese and in Western marks.
# Seen: it leaves off the Western marks and keeps the Chinese ones, with the words behind them, so that the link leads
# nowhere; two addresses with a comma between them are one. A Chinese full stop before a space, where the address ends in
# any case, is kept too, a Western one is not.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check ural==1.6.2
"$folder/venv/bin/python" - <<'PYTHON'
from ural import urls_from_text

ONE, TWO = "https://a.example/1.html", "https://a.example/2.html"


def found(*texts):
    return [list(urls_from_text(text)) for text in texts]


western = found(f"({ONE})", f"see {ONE}. Then", f"{ONE}, {TWO}")
chinese = found(f"（{ONE}）", f"见{ONE}。 其后", f"{ONE}，{TWO}", f"见{ONE}，其余不变。")
print(western, chinese, sep="\n")
assert western == [[ONE], [ONE], [ONE, TWO]]
assert chinese == [[f"{ONE}）"], [f"{ONE}。"], [f"{ONE}，{TWO}"], [f"{ONE}，其余不变。"]], "the behaviour has changed"
PYTHON
