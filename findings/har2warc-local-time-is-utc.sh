#!/usr/bin/env bash
# har2warc 1.0.4 gives a page that was fetched in China a date eight hours late.
#
# Input: a HAR file with one page, fetched at 08:00 with +08:00, which is midnight in UTC; HAR 1.2 has the
# zone in each startedDateTime. Seen: WARC-Date is 2020-10-07T08:00:00Z, which is in UTC by WARC 1.1, 5.4, so that the local
# hour stands as if it were UTC; the same page given as 00:00:00Z has 00:00:00Z. An archive puts the first behind
# copies that were made up to eight hours after it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check har2warc==1.0.4 warcio==1.8.1 'setuptools<81'
cd "$folder"
venv/bin/python - <<'PYTHON'
import json
import subprocess
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator


def dates(started):
    message = {"httpVersion": "HTTP/1.1", "headers": [], "cookies": [], "headersSize": -1, "bodySize": -1}
    request = message | {"method": "GET", "url": "https://a.example/1.html", "queryString": []}
    content = {"size": 6, "mimeType": "text/html", "text": "新闻"}
    response = message | {"status": 200, "statusText": "OK", "redirectURL": "", "content": content}
    timings = {"send": 0, "wait": 0, "receive": 0}
    entry = {"startedDateTime": started, "time": 0, "request": request, "response": response, "cache": {}, "timings": timings}
    log = {"version": "1.2", "creator": {"name": "x", "version": "1"}, "pages": [], "entries": [entry]}
    Path("a.har").write_text(json.dumps({"log": log}), "utf-8")
    subprocess.run(["venv/bin/har2warc", "a.har", "a.warc.gz"], check=True)
    with open("a.warc.gz", "rb") as file:
        return {r.rec_type: r.rec_headers.get_header("WARC-Date") for r in ArchiveIterator(file) if r.rec_type != "warcinfo"}


local, utc = dates("2020-10-07T08:00:00.000+08:00"), dates("2020-10-07T00:00:00.000Z")
print(local, utc)
assert set(local.values()) == {"2020-10-07T08:00:00Z"}, "the behaviour has changed"
assert set(utc.values()) == {"2020-10-07T00:00:00Z"}, "the behaviour has changed"
PYTHON
