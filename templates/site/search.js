// The search of this site, without a server: the files of search/ are loaded as scripts, since a page that
// was opened from a disk may load nothing else. mirror/exports/site_texts.py and site_index.py write them
// and say what they hold.
"use strict";

const mirrorSearch = (() => {
  const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const TEXTS_PER_FILE = 16;
  const SHARDS_PER_PLACE = 64;
  const TITLE = "+"; // before the first character of pairs of titles
  const SHOWN_AT_A_TIME = 20;
  const MOST_PAIRS = 2; // of a word that are looked up; its text has the last word
  const MOST_WEIGHED = 96; // hits of several words whose nearness is found out before any is shown
  const SNIPPET = 90; // characters
  const LETTER_RE = /[\p{L}\p{N}]/u;
  const DAY_RE = /^(\d{4})[-\/.年](\d{1,2})(?:[-\/.月](\d{1,2})日?|月)?$/;

  const { hasOwnProperty: hasOwn } = Object.prototype;

  let overview = null; // volumes, months, sections, variants
  const arrived = new Map(); // what a script has handed over, by kind and name
  const asked = new Map();

  // ---- files

  function load(kind, name, path) {
    const key = kind + " " + name;
    if (!asked.has(key)) {
      asked.set(key, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = path;
        script.onload = () => (arrived.has(key) ? resolve(arrived.get(key)) : reject(new Error(path)));
        script.onerror = () => { asked.delete(key); reject(new Error(path)); };
        document.head.append(script);
      }));
    }
    return asked.get(key);
  }

  const loadShard = (volume, n) => load("shard", `${volume}/${n}`, `search/${volume}/${n}.js`);
  const loadTexts = (name) => load("texts", name, `search/text/${name}.js`);
  const loadSections = () => load("sections", "", "search/sections.js");

  // ---- articles: each has a number, by the time of its publication

  function volumesAndMonths({ volumes, months, sections, variants }) {
    const found = { volumes: [], months: new Map(), sections, variants: variantsOf(variants), count: 0 };
    let last = null;
    for (const name of Object.keys(months).sort()) {
      const [volume, days] = months[name];
      if (!last || last.name !== volume) {
        last = { name: volume, shards: volumes[volume], start: found.count };
        found.volumes.push(last);
      }
      const start = found.count;
      found.count += days.reduce((a, b) => a + b, 0);
      found.months.set(name, { name, days, start, end: found.count });
      last.end = found.count;
    }
    return found;
  }

  async function article(number) {
    const month = [...overview.months.values()].find((m) => number < m.end);
    const place = number - month.start;
    const texts = await loadTexts(`${month.name}-${Math.floor(place / TEXTS_PER_FILE)}`);
    const [id, title, day, sections, text] = texts[place % TEXTS_PER_FILE];
    return { number, id, title, day, sections: sections.split(" "), month: month.name, text };
  }

  // ---- folding, as site_texts.py does it

  const folded = new Map(); // by the character

  function foldOne(character) {
    const found = [];
    for (const one of character.normalize("NFKC").toLowerCase()) {
      found.push(LETTER_RE.test(one) ? overview.variants.get(one) || one : " ");
    }
    folded.set(character, found);
    return found;
  }

  function fold(text) { // the folded characters, and which one of the text each comes from
    const characters = [], origins = [];
    let at = 0;
    for (const character of text) {
      for (const one of folded.get(character) || foldOne(character)) {
        characters.push(one);
        origins.push(at);
      }
      at += character.length;
    }
    origins.push(at);
    return { characters, origins, text: characters.join("") };
  }

  const words = (text) => [...new Set(fold(text).text.split(" ").filter(Boolean))];

  // ---- which articles may hold words

  function keys(word) {
    const c = Array.from(word);
    if (c.length === 1) return [[c[0], ""]];
    const step = Math.max(1, (c.length - 2) / (MOST_PAIRS - 1)), chosen = [];
    for (let i = 0; i <= c.length - 2; i += step) chosen.push(Math.round(i));
    return chosen.map((i) => [c[i], c[i + 1]]);
  }

  function shardsOf([first, second], count) { // as shard_of does it; of one character, all it may be in
    const spread = Math.max(1, Math.floor(count / SHARDS_PER_PLACE));
    const one = (part) => (first.codePointAt(0) * spread + part) % count;
    if (second) return [one(second.codePointAt(0) % spread)];
    return [...new Set(Array.from({ length: spread }, (_, part) => one(part)))];
  }

  function numbers(digits) {
    const found = [];
    let last = -1, distance = 0;
    for (const digit of digits) {
      const value = DIGITS.indexOf(digit);
      distance = distance * 32 + (value % 32);
      if (value < 32) {
        last += distance + 1;
        found.push(last);
        distance = 0;
      }
    }
    return found;
  }

  async function holders(volume, [first, second]) { // of a pair, in titles and anywhere
    const loaded = shardsOf([first, second], volume.shards).map((n) => loadShard(volume.name, n));
    const titles = new Set(), all = new Set();
    for (const shard of await Promise.all(loaded)) {
      for (const [key, found] of [[first, all], [TITLE + first, titles]]) {
        for (const entry of (hasOwn.call(shard, key) ? shard[key] : "").split(" ")) {
          const [start] = entry;
          if (start && (!second || start === second)) {
            for (const number of numbers(entry.slice(start.length))) found.add(volume.start + number);
          }
        }
      }
    }
    return { titles, all };
  }

  function shared(sets) {
    const [fewest, ...others] = [...sets].sort((a, b) => a.size - b.size);
    return [...fewest].filter((n) => others.every((set) => set.has(n)));
  }

  async function candidates(volume, terms) {
    const longer = terms.filter((term) => Array.from(term).length > 1);
    const chosen = longer.length ? longer : terms; // one character alone is in many shards; the text has it
    const found = await Promise.all(chosen.flatMap(keys).map((key) => holders(volume, key)));
    return { titles: shared(found.map((f) => f.titles)), all: shared(found.map((f) => f.all)) };
  }

  // ---- how well a text holds the words

  function spots(folded, terms) { // of each word, where it begins
    return terms.map((term) => {
      const found = [];
      for (let at = folded.indexOf(term); at >= 0; at = folded.indexOf(term, at + 1)) found.push(at);
      return found;
    });
  }

  function nearest(lists) { // the shortest stretch with a spot of each list, null if one has none
    if (lists.some((list) => !list.length)) return null;
    const at = lists.map(() => 0);
    let best = null;
    for (;;) {
      let low = 0, high = 0;
      lists.forEach((list, i) => {
        if (list[at[i]] < lists[low][at[low]]) low = i;
        if (list[at[i]] > lists[high][at[high]]) high = i;
      });
      const from = lists[low][at[low]], to = lists[high][at[high]];
      if (!best || to - from < best.to - best.from) best = { from, to };
      if (++at[low] === lists[low].length) return best;
    }
  }

  async function weigh(number, terms) {
    const doc = await article(number), folded = fold(doc.text);
    const near = nearest(spots(folded.text, terms));
    const whole = near || nearest(spots(fold(`${doc.title}\n${doc.text}`).text, terms));
    return whole && { doc, folded, near, span: whole.to - whole.from };
  }

  async function inTitle(number, terms) {
    const title = fold((await article(number)).title).text;
    return terms.every((term) => title.includes(term));
  }

  // ---- a search

  async function wanted(query, section, month) {
    const day = DAY_RE.exec(query.trim().normalize("NFKC"));
    const { start, end } = month ? overview.months.get(month) || { start: 0, end: 0 } : { start: 0, end: overview.count };
    const places = section ? new Set(numbers((await loadSections())[section] || "")) : null;
    return {
      terms: words(query),
      day: day && [day[1], ...day.slice(2).filter(Boolean).map((d) => d.padStart(2, "0"))],
      admits: (number) => number >= start && number < end && (!places || places.has(number)),
      volumes: overview.volumes.filter((volume) => volume.start < end && volume.end > start),
    };
  }

  function ofDay([year, month, day]) { // the numbers of the articles of a day or month
    const found = overview.months.get(`${year}-${month}`);
    if (!found) return [];
    const before = (n) => found.start + found.days.slice(0, n).reduce((a, b) => a + b, 0);
    const [from, to] = day ? [before(day - 1), before(Number(day))] : [found.start, found.end];
    return Array.from({ length: to - from }, (_, i) => to - 1 - i);
  }

  const newestFirst = (a, b) => b - a;

  // Yields hits, the best first: { doc, folded, near }. Those of a day asked for come first, then
  // those with all words in their titles, then those whose words stand nearest to each other.
  async function* search(query, section = "", month = "") {
    const { terms, day, admits, volumes } = await wanted(query, section, month);
    if (!terms.length) return;
    const seen = new Set();
    const isNew = (number) => admits(number) && !seen.has(number) && seen.add(number);
    for (const number of day ? ofDay(day).filter(isNew) : []) yield* shown(number);
    const found = await Promise.all(volumes.map((volume) => candidates(volume, terms)));
    for (const number of found.flatMap((f) => f.titles).sort(newestFirst)) {
      if (admits(number) && !seen.has(number) && await inTitle(number, terms)) {
        seen.add(number);
        yield* shown(number);
      }
    }
    const others = found.flatMap((f) => f.all).filter(isNew).sort(newestFirst);
    const weighed = terms.length > 1 ? Math.min(others.length, MOST_WEIGHED) : 0;
    const hits = await Promise.all(others.slice(0, weighed).map((number) => weigh(number, terms)));
    yield* hits.filter(Boolean).sort((a, b) => a.span - b.span || b.doc.number - a.doc.number);
    for (const number of others.slice(weighed)) {
      const hit = await weigh(number, terms);
      if (hit) yield hit;
    }

    async function* shown(number) {
      const doc = await article(number), folded = fold(doc.text);
      const lists = spots(folded.text, terms).filter((list) => list.length);
      yield { doc, folded, near: lists.length ? nearest(lists) : null };
    }
  }

  // ---- showing

  function marked(text, folded, terms, from, to) { // nodes for a part of a text, its words marked
    const nodes = [];
    const ranges = spots(folded.text, terms)
      .flatMap((list, i) => list.map((at) => [at, at + terms[i].length]))
      .map(([a, b]) => [folded.origins[unit(folded, a)], folded.origins[unit(folded, b)]])
      .filter(([a, b]) => a < to && b > from)
      .sort((a, b) => a[0] - b[0]);
    let at = from;
    for (const [a, b] of ranges) {
      if (b <= at) continue;
      nodes.push(text.slice(at, Math.max(at, a)));
      const mark = document.createElement("mark");
      mark.textContent = text.slice(Math.max(at, a), Math.min(b, to));
      nodes.push(mark);
      at = Math.min(b, to);
    }
    nodes.push(text.slice(at, to));
    return nodes;
  }

  function unit(folded, at) { // which folded character stands at a place of the folded text
    if (folded.text.length === folded.characters.length) return at;
    let length = 0, i = 0;
    while (length < at) length += folded.characters[i++].length;
    return i;
  }

  function item(hit, terms) {
    const { doc, folded, near } = hit, { text } = doc;
    const li = document.createElement("li"), a = document.createElement("a"), p = document.createElement("p");
    a.href = `a/${doc.month}/${doc.id}.html`;
    const title = fold(doc.title);
    a.append(...marked(doc.title, title, terms, 0, doc.title.length));
    const small = document.createElement("small");
    small.textContent = `${doc.day} ${doc.sections.map((s) => overview.sections[s] || s).join("、")}`;
    const start = near ? folded.origins[unit(folded, near.from)] : 0;
    const from = Math.max(0, start - SNIPPET / 3), to = Math.min(text.length, from + SNIPPET);
    p.append(from ? "…" : "", ...marked(text, folded, terms, Math.floor(from), Math.floor(to)), to < text.length ? "…" : "");
    li.append(a, " ", small, p);
    return li;
  }

  function start() {
    const form = document.querySelector("form"), list = document.querySelector("#hits");
    const state = document.querySelector("#state"), more = document.querySelector("#more");
    const { q, section, month } = form.elements;
    const option = (select, value, text) => select.append(new Option(text, value));
    for (const [id, name] of Object.entries(overview.sections)) option(section, id, name);
    for (const name of [...overview.months.keys()].reverse()) option(month, name, name);
    const given = new URLSearchParams(location.search);
    for (const field of [q, section, month]) field.value = given.get(field.name) || "";
    let running = 0;

    async function run() {
      const mine = ++running, terms = words(q.value);
      const hits = search(q.value, section.value, month.value);
      list.textContent = "";
      more.hidden = true;
      let count = 0;
      async function page() {
        more.hidden = true;
        state.textContent = "正在搜索…";
        const goal = count + SHOWN_AT_A_TIME;
        try {
          while (count < goal) {
            const { value, done } = await hits.next();
            if (mine !== running) return;
            if (done) {
              state.textContent = count ? `共 ${count} 篇` : terms.length ? "没有找到。" : "";
              return;
            }
            list.append(item(value, terms));
            count += 1;
          }
          state.textContent = `前 ${count} 篇`;
          more.hidden = false;
        } catch (error) {
          state.textContent = `缺少文件：${error.message}。请把压缩包完整解压后再打开。`;
        }
      }
      more.onclick = page;
      await page();
    }

    form.addEventListener("submit", (event) => { event.preventDefault(); run(); });
    for (const field of [section, month]) field.addEventListener("change", run);
    form.hidden = false;
    if (q.value) run();
    q.focus();
  }

  return {
    contents(values) { // its script is the last one of the page
      overview = volumesAndMonths(values);
      if (document.querySelector("#hits")) start();
    },
    sections(name, places) { arrived.set("sections " + name, places); },
    shard(name, entries) { arrived.set("shard " + name, entries); },
    texts(name, texts) { arrived.set("texts " + name, texts); },
    search, fold,
  };

  function variantsOf(table) {
    const characters = Array.from(table), found = new Map();
    for (let i = 0; i < characters.length; i += 2) found.set(characters[i], characters[i + 1]);
    return found;
  }
})();
