CREATE TABLE articles (
    id TEXT NOT NULL,
    site TEXT NOT NULL,
    url TEXT NOT NULL,
    section TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    published TEXT NOT NULL,
    updated TEXT,
    lead_image TEXT NOT NULL,
    lead_alt TEXT NOT NULL,
    lead_caption TEXT NOT NULL,
    reporter TEXT NOT NULL,
    editor TEXT NOT NULL,
    tags TEXT NOT NULL,
    removed BOOLEAN NOT NULL,
    path TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE listings (
    section TEXT NOT NULL,
    article TEXT NOT NULL,
    title TEXT NOT NULL,
    published TEXT,
    PRIMARY KEY (section, article)
);

CREATE INDEX sections_of ON listings (article);

CREATE INDEX newest ON listings (section, published, article);

CREATE TABLE links (
    source TEXT NOT NULL,
    target TEXT NOT NULL,
    PRIMARY KEY (source, target)
);

CREATE INDEX linked ON links (target);

CREATE TABLE adopted (
    article TEXT NOT NULL,
    markdown TEXT NOT NULL,
    PRIMARY KEY (article)
);

CREATE TABLE away (
    article TEXT NOT NULL,
    home TEXT NOT NULL,
    PRIMARY KEY (article)
);

CREATE TABLE stale (
    kind TEXT NOT NULL,
    "key" TEXT NOT NULL,
    PRIMARY KEY (kind, "key")
);

CREATE TABLE frontier (
    seq INTEGER NOT NULL,
    article TEXT NOT NULL,
    url TEXT NOT NULL,
    section TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    due INTEGER,
    taken INTEGER,
    day TEXT,
    etag TEXT,
    modified TEXT,
    batch TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (seq),
    UNIQUE (article)
);

CREATE INDEX waiting ON frontier (batch, due, seq) WHERE due IS NOT NULL;

CREATE INDEX waiting_by_day ON frontier (batch, day, due, seq) WHERE due IS NOT NULL;

CREATE TABLE homes (
    url TEXT NOT NULL,
    section TEXT NOT NULL,
    closed TEXT NOT NULL,
    PRIMARY KEY (url, section)
);

CREATE TABLE present (
    url TEXT NOT NULL,
    whole BOOLEAN NOT NULL,
    PRIMARY KEY (url)
);

CREATE TABLE held (
    article TEXT NOT NULL,
    day TEXT NOT NULL,
    reason TEXT NOT NULL,
    version TEXT NOT NULL,
    PRIMARY KEY (article)
);

CREATE TABLE tallies (
    name TEXT NOT NULL,
    counts TEXT NOT NULL,
    PRIMARY KEY (name)
);

CREATE TABLE walks (
    section TEXT NOT NULL,
    kind TEXT NOT NULL,
    reached TEXT NOT NULL,
    since TEXT,
    pages INTEGER,
    PRIMARY KEY (section, kind)
);

CREATE TABLE runs (
    id INTEGER NOT NULL,
    spider TEXT NOT NULL,
    arguments TEXT NOT NULL,
    started TEXT NOT NULL,
    ended TEXT,
    status INTEGER,
    figures TEXT NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE filled (
    article TEXT NOT NULL,
    version TEXT NOT NULL,
    PRIMARY KEY (article)
);

CREATE TABLE crawls (
    crawl TEXT NOT NULL,
    asked TEXT NOT NULL,
    run INTEGER NOT NULL,
    started INTEGER,
    finished INTEGER,
    walker INTEGER,
    begun BOOLEAN,
    discovered BOOLEAN,
    PRIMARY KEY (crawl)
);

CREATE TABLE workers (
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    crawl TEXT NOT NULL,
    run INTEGER NOT NULL,
    started INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    ended INTEGER,
    answers INTEGER NOT NULL,
    rate FLOAT NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX members ON workers (crawl, run);

CREATE TABLE ranges (
    section TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT NOT NULL,
    PRIMARY KEY (section, since)
);

CREATE TABLE places (
    section TEXT NOT NULL,
    day TEXT NOT NULL,
    page INTEGER NOT NULL,
    PRIMARY KEY (section, day)
);
