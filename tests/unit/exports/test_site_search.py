"""The search of the reader's site: its files, and what a browser finds with them."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from demo.articles import made_up_articles
from mirror.config.themes import template_files
from mirror.exports.site_markup import site_text
from mirror.exports.site_search import (
    Folding,
    SearchEntry,
    SearchVolume,
    contents,
    pairs,
    read_variants,
    shard_count,
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


def site(folder: Path, volumes: dict[str, list[SearchEntry]]) -> Path:
    """Write the files that a search needs."""
    files = {"search.js": FILES["search.js"]}
    shards = {name: shard_count(len(entries)) for name, entries in volumes.items()}
    for name, entries in volumes.items():
        search = SearchVolume(name, shards[name], FOLDING)
        for one in entries:
            files |= dict(search.add(one))
        files |= dict(search.files())
    months = {e.day[:7]: name for name, entries in volumes.items() for e in entries}
    files["search/contents.js"] = contents(shards, months, {"nsc1": "国际"}, FOLDING)
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return folder


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


def test_any_part_of_a_text_is_found_in_either_script(tmp_path: Path) -> None:
    traditional = {pair[1]: pair[0] for pair in reversed(VARIANTS)}
    entries = [
        SearchEntry(
            a.id, a.title, f"{a.published:%Y-%m-%d}", ("nsc1",), site_text(a.body_html).plain
        )
        for a in sorted(made_up_articles(60), key=lambda a: (a.published, a.id))
    ]
    volumes: dict[str, list[SearchEntry]] = {}
    for one in entries:
        volumes.setdefault(one.day[:4], []).append(one)
    folder = site(tmp_path, volumes)
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


def test_a_volume_that_gets_nothing_new_keeps_its_bytes(tmp_path: Path) -> None:
    old = [entry(f"n{n}", "2020-01-01", f"标题{n}", "正文" * n) for n in range(1, 70)]
    site(tmp_path / "a", {"2020": old})
    site(tmp_path / "b", {"2020": old, "2021-01": [entry("n99", "2021-01-01", "新闻")]})
    files = [f for f in (tmp_path / "a/search").rglob("*.js") if f.name != "contents.js"]
    assert len(files) > 6
    for file in files:
        same = tmp_path / "b" / file.relative_to(tmp_path / "a")
        assert same.read_bytes() == file.read_bytes()


def test_ends_of_lines_of_scripts_do_not_end_a_text(tmp_path: Path) -> None:
    folder = site(
        tmp_path, {"2020": [entry("n1", "2020-01-01", "甲\u2028乙", "丙\u2029</script>")]}
    )
    assert all("\u2028" not in f.read_text("utf-8") for f in folder.rglob("docs.js"))
    assert search(folder, "丙")[0].ids == ["n1"]
