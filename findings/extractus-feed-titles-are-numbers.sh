#!/usr/bin/env bash
# @extractus/feed-extractor 8.0.3 (npm) reads titles and ids of a feed as numbers: 9.10 is 9.1, and 0012 is 12.
#
# Input: RSS with the title 9.10, a summary 10.0, and two articles of the ids 0012 and 12. RSS 2.0: a guid is a
# string. Seen: 9.1 and 10, and the id 12 twice, so that who tells articles apart by their ids takes the second for
# known; in Atom the title 9.10 is 9.1 too. With a word beside the number the title is right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @extractus/feed-extractor@8.0.3
cat > seen.mjs <<'JAVASCRIPT'
import assert from "node:assert";
import { extractFromXml } from "@extractus/feed-extractor";

const item = (id, title, text) => `<item><guid isPermaLink="false">${id}</guid><title>${title}</title>
<link>https://a.example/${id}</link><description>${text}</description></item>`;
const rss = `<rss version="2.0"><channel><title>新闻</title><link>https://a.example/</link><description>每日新闻</description>
${item("0012", "9.10", "10.0")}${item("12", "9.10 新闻", "10.0 版")}</channel></rss>`;
const atom = `<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:x</id><title>新闻</title><updated>2020-10-07T08:00:00Z</updated>
<entry><id>urn:x:1</id><title>9.10</title><link href="https://a.example/1"/><updated>2020-10-07T08:00:00Z</updated></entry></feed>`;
const seen = extractFromXml(rss).entries.map(({ id, title, description }) => [id, title, description]);
const title = extractFromXml(atom).entries[0].title;
console.log(seen, title);
assert.deepEqual(seen, [["12", "9.1", "10"], ["12", "9.10 新闻", "10.0 版"]], "the behaviour has changed");
assert.equal(title, "9.1", "the behaviour has changed");
JAVASCRIPT
node seen.mjs
