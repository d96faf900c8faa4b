CREATE TABLE adopted (
    article TEXT COLLATE "C" NOT NULL,
    markdown TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (article)
);

CREATE TABLE articles (
    id TEXT COLLATE "C" NOT NULL,
    site TEXT COLLATE "C" NOT NULL,
    url TEXT COLLATE "C" NOT NULL,
    section TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    published TEXT COLLATE "C" NOT NULL,
    updated TEXT COLLATE "C",
    lead_image TEXT COLLATE "C" NOT NULL,
    lead_alt TEXT COLLATE "C" NOT NULL,
    lead_caption TEXT COLLATE "C" NOT NULL,
    reporter TEXT COLLATE "C" NOT NULL,
    editor TEXT COLLATE "C" NOT NULL,
    tags TEXT COLLATE "C" NOT NULL,
    removed BOOLEAN NOT NULL,
    path TEXT COLLATE "C" NOT NULL,
    fingerprint TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE away (
    article TEXT COLLATE "C" NOT NULL,
    home TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (article)
);

CREATE TABLE claims (
    article TEXT COLLATE "C" NOT NULL,
    crawl TEXT COLLATE "C" NOT NULL,
    worker INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (article)
);

CREATE INDEX claimed_by ON claims (crawl, worker);

CREATE TABLE crawls (
    crawl TEXT COLLATE "C" NOT NULL,
    asked TEXT COLLATE "C" NOT NULL,
    run INTEGER NOT NULL,
    started INTEGER,
    finished INTEGER,
    walker INTEGER,
    begun BOOLEAN,
    discovered BOOLEAN,
    PRIMARY KEY (crawl)
);

CREATE TABLE filled (
    article TEXT COLLATE "C" NOT NULL,
    version TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (article)
);

CREATE TABLE frontier (
    seq SERIAL NOT NULL,
    article TEXT COLLATE "C" NOT NULL,
    url TEXT COLLATE "C" NOT NULL,
    section TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    attempts INTEGER NOT NULL,
    due INTEGER,
    taken INTEGER,
    day TEXT COLLATE "C",
    etag TEXT COLLATE "C",
    modified TEXT COLLATE "C",
    batch TEXT COLLATE "C" DEFAULT '' NOT NULL,
    PRIMARY KEY (seq),
    UNIQUE (article)
);

CREATE INDEX waiting ON frontier (batch, due, seq) WHERE due IS NOT NULL;

CREATE INDEX waiting_by_day ON frontier (batch, day, due, seq) WHERE due IS NOT NULL;

CREATE TABLE held (
    article TEXT COLLATE "C" NOT NULL,
    day TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    version TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (article)
);

CREATE TABLE homes (
    url TEXT COLLATE "C" NOT NULL,
    section TEXT COLLATE "C" NOT NULL,
    closed TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (url, section)
);

CREATE TABLE links (
    source TEXT COLLATE "C" NOT NULL,
    target TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (source, target)
);

CREATE INDEX linked ON links (target);

CREATE TABLE listings (
    section TEXT COLLATE "C" NOT NULL,
    article TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    published TEXT COLLATE "C",
    PRIMARY KEY (section, article)
);

CREATE INDEX newest ON listings (section, published, article);

CREATE INDEX sections_of ON listings (article);

CREATE TABLE places (
    section TEXT COLLATE "C" NOT NULL,
    day TEXT COLLATE "C" NOT NULL,
    page INTEGER NOT NULL,
    PRIMARY KEY (section, day)
);

CREATE TABLE present (
    url TEXT COLLATE "C" NOT NULL,
    whole BOOLEAN NOT NULL,
    PRIMARY KEY (url)
);

CREATE TABLE ranges (
    section TEXT COLLATE "C" NOT NULL,
    since TEXT COLLATE "C" NOT NULL,
    until TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (section, since)
);

CREATE TABLE runs (
    id SERIAL NOT NULL,
    spider TEXT COLLATE "C" NOT NULL,
    arguments TEXT COLLATE "C" NOT NULL,
    started TEXT COLLATE "C" NOT NULL,
    ended TEXT COLLATE "C",
    status INTEGER,
    figures TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE stale (
    kind TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (kind, key)
);

CREATE TABLE tallies (
    name TEXT COLLATE "C" NOT NULL,
    counts TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (name)
);

CREATE TABLE walks (
    section TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    reached TEXT COLLATE "C" NOT NULL,
    since TEXT COLLATE "C",
    pages INTEGER,
    PRIMARY KEY (section, kind)
);

CREATE TABLE workers (
    id SERIAL NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    crawl TEXT COLLATE "C" NOT NULL,
    run INTEGER NOT NULL,
    started INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    ended INTEGER,
    answers INTEGER NOT NULL,
    rate FLOAT NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX members ON workers (crawl, run);
