#!/usr/bin/env bash
# lunr-languages 1.22.0 (npm) finds nothing for two Chinese words written together, though the text has them so.
#
# Input: 市长昨天发表声明 indexed with lunr 2.3.9 and lunr.zh. The text is cut into words as the manual says, the query only at
# spaces, which Chinese does not have. Seen: 发表 and 声明 find the article; 发表声明, as it stands in the text and as
# a reader would type it, finds none. In English issued statement finds its article.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund lunr@2.3.9 lunr-languages@1.22.0
node - <<'JAVASCRIPT'
const assert = require("node:assert");
const lunr = require("lunr");
require("lunr-languages/lunr.stemmer.support")(lunr);
require("lunr-languages/lunr.zh")(lunr);

const index = (text, language) =>
  lunr(function () {
    if (language) this.use(language);
    this.ref("id");
    this.field("text");
    this.add({ id: 1, text });
  });
const chinese = index("市长昨天发表声明。", lunr.zh);
const seen = ["发表", "声明", "发表声明"].map((query) => chinese.search(query).length);
const english = index("The mayor issued a statement.").search("issued statement").length;
console.log(seen, english);
assert.deepEqual([seen, english], [[1, 1, 0], 1], "the behaviour has changed");
JAVASCRIPT
