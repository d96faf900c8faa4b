#!/usr/bin/env bash
# chrono-node 2.10.3 (npm) takes a quarter of an hour for a minute: 三点一刻 is 3:01.
#
# Input: 三点一刻 (a quarter past three) and 下午三点三刻 (a quarter to four), and the same with half an hour and with
# minutes, for zh.hans. Seen: 3:01 and 15:03; the text that it read ends before 刻, the quarter. It knows 半, the half:
# 三点半 is 3:30.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund chrono-node@2.10.3
cat > seen.mjs <<'JAVASCRIPT'
import assert from "node:assert";
import { zh } from "chrono-node";

const present = new Date(2020, 9, 8, 12);
const read = (text) => {
  const [found] = zh.hans.parse(text, present);
  return [found.text, found.start.get("hour"), found.start.get("minute")];
};
const quarters = ["三点一刻", "下午三点三刻"].map(read);
const others = ["三点半", "下午三点四十五分"].map(read);
console.log(quarters, others);
assert.deepEqual(quarters, [["三点一", 3, 1], ["下午三点三", 15, 3]], "the behaviour has changed");
assert.deepEqual(others, [["三点半", 3, 30], ["下午三点四十五分", 15, 45]]);
JAVASCRIPT
node seen.mjs
