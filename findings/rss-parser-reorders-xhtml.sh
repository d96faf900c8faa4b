#!/usr/bin/env bash
# rss-parser 3.13.0 (npm) puts the words of an article into another order if its Atom feed has XHTML.
#
# Input: an entry whose content is of type="xhtml" (RFC 4287, 4.1.3): 这<b>不</b>是<i>新闻</i>。, this is no news. Seen:
# 这是。不新闻, the text of the element first and its inline elements behind it. As type="html" it is right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund rss-parser@3.13.0
node - <<'JAVASCRIPT'
const assert = require("node:assert");
const Parser = require("rss-parser");

const feed = (content) => `<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:x</id><title>新闻</title>
<updated>2020-10-07T08:00:00Z</updated><entry><id>urn:x:1</id><title>标题</title><updated>2020-10-07T08:00:00Z</updated>
<link href="https://a.example/1"/>${content}</entry></feed>`;
const snippet = async (content) => (await new Parser().parseString(feed(content))).items[0].contentSnippet;

(async () => {
  const xhtml = await snippet('<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">这<b>不</b>是<i>新闻</i>。</div></content>');
  const html = await snippet('<content type="html">这&lt;b&gt;不&lt;/b&gt;是&lt;i&gt;新闻&lt;/i&gt;。</content>');
  console.log([xhtml, html]);
  assert.deepEqual([xhtml, html], ["这是。不新闻", "这不是新闻。"], "the behaviour has changed");
})();
JAVASCRIPT
