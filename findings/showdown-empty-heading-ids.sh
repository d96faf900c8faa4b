#!/usr/bin/env bash
# showdown 2.1.0 (npm) gives Chinese headings an empty id, or only a number.
#
# Input: two Chinese headings and an English one. HTML, 3.2.6: the value of id has at least one character. Seen: the
# first heading has id="", the second id="-1", so that no link leads to the first, and the second's depends on
# what stands before it. With the option ghCompatibleHeaderId they are 经济 and 体育.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund showdown@2.1.0
node - <<'JAVASCRIPT'
const assert = require("node:assert");
const { Converter } = require("showdown");

const ids = (options) => [...new Converter(options).makeHtml("# 经济\n\n# 体育\n\n# Sports").matchAll(/id="(.*?)"/g)].map((found) => found[1]);
const seen = [ids({}), ids({ ghCompatibleHeaderId: true })];
console.log(seen);
assert.deepEqual(seen, [["", "-1", "sports"], ["经济", "体育", "sports"]], "the behaviour has changed");
JAVASCRIPT
