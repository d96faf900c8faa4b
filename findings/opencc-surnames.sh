#!/usr/bin/env bash
# OpenCC 1.4.2 gives people another surname when it writes simplified text in traditional characters.
#
# Input: 余先生, 于先生 and 范先生, whose surnames are the same in both scripts. Seen: 餘先生, 於先生 and 範先生 with s2t, s2tw
# and s2twp, other characters that are not these surnames, and the same in a byline, so that who searches for the person by
# name finds nothing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check OpenCC==1.4.2
"$folder/venv/bin/python" - <<'PYTHON'
from opencc import OpenCC

names = {"余先生": "餘先生", "于先生": "於先生", "范先生": "範先生"}
for kind in ("s2t", "s2tw", "s2twp"):
    seen = {name: OpenCC(kind).convert(name) for name in names}
    print(kind, seen, OpenCC(kind).convert("记者余明报道"))
    assert seen == names, "the behaviour has changed"
PYTHON
