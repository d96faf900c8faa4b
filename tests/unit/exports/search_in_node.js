// Runs the search of an unpacked site as a browser would: node search_in_node.js FOLDER, a JSON list of
// [query, section, month] on the standard input; prints a JSON list of the ids that each one finds.
"use strict";
const fs = require("node:fs"), path = require("node:path"), vm = require("node:vm");

const folder = process.argv[2];
const loaded = [];
const context = vm.createContext({
  document: {
    querySelector: () => null,
    createElement: () => ({}),
    head: {
      append(script) {
        loaded.push(script.src);
        run(script.src);
        setImmediate(script.onload);
      },
    },
  },
});
const run = (name) => vm.runInContext(fs.readFileSync(path.join(folder, name), "utf8"), context);

async function main() {
  run("search.js");
  run("search/contents.js");
  const search = vm.runInContext("mirrorSearch.search", context);
  const answers = [];
  for (const [query, section, month] of JSON.parse(fs.readFileSync(0, "utf8"))) {
    loaded.length = 0;
    const ids = [];
    for await (const hit of search(query, section, month)) ids.push(hit.doc.id);
    answers.push({ ids, loaded: [...loaded] });
  }
  console.log(JSON.stringify(answers));
}

main();
