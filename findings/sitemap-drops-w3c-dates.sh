#!/usr/bin/env bash
# sitemap 9.0.1 (npm) throws away the dates of a sitemap that give no seconds, or more than thousandths of one.
#
# Input: lastmod in the forms of W3C Datetime, which sitemaps.org asks for, and the same as the publication_date of a
# news sitemap. Seen: 2020-10-07T00:30+08:00, 2020-10-07T00:30:00.123456+08:00 as Python's isoformat writes it, 2020-10
# and 2020 are called invalid on the console; the page has no lastmod and an empty publication_date, so that an article
# has no time at all. With whole seconds or thousandths, or as a day, they are kept.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund sitemap@9.0.1
cat > seen.mjs <<'JAVASCRIPT'
import assert from "node:assert";
import { Readable } from "node:stream";
import { parseSitemap } from "sitemap";

async function dates(date) {
  const name = "<news:publication><news:name>新闻网</news:name><news:language>zh-cn</news:language></news:publication>";
  const news = `<news:news>${name}<news:publication_date>${date}</news:publication_date><news:title>标题</news:title></news:news>`;
  const text = `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://a.example/1</loc><lastmod>${date}</lastmod>${news}</url></urlset>`;
  const [page] = await parseSitemap(Readable.from([text]));
  return [page.lastmod, page.news.publication_date];
}

const lost = ["2020-10-07T00:30+08:00", "2020-10-07T00:30:00.123456+08:00", "2020-10", "2020"];
const kept = ["2020-10-07T00:30:00+08:00", "2020-10-07T00:30:00.123+08:00", "2020-10-07"];
for (const date of [...lost, ...kept]) {
  const seen = await dates(date);
  console.log(date, seen);
  assert.deepEqual(seen, kept.includes(date) ? [date, date] : [undefined, ""], "the behaviour has changed");
}
JAVASCRIPT
node seen.mjs
