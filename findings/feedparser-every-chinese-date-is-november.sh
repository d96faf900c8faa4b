#!/usr/bin/env bash
# feedparser 6.0.14 gives each date that is written as in China, in any month, as the first of November.
#
# Input: feeds whose pubDate is written as many Chinese sites write it: with 年, 月, 日, with slashes, with full
# stops (RSS asks for RFC 822, and feedparser is there for what feeds hold instead). Seen: published_parsed is
# 1 November of the right year, midnight, whatever month, day and hour stand there; bozo stays False. With
# hyphens the date is right, and 28/12/2021 gives none, as a date that is not understood should.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check feedparser==6.0.14
"$folder/venv/bin/python" - <<'PYTHON'
import feedparser

RSS = '<rss version="2.0"><channel><title>新闻</title><item><title>标题</title><pubDate>{}</pubDate></item></channel></rss>'


def parsed(date):
    feed = feedparser.parse(RSS.format(date))
    assert not feed.bozo
    found = feed.entries[0].get("published_parsed")
    return found and tuple(found)[:5]


wrong = {date: parsed(date) for date in ("2021年12月28日 08:00", "2019年3月5日", "2021/12/28 08:00", "2021.6.28")}
right = {date: parsed(date) for date in ("2021-12-28 08:00", "28/12/2021")}
print(*wrong.items(), *right.items(), sep="\n")
assert wrong == {date: (int(date[:4]), 11, 1, 0, 0) for date in wrong}, "the behaviour has changed"
assert right == {"2021-12-28 08:00": (2021, 12, 28, 8, 0), "28/12/2021": None}, "the behaviour has changed"
PYTHON
