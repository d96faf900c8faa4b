"""The search of the reader's site: its files, and what a browser finds with them."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import pytest

from demo.articles import made_up_articles
from mirror.config.themes import template_files
from mirror.exports.site_index import SearchIndex, pairs, sections_file, shard_count, shard_of
from mirror.exports.site_markup import site_text
from mirror.exports.site_texts import (
    Folding,
    SearchEntry,
    TextFiles,
    contents,
    read_texts,
    read_variants,
)

FILES = template_files("site")
VARIANTS = read_variants(FILES["variants.txt"])
FOLDING = Folding(VARIANTS)
NODE = shutil.which("node")


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("習近平訪問臺灣", "习近平访问台湾"),
        ("ＡＢＣ１２３", "abc123"),
        ("A·B，c", "a b c"),
        ("㎡ ½", "m2 1 2"),
        ("𠮷野家", "𠮷野家"),
    ],
)
def test_what_readers_take_for_the_same_is_made_alike(text: str, folded: str) -> None:
    assert FOLDING(text) == folded


def test_variants_lead_to_characters_that_stay() -> None:
    assert len(VARIANTS) > 2500
    assert all(len(pair) == 2 and pair[0] != pair[1] for pair in VARIANTS)
    assert not {pair[1] for pair in VARIANTS} & {pair[0] for pair in VARIANTS}


def test_no_pair_reaches_over_what_parts_words() -> None:
    assert pairs(FOLDING("国，家 A1")) == {"国", "家", "a1", "1"}


def entry(id: str, day: str, title: str, text: str = "", sections: str = "nsc1") -> SearchEntry:
    return SearchEntry(id, title, day, tuple(sections.split()), text)


def site(folder: Path, volumes: dict[str, list[SearchEntry]], shards: int = 0) -> Path:
    """Write the files that a search needs; `shards` is how many each volume has, if not as usual."""
    files = {"search.js": FILES["search.js"]}
    counts = {name: shards or shard_count(len(entries)) for name, entries in volumes.items()}
    folder.mkdir(exist_ok=True)
    for name, entries in volumes.items():
        index = SearchIndex(name, len(entries), FOLDING, folder)
        index.shards = counts[name]
        for one in entries:
            index.add(one)
        for _, of_month in groupby(entries, lambda e: e.day[:7]):
            files |= texts(list(of_month))
        files |= dict(index.files())
    every = [(name, e) for name, entries in volumes.items() for e in entries]
    days = [(name, e.day) for name, e in every]
    files["search/contents.js"] = contents(counts, days, {"nsc1": "国际"}, FOLDING)
    files |= [sections_file(e.sections for _, e in every)]
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return folder


def texts(of_month: list[SearchEntry]) -> dict[str, str]:
    written = TextFiles(of_month[0].day[:7])
    files = [file for one in of_month for file in written.add(one)]
    return dict([*files, *written.end()])


class Found(NamedTuple):
    ids: list[str]
    loaded: list[str]


def search(folder: Path, *queries: tuple[str, str, str] | str) -> list[Found]:
    if NODE is None:
        pytest.skip("node is not installed")
    asked = [(q, "", "") if isinstance(q, str) else q for q in queries]
    script = Path(__file__).with_name("search_in_node.js")
    done = subprocess.run(
        [NODE, script, folder],
        input=json.dumps(asked),
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=60,
    )
    return [Found(**answer) for answer in json.loads(done.stdout)]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return site(
        tmp_path_factory.mktemp("site"),
        {
            "2020": [
                entry("n1", "2020-03-01", "川普访问日本", "总统说，贸易很重要。" * 9),
                entry(
                    "n2", "2020-04-02", "天气", "川普今天没有出门。" + "雨。" * 50 + "日本", "nsc2"
                ),
                entry("n3", "2020-05-03", "海港", "川普和日本首相会面。COVID-19 的疫苗"),
            ],
            "2021-01": [entry("n4", "2021-01-04", "国会", "川普离任。日本。__proto__")],
        },
    )


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("川普", ["n1", "n4", "n3", "n2"]),  # in the title, then the newest
        ("川普 日本", ["n1", "n3", "n4", "n2"]),  # in the title, then the nearest
        ("國會", ["n4"]),
        ("国", ["n4"]),
        ("covid", ["n3"]),
        ("19", ["n3"]),
        ("川普今天", ["n2"]),
        ("普川", []),
        ("疫苗有效", []),
        ("2020-04-02", ["n2"]),
        ("2020年3月", ["n1"]),
        ("，。", []),
        ("constructor", []),
        ("__proto__", ["n4"]),
        ("", []),
    ],
)
def test_hits_come_in_order(small: Path, query: str, ids: list[str]) -> None:
    assert search(small, query)[0].ids == ids


def test_filters_leave_out_and_need_not_load(small: Path) -> None:
    by_section, by_month = search(small, ("川普", "nsc2", ""), ("日本", "", "2020-05"))
    assert by_section.ids == ["n2"]
    assert by_month.ids == ["n3"]
    assert not any("2021-01" in path for path in by_month.loaded)


def made_up(count: int) -> list[SearchEntry]:
    return [
        SearchEntry(
            a.id, a.title, f"{a.published:%Y-%m-%d}", ("nsc1",), site_text(a.body_html).plain
        )
        for a in sorted(made_up_articles(count), key=lambda a: (a.published, a.id))
    ]


@pytest.mark.parametrize("shards", [0, 150])
def test_any_part_of_a_text_is_found_in_either_script(tmp_path: Path, shards: int) -> None:
    traditional = {pair[1]: pair[0] for pair in reversed(VARIANTS)}
    entries = made_up(60)
    volumes: dict[str, list[SearchEntry]] = {}
    for one in entries:
        volumes.setdefault(one.day[:4], []).append(one)
    folder = site(tmp_path, volumes, shards)
    chance = random.Random(1)
    wanted, queries = [], []
    while len(queries) < 80:
        one = chance.choice(entries)
        text = chance.choice((one.title, one.text or one.title))
        start, length = chance.randrange(len(text)), chance.randint(1, 6)
        part = text[start : start + length]
        if not any(c.isalnum() for c in part):
            continue
        queries.append("".join(traditional.get(c, c) for c in part) if len(queries) % 2 else part)
        wanted.append(one.id)
    answers = search(folder, *queries)
    lost = [q for q, id, found in zip(queries, wanted, answers, strict=True) if id not in found.ids]
    assert lost == []


def test_the_script_is_for_browsers_of_old_phones_too() -> None:
    newer = r"\?\.[a-z\[(]|\?\?|\.at\(|Object\.hasOwn|replaceChildren|replaceAll|catch \{|#[a-z]+\("
    assert re.findall(newer, FILES["search.js"]) == []


def test_a_query_needs_two_files_of_a_volume_at_most(tmp_path: Path) -> None:
    folder = site(tmp_path, {"2020": [entry("n1", "2020-01-01", "国务院新闻办公室")]}, 90)
    for query in ("国务", "国务院", "国务院新闻办公室"):
        (found,) = search(folder, query)
        shards = [path for path in found.loaded if "/2020/" in path]
        assert (found.ids, len(shards) <= 2) == (["n1"], True)


def test_one_character_beside_a_word_is_looked_for_in_texts(tmp_path: Path) -> None:
    entries = [entry("n1", "2020-01-01", "国务院，室"), entry("n2", "2020-01-02", "国务院")]
    (found,) = search(site(tmp_path, {"2020": entries}, 640), "国务院 室")
    assert (found.ids, len([path for path in found.loaded if "/2020/" in path])) == (["n1"], 2)


def test_what_begins_with_a_character_is_in_few_shards() -> None:
    seconds = [chr(code) for code in range(ord("一"), ord("一") + 900)]
    assert {shard_of(f"国{c}", 63) for c in seconds} == {shard_of("国", 63)}
    assert len({shard_of(f"国{c}", 64 * 5) for c in seconds}) == 5


def test_an_index_is_the_same_however_often_it_was_set_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = made_up(60)
    site(tmp_path / "a", {"2020": entries})
    monkeypatch.setattr("mirror.exports.site_index._ARTICLES_IN_MEMORY", 7)
    site(tmp_path / "b", {"2020": entries})
    shards = list((tmp_path / "a/search/2020").iterdir())
    assert len(shards) == 2
    assert all(f.read_bytes() == (tmp_path / "b/search/2020" / f.name).read_bytes() for f in shards)
    assert [f for f in (tmp_path / "b").iterdir() if f.is_file()] == [tmp_path / "b/search.js"]


def test_texts_are_read_back(tmp_path: Path) -> None:
    entries = [
        entry(f"n{n}", "2020-01-01", f'"标题"{n}', "正\u2028文\\);\n" * n) for n in range(20)
    ]
    files = texts(entries)
    assert list(files) == ["search/text/2020-01-0.js", "search/text/2020-01-1.js"]
    assert [e for content in files.values() for e in read_texts(content)] == entries


def test_a_volume_that_gets_nothing_new_keeps_its_bytes(tmp_path: Path) -> None:
    old = [entry(f"n{n}", "2020-01-01", f"标题{n}", "正文" * n) for n in range(1, 70)]
    site(tmp_path / "a", {"2020": old})
    site(tmp_path / "b", {"2020": old, "2021-01": [entry("n99", "2021-01-01", "新闻")]})
    changing = {"contents.js", "sections.js"}
    files = [f for f in (tmp_path / "a/search").rglob("*.js") if f.name not in changing]
    assert len(files) > 6
    for file in files:
        same = tmp_path / "b" / file.relative_to(tmp_path / "a")
        assert same.read_bytes() == file.read_bytes()


def test_ends_of_lines_of_scripts_do_not_end_a_text(tmp_path: Path) -> None:
    folder = site(
        tmp_path, {"2020": [entry("n1", "2020-01-01", "甲\u2028乙", "丙\u2029</script>")]}
    )
    assert all("\u2028" not in f.read_text("utf-8") for f in folder.rglob("*.js"))
    assert search(folder, "丙")[0].ids == ["n1"]
