#!/usr/bin/env bash
# rss-parser 3.13.0 (npm) gives an article the address of its picture if the feed names the picture first.
#
# Input: an Atom entry with <link rel="enclosure" href="….jpg"/> and <link href="…"/>. RFC 4287, 4.2.7.2: a link without rel
# is the alternate one. Seen: link is the picture's address, as if the second had no meaning; with rel="alternate"
# written out it is the article's, in either order.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund rss-parser@3.13.0
node - <<'JAVASCRIPT'
const assert = require("node:assert");
const Parser = require("rss-parser");

const feed = (links) => `<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:x</id><title>新闻</title>
<updated>2020-10-07T08:00:00Z</updated><entry><id>urn:x:1</id><title>标题</title><updated>2020-10-07T08:00:00Z</updated>
${links}</entry></feed>`;
const link = async (links) => (await new Parser().parseString(feed(links))).items[0].link;
const picture = '<link rel="enclosure" type="image/jpeg" href="https://a.example/1.jpg"/>';

(async () => {
  const bare = await link(`${picture}<link href="https://a.example/1.html"/>`);
  const named = await link(`${picture}<link rel="alternate" href="https://a.example/1.html"/>`);
  console.log([bare, named]);
  assert.deepEqual([bare, named], ["https://a.example/1.jpg", "https://a.example/1.html"], "the behaviour has changed");
})();
JAVASCRIPT
