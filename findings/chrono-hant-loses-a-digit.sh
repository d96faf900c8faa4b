#!/usr/bin/env bash
# chrono-node 2.10.3 (npm): its parser for traditional characters takes the 25th for the 20th.
#
# Input: dates in words, 十二月二十五日 and two more whose day has three characters, as Chinese newspapers write them. The
# characters are the same in both scripts. Seen: zh.hant leaves off the last character of the day, so that it
# gives 20 December, 30 May and 20 October, five days or one too early; zh.hans, and zh.hant with 12月25日, are right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund chrono-node@2.10.3
cat > seen.mjs <<'JAVASCRIPT'
import assert from "node:assert";
import { zh } from "chrono-node";

const present = new Date(2020, 9, 8, 12);
const days = (parser, texts) => texts.map((text) => {
  const { text: read, start } = parser.parse(text, present)[0];
  return `${read} ${start.get("month")}/${start.get("day")}`;
});
const words = ["十二月二十五日", "五月三十一日", "二零二零年十月二十一日"];
const seen = [days(zh.hant, words), days(zh.hans, words), days(zh.hant, ["12月25日"])];
console.log(seen);
assert.deepEqual(
  seen,
  [
    ["十二月二十 12/20", "五月三十 5/30", "二零二零年十月二十 10/20"],
    ["十二月二十五日 12/25", "五月三十一日 5/31", "二零二零年十月二十一日 10/21"],
    ["12月25日 12/25"],
  ],
  "the behaviour has changed",
);
JAVASCRIPT
node seen.mjs
