// The search of this site, without a server: the files of search/ are loaded as scripts, since a page that
// was opened from a disk may load nothing else. mirror/exports/site_search.py writes them and says what
// they hold.
"use strict";

const mirrorSearch = (() => {
  const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const TEXTS_PER_FILE = 16;
  const SHOWN_AT_A_TIME = 20;
  const MOST_PAIRS = 4; // of a word that are looked up; its text has the last word
  const MOST_WEIGHED = 96; // hits of several words whose nearness is found out before any is shown
  const SNIPPET = 90; // characters
  const LETTER_RE = /[\p{L}\p{N}]/u;
  const DAY_RE = /^(\d{4})[-\/.年](\d{1,2})(?:[-\/.月](\d{1,2})日?|月)?$/;

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

  const loadDocs = (volume) => load("docs", volume, `search/${volume}/docs.js`);
  const loadShard = (volume, n) => load("shard", `${volume}/${n}`, `search/${volume}/${n}.js`);
  const loadTexts = (name) => load("texts", name, `search/text/${name}.js`);

  function docsArrived(volume, rows) {
    const seen = new Map(); // how many of a month came before
    arrived.set("docs " + volume, rows.map(([id, title, day, sections], number) => {
      const month = day.slice(0, 7), place = seen.get(month) || 0;
      seen.set(month, place + 1);
      return { id, title, day, sections: sections.split(" "), volume, number, month, place };
    }));
  }

  async function textOf(doc) {
    const texts = await loadTexts(`${doc.month}-${Math.floor(doc.place / TEXTS_PER_FILE)}`);
    return texts[doc.place % TEXTS_PER_FILE];
  }

  // ---- folding, as site_search.py does it

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

  // ---- which articles may hold a word

  function keys(word) {
    const c = Array.from(word);
    if (c.length === 1) return [[c[0], ""]];
    const starts = [];
    for (let i = 0; i + 1 < c.length; i += 2) starts.push(i);
    if (c.length % 2) starts.push(c.length - 2);
    const step = Math.max(1, starts.length / MOST_PAIRS);
    const chosen = [];
    for (let i = 0; i < starts.length; i += step) chosen.push(starts[Math.floor(i)]);
    return chosen.map((i) => [c[i], c[i + 1]]);
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

  async function holders(volume, [first, second]) {
    const shard = await loadShard(volume, first.codePointAt(0) % overview.volumes[volume]);
    const found = new Set();
    for (const entry of (Object.hasOwn(shard, first) ? shard[first] : "").split(" ")) {
      const [start] = entry;
      if (start && (!second || start === second)) {
        for (const number of numbers(entry.slice(start.length))) found.add(number);
      }
    }
    return found;
  }

  async function candidates(volume, terms) {
    const sets = await Promise.all(terms.flatMap(keys).map((key) => holders(volume, key)));
    sets.sort((a, b) => a.size - b.size);
    const [fewest, ...others] = sets;
    const kept = fewest ? [...fewest].filter((n) => others.every((set) => set.has(n))) : [];
    if (!kept.length) return [];
    const docs = await loadDocs(volume);
    return kept.map((n) => docs[n]);
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

  async function weigh(doc, terms) {
    const text = await textOf(doc);
    const folded = fold(text);
    const near = nearest(spots(folded.text, terms));
    const whole = near || nearest(spots(fold(`${doc.title}\n${text}`).text, terms));
    return whole && { doc, text, folded, near, span: whole.to - whole.from };
  }

  // ---- a search

  function wanted(query, section, month) {
    const day = DAY_RE.exec(query.trim().normalize("NFKC"));
    const prefix = day && [day[1], ...day.slice(2).filter(Boolean).map((d) => d.padStart(2, "0"))].join("-");
    return {
      terms: words(query), prefix, section,
      admits: (doc) => (!section || doc.sections.includes(section)) && (!month || doc.month === month),
      volumes: Object.keys(overview.volumes).filter((v) => !month || overview.months[month] === v),
    };
  }

  async function ofDay(wish) {
    const within = Object.keys(overview.months).filter((m) => wish.prefix.startsWith(m));
    const volumes = new Set(within.map((m) => overview.months[m]));
    const lists = await Promise.all(wish.volumes.filter((v) => volumes.has(v)).map(loadDocs));
    return lists.flat().filter((doc) => doc.day.startsWith(wish.prefix));
  }

  const newestFirst = (a, b) => (a.day < b.day ? 1 : a.day > b.day ? -1 : b.number - a.number);

  // Yields hits, the best first: { doc, text, folded, near }. Those of a day asked for come first, then
  // those with all words in their titles, then those whose words stand nearest to each other.
  async function* search(query, section = "", month = "") {
    const wish = wanted(query, section, month);
    if (!wish.terms.length) return;
    const seen = new Set();
    const isNew = (doc) => wish.admits(doc) && !seen.has(doc) && seen.add(doc);
    if (wish.prefix) {
      for (const doc of (await ofDay(wish)).filter(isNew).sort(newestFirst)) yield* shown(doc);
    }
    const lists = await Promise.all(wish.volumes.map((volume) => candidates(volume, wish.terms)));
    const found = lists.flat().filter(isNew).sort(newestFirst);
    const inTitle = (doc) => { const t = fold(doc.title).text; return wish.terms.every((w) => t.includes(w)); };
    const titled = new Set(found.filter(inTitle));
    for (const doc of titled) yield* shown(doc);
    const others = found.filter((doc) => !titled.has(doc));
    const weighed = wish.terms.length > 1 ? Math.min(others.length, MOST_WEIGHED) : 0;
    const hits = await Promise.all(others.slice(0, weighed).map((doc) => weigh(doc, wish.terms)));
    yield* hits.filter(Boolean).sort((a, b) => a.span - b.span || newestFirst(a.doc, b.doc));
    for (const doc of others.slice(weighed)) {
      const hit = await weigh(doc, wish.terms);
      if (hit) yield hit;
    }

    async function* shown(doc) {
      const text = await textOf(doc), folded = fold(text);
      const lists = spots(folded.text, wish.terms).filter((list) => list.length);
      yield { doc, text, folded, near: lists.length ? nearest(lists) : null };
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
    const { doc, text, folded, near } = hit;
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
    for (const name of Object.keys(overview.months).sort().reverse()) option(month, name, name);
    const given = new URLSearchParams(location.search);
    for (const field of [q, section, month]) field.value = given.get(field.name) || "";
    let running = 0;

    async function run() {
      const mine = ++running, terms = words(q.value);
      const hits = search(q.value, section.value, month.value);
      list.replaceChildren();
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
      overview = { ...values, variants: variantsOf(values.variants) };
      if (document.querySelector("#hits")) start();
    },
    docs: docsArrived,
    shard(volume, number, entries) { arrived.set(`shard ${volume}/${number}`, entries); },
    texts(name, texts) { arrived.set("texts " + name, texts); },
    search, fold,
  };

  function variantsOf(table) {
    const characters = Array.from(table), found = new Map();
    for (let i = 0; i < characters.length; i += 2) found.set(characters[i], characters[i + 1]);
    return found;
  }
})();
