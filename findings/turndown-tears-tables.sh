#!/usr/bin/env bash
# turndown-plugin-gfm 1.0.2 (npm) tears a table apart at a line break or a paragraph in a cell, and at a bar.
#
# Input: a table of one row of two cells, whose first cell holds 上午<br>下午, then two paragraphs, then 甲|乙. In GFM, 4.10, a
# row is one line, and a bar in a cell is written \|. Seen with turndown 7.2.5: the row in two lines, in many, and
# with a cell more; marked 18.2.1 shows two rows for the first, and 北京 outside the table or gone for the others.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund turndown@7.2.5 turndown-plugin-gfm@1.0.2 marked@18.2.1
cat > shown.mjs <<'JAVASCRIPT'
import assert from "node:assert";
import { marked } from "marked";
import Turndown from "turndown";
import { gfm } from "turndown-plugin-gfm";

const turndown = new Turndown();
turndown.use(gfm);

function shown(cell) {
  const table = `<table><thead><tr><th>时间</th><th>地点</th></tr></thead><tbody><tr><td>${cell}</td><td>北京</td></tr></tbody></table>`;
  const html = marked(turndown.turndown(table));
  return { rows: html.split("<tr>").length - 2, isCell: html.includes("<td>北京</td>") };
}

const seen = ["上午", "上午<br>下午", "<p>上午</p><p>下午</p>", "甲|乙"].map(shown);
console.log(seen);
assert.deepEqual(
  seen,
  [
    { rows: 1, isCell: true },
    { rows: 2, isCell: true },
    { rows: 2, isCell: false },
    { rows: 1, isCell: false },
  ],
  "the behaviour has changed",
);
JAVASCRIPT
node shown.mjs
