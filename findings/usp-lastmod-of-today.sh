#!/usr/bin/env bash
# ultimate-sitemap-parser 1.8.1 makes up month and day of a lastmod that gives none: those of today.
#
# Input: a sitemap with <lastmod>2020-10</lastmod> and <lastmod>2020</lastmod>. sitemaps.org asks for W3C Datetime, which
# has both forms. Seen: last_modified is today's day in October 2020, and today's day and month in 2020, so that the
# same old page is changed anew each day. 2020-10-07 is right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check ultimate-sitemap-parser==1.8.1
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import datetime

from usp.tree import sitemap_from_str

dates = ["2020-10-07", "2020-10", "2020"]
urls = "".join(f"<url><loc>https://a.example/{date}</loc><lastmod>{date}</lastmod></url>" for date in dates)
text = f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
seen = [page.last_modified for page in sitemap_from_str(text).all_pages()]
today = datetime.now()
print(*map(str, seen))
assert seen == [
    datetime(2020, 10, 7),
    datetime(2020, 10, today.day),
    datetime(2020, today.month, today.day),
], "the behaviour has changed"
PYTHON
