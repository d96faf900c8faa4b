#!/usr/bin/env bash
# chrono-node 2.10.3 (npm) reads 去年10月5日, the 5th of October of last year, as that of this year.
#
# Input: a day of last year, of the year before it and of next year, with the 8th of October 2020 as the present, for
# zh.hans and zh.hant. Seen: 2020 for all three; the text that it says it read begins with 年, so that it took half of
# the word 去年 and left its meaning. No error. 2019年10月5日 is right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund chrono-node@2.10.3
cat > seen.mjs <<'JAVASCRIPT'
import assert from "node:assert";
import { zh } from "chrono-node";

const present = new Date(2020, 9, 8, 12);
const read = (parser, texts) => texts.map((text) => {
  const [found] = parser.parse(text, present);
  return [found.text, ...["year", "month", "day"].map((part) => found.start.get(part))];
});
for (const parser of [zh.hans, zh.hant]) {
  const relative = read(parser, ["去年10月5日", "前年5月3日", "明年1月2日"]);
  const plain = read(parser, ["2019年10月5日"]);
  console.log(relative, plain);
  assert.deepEqual(
    relative,
    [["年10月5日", 2020, 10, 5], ["年5月3日", 2020, 5, 3], ["年1月2日", 2020, 1, 2]],
    "the behaviour has changed",
  );
  assert.deepEqual(plain, [["2019年10月5日", 2019, 10, 5]]);
}
JAVASCRIPT
node seen.mjs
