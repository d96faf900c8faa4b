#!/usr/bin/env bash
# @extractus/article-extractor 9.0.1 (npm) drops the words in q, cite, mark, time, ins and ruby out of their sentence.
#
# Input: an article with <p>市长说<q>…</q>，…</p> and five more of the kind. HTML 4.5 and 4.7: all are text in a line, to
# be read with what stands round it. Its manual says that tags which are not allowed are removed; seen: their text
# goes with them, and what is left reads as a whole sentence, without what was said, the day, or the
# character with its reading. The text in <em> is kept.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @extractus/article-extractor@9.0.1
cat > seen.mjs <<'JAVASCRIPT'
import assert from "node:assert";
import { extractFromHtml } from "@extractus/article-extractor";

const text = "段文字，讲的是新闻里的一件事情，足够长，所以不会被当作页脚而去掉，记者看到了这一切。";
const texts = [..."一二三四五六"].map((n) => `<p>这是第${n}${text}</p>`).join("");

async function last(tag) {
  const said = `<p>市长说<${tag}>他不同意</${tag}>，会议继续进行，直到当天晚上才结束。</p>`;
  const page = `<html lang="zh"><head><title>标题</title></head><body><article><h1>标题</h1>${texts}${said}</article></body></html>`;
  const { content } = await extractFromHtml(page, "https://a.example/1.html");
  return content.slice(content.lastIndexOf("<p>")).replace(/<.*?>/g, "").trim();
}

const kept = "市长说他不同意，会议继续进行，直到当天晚上才结束。";
for (const tag of ["em", "q", "cite", "mark", "time", "ins", "ruby"]) {
  const seen = await last(tag);
  console.log(tag, seen);
  assert.equal(seen, tag === "em" ? kept : kept.replace("他不同意", ""), "the behaviour has changed");
}
JAVASCRIPT
node seen.mjs
