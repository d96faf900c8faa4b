"""Files to pass on, made of the demo site by `scrapy export`."""

from __future__ import annotations

import base64
import re
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Callable
from contextlib import closing
from hashlib import sha1, sha256
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit
from zipfile import ZipFile

import pytest
from lxml import etree, html
from support.commands import Done, command
from support.mirrors import PUBLIC_URL, Mirror

from demo.articles import made_up_articles
from demo.site import demo_pages

ARTICLES = made_up_articles(40)
XHTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"
OPF = "{http://www.idpf.org/2007/opf}"


@pytest.fixture(scope="module")
def mirror(new_mirror: Callable[..., Mirror]) -> Mirror:
    mirror = new_mirror(demo_pages(ARTICLES))
    assert mirror.section("nsc413,nsc418").returncode == 0
    return mirror


@pytest.fixture(scope="module")
def pictured(mirror: Mirror, new_mirror: Callable[..., Mirror]) -> Mirror:
    """A copy of it that keeps pictures."""
    ours = new_mirror(demo_pages(ARTICLES), mirror)
    assert ours.scrapy("crawl", "pictures", MIRROR_PICTURES="20k/1M").stats["mirror/pictures_kept"]
    return ours


@pytest.fixture
def export(mirror: Mirror, tmp_path: Path) -> Callable[..., Done]:
    def run(*args: str, **settings: object) -> Done:
        settings = {"MIRROR_EXPORT_FOLDER": tmp_path, **settings}
        return command(mirror, "export", *args, **settings)

    return run


def content(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def words(element: etree._Element) -> str:
    return squeezed("".join(element.itertext()))


def squeezed(text: str) -> str:
    """The visible characters of a text."""
    return re.sub(r"[\s\u200b-\u200f\ufeff]", "", text)


def books(folder: Path) -> dict[str, ZipFile]:
    return {file.name: ZipFile(file) for file in sorted(folder.glob("epub/*.epub"))}


def test_books_hold_each_article_of_their_month(
    mirror: Mirror, export: Callable[..., Done], tmp_path: Path
) -> None:
    done = export("epub", "-aid=nsc418")
    assert done.returncode == 0, done.output
    found = {
        name.removesuffix(".xhtml").removeprefix("EPUB/")
        for book in books(tmp_path).values()
        for name in book.namelist()
        if re.search(r"/n\d+\.xhtml$", name)
    }
    listed = "".join(t for p, t in mirror.texts().items() if p.startswith("indexes/nsc418/"))
    assert found == set(re.findall(r"n\d+(?=\.md\))", listed)) != set()
    assert all(re.fullmatch(r"nsc418-\d{4}-\d\d\.epub", name) for name in books(tmp_path))


@pytest.mark.parametrize("words", [("epub",), ("epub", "-aby=day"), ("epub", "-aday=2018-09-16")])
def test_articles_at_a_closed_home_are_in_the_books(
    mirror: Mirror, new_mirror: Callable[..., Mirror], tmp_path: Path, words: tuple[str, ...]
) -> None:
    ours = new_mirror(demo_pages(ARTICLES), mirror)
    assert command(ours, "export", *words, MIRROR_EXPORT_FOLDER=tmp_path / "old").returncode == 0
    new = {"MIRROR_PUBLIC_URL": f"{PUBLIC_URL}2", "MIRROR_OUTPUT": tmp_path / "tree"}
    move = (f"--public-url={PUBLIC_URL}2", f"--output={tmp_path}/tree")
    inside = command(ours, "rollover", move[0], f"--output={ours.tree}/tree")
    assert (inside.returncode, "must lie outside of" in inside.output) == (2, True)
    assert command(ours, "rollover", *move).returncode == 0
    done = command(ours, "export", *words, MIRROR_EXPORT_FOLDER=tmp_path / "new", **new)
    assert done.returncode == 0, done.output
    old, moved = ({n: b.namelist() for n, b in books(tmp_path / f).items()} for f in ("old", "new"))
    assert moved == old != {}


def test_a_book_is_whole(export: Callable[..., Done], tmp_path: Path) -> None:
    export("epub")
    for book in books(tmp_path).values():
        names = book.namelist()
        assert (names[0], book.infolist()[0].compress_type) == ("mimetype", 0)
        package = etree.fromstring(book.read("EPUB/package.opf"))
        items = [item.get("href") for item in package.iter(f"{OPF}item")]
        assert sorted(f"EPUB/{item}" for item in items if item != "package.opf") == sorted(
            name for name in names[2:] if name != "EPUB/package.opf"
        )
        ids = {item.get("id") for item in package.iter(f"{OPF}item")}
        assert {ref.get("idref") for ref in package.iter(f"{OPF}itemref")} <= ids
        used = {"nav.xhtml", "toc.ncx"}  # readers' programs open them by themselves
        for name in names:
            if name.endswith((".xhtml", ".svg", ".ncx")):
                page = etree.fromstring(book.read(name))
                used |= {link.get("href") for link in page.iter(f"{XHTML}link")}
                targets = [a.get("href") for a in page.iter(f"{XHTML}a")]
                targets += [img.get("src") for img in page.iter(f"{XHTML}img")]
                inside = [t for t in targets if not re.match("https?:|mailto:", t)]
                used |= {*inside}
                assert {f"EPUB/{target}" for target in inside} <= set(names), name
                assert all(not e.get("src", "").startswith("http") for e in page.iter())
        assert {*items} == used | {"cover.xhtml"}  # epubcheck's OPF-097


def test_words_on_the_cover_are_within_it_whatever_the_reader_can(
    export: Callable[..., Done], tmp_path: Path
) -> None:
    export("epub")
    for book in books(tmp_path).values():
        cover = etree.fromstring(book.read("EPUB/cover.svg"))
        for text in cover.iter(f"{SVG}text"):  # from the left: MuPDF knows no other anchor
            widths = (1 if ord(letter) > 0x2E80 else 0.6 for letter in text.text)
            end = float(text.get("x")) + sum(widths) * float(text.get("font-size"))
            assert end < float(cover.get("width")) - 24
        assert "text-anchor" not in book.read("EPUB/cover.svg").decode()


def test_text_of_each_article_is_in_its_chapter(
    mirror: Mirror, export: Callable[..., Done], tmp_path: Path
) -> None:
    export("epub")
    chapters = {}
    for book in books(tmp_path).values():
        for name in book.namelist():
            if found := re.search(r"/(n\d+)\.xhtml$", name):
                page = etree.fromstring(book.read(name))
                chapters[found[1]] = (words(page), book.read(name).decode())
    shown = {article.id: article for article in ARTICLES}
    assert set(chapters) == mirror.articles()
    for id, (text, page) in chapters.items():
        article = shown[id]
        assert squeezed(article.title) in text
        assert f"{PUBLIC_URL}/" in page and "home.png" in page
        paragraphs = re.findall(r"<p>([^<]{10,})</p>", article.body_html)
        lost = [p for p in map(unescape, paragraphs) if squeezed(p) not in text]
        assert lost == [], id


def test_same_articles_give_the_same_bytes_and_nothing_is_written_again(
    export: Callable[..., Done], tmp_path: Path
) -> None:
    export("epub")
    first = content(tmp_path)
    stamps = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.epub")}
    again = export("epub")
    assert re.search(r"\d+ files \(0 new, 0 changed, \d+ as they were\)", again.output)
    for record in tmp_path.rglob(".made.json"):
        record.unlink()
    export("epub")
    assert {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.epub")} == stamps
    for file in stamps:
        file.unlink()
    export("epub")
    assert content(tmp_path) == first


def test_a_paper_of_a_day_has_its_contents_by_section(
    export: Callable[..., Done], tmp_path: Path
) -> None:
    done = export("epub", "-aby=day")
    assert done.returncode == 0, done.output
    assert all(re.fullmatch(r"all-\d{4}-\d\d-\d\d\.epub", name) for name in books(tmp_path))
    for book in books(tmp_path).values():
        nav = etree.fromstring(book.read("EPUB/nav.xhtml"))
        groups = [words(span) for span in nav.iter(f"{XHTML}span")]
        assert set(groups) <= {"国际", "大陆新闻"} and len(set(groups)) == len(groups)


def test_a_book_of_a_tag_has_the_articles_with_it(
    export: Callable[..., Done], tmp_path: Path
) -> None:
    tag = next(tag for article in ARTICLES for tag in article.tags)
    assert export("epub", f"-atag={tag}").returncode == 0
    (book,) = books(tmp_path).values()
    chapters = {name[5:-6] for name in book.namelist() if re.search(r"/n\d+\.xhtml$", name)}
    assert chapters == {article.id for article in ARTICLES if tag in article.tags}


def test_dry_run_tells_what_it_would_come_to_and_writes_nothing(
    export: Callable[..., Done], tmp_path: Path
) -> None:
    done = export("epub", "--dry-run")
    assert done.returncode == 0
    assert re.search(r"\d+ files, \d+ articles\nabout [\d.]+ MB, in about [\d.]+ s", done.output)
    assert content(tmp_path) == {}


@pytest.mark.parametrize("kind", ["epub", "site", "zim"])
def test_an_export_of_nothing_says_so_and_leaves_nothing(
    export: Callable[..., Done], tmp_path: Path, kind: str
) -> None:
    if kind == "zim":
        pytest.importorskip("libzim", reason="requirements-exports.txt")
    done = export(kind, "-atag=no such tag")
    assert (done.returncode, "No article is as asked for" in done.output) == (0, True)
    assert [*tmp_path.iterdir()] == []


def test_copies_of_an_empty_tree_are_none(
    new_mirror: Callable[..., Mirror], tmp_path: Path
) -> None:
    done = command(new_mirror({}), "export", "bundle", MIRROR_EXPORT_FOLDER=tmp_path)
    assert (done.returncode, "There is nothing to copy" in done.output) == (0, True), done.output
    assert [*tmp_path.iterdir()] == []


def test_a_section_without_articles_is_named_beside_those_that_have_some(
    export: Callable[..., Done], tmp_path: Path
) -> None:
    for words in (("-aid=nsc418,nsc481",), ("-aid=nsc481", "--dry-run")):
        done = export("epub", *words)
        said = "no article of nsc481 is stored; there are articles of nsc413, nsc418"
        assert (done.returncode, said in done.output) == (2, True), done.output
    assert [*tmp_path.iterdir()] == []


def test_a_crawl_exports_the_sections_that_have_articles_and_names_the_others(
    mirror: Mirror, new_mirror: Callable[..., Mirror], tmp_path: Path
) -> None:
    ours = new_mirror(demo_pages(ARTICLES), mirror)
    settings = {"MIRROR_EXPORTS": "epub id=nsc481,nsc418", "MIRROR_EXPORT_FOLDER": tmp_path}
    run = ours.scrapy("crawl", "section", "-aid=nsc418", **settings)
    assert (run.returncode, "no article of nsc481 is stored" in run.output) == (0, True)
    assert {*books(tmp_path)} == {b for b in books(tmp_path) if b.startswith("nsc418-")} != set()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "kind="),
        (("paper",), "kind=paper: must be one of"),
        (("epub", "-aid=nowhere!"), "id=nowhere!"),
        (("epub", "-atag="), "tag=: is empty"),
        (("epub", "-aby="), "by=: is empty; leave it out"),
        (("bundle", "-awebseeds=,"), "webseeds=,: is empty"),
        (("epub", "-ascript=tw"), "script=tw: must be one of hans, hant (status"),
        (("epub", "-amonth=2021-13"), "month=2021-13: must be a month such as 2021-12"),
        (("epub", "-aday=2021-12-32"), "day=2021-12-32"),
        (("epub", "-ayear=2021", "-asince=2021-01-01"), "cannot be given together with since"),
        (("epub", "-asince=2021-02-01", "-auntil=2021-01-01"), "must not be later than"),
        (("epub", "-aby=week"), "by=week: must be one of month, day"),
        (("epub", "-apictures=png"), "pictures=png: must be one of webp, jpeg"),
        (("epub", "-acolour=red"), "colour=red"),
        (("epub", "-acolour"), "-a=colour: must be NAME=VALUE"),
        (("bundle", "-aid=nsc418"), "id=nsc418: bundle takes webseeds"),
        (("bundle", "-awebseeds=https:///news.zip"), "must be http(s) addresses"),
        (("bundle", "-awebseeds=https://a.example/a b"), "must be http(s) addresses"),
        (("bundle", "-awebseeds=news.zip"), "webseeds=news.zip: must be http(s) addresses"),
        (("epub", "--max-bytes", "many"), "max_bytes=many: must be a whole number"),
    ],
)
def test_wrong_arguments_end_it_before_anything_is_done(
    export: Callable[..., Done], tmp_path: Path, args: tuple[str, ...], said: str
) -> None:
    done = export(*args)
    assert (done.returncode, said in done.output) == (2, True), done.output
    assert content(tmp_path) == {}


def test_no_public_address_is_shown_where_there_is_none(
    mirror: Mirror, export: Callable[..., Done], tmp_path: Path, new_mirror: Callable[..., Mirror]
) -> None:
    private = new_mirror(demo_pages(ARTICLES[:3]))
    assert (
        private.scrapy(
            "crawl", "section", "-aid=nsc418", MIRROR_PUBLIC_URL="https://mirror.invalid"
        ).returncode
        == 0
    )
    done = command(
        private,
        "export",
        "epub",
        MIRROR_PUBLIC_URL="https://mirror.invalid",
        MIRROR_EXPORT_FOLDER=tmp_path,
    )
    assert done.returncode == 0, done.output
    for book in books(tmp_path).values():
        assert all(b"mirror.invalid" not in book.read(name) for name in book.namelist())


def chapters(folder: Path) -> dict[str, str]:
    """The words of each chapter by the id of its article, without its time."""
    found = {}
    for book in books(folder).values():
        for name in book.namelist():
            if re.search(r"/n\d+\.xhtml$", name):
                article = etree.fromstring(book.read(name)).find(f".//{XHTML}article")
                article.remove(article.find(f"{XHTML}p[@class='byline']"))
                found[name[5:-6]] = words(article)
    return found


def test_adopted_pages_are_exported_word_by_word(
    mirror: Mirror, new_mirror: Callable[..., Mirror], export: Callable[..., Done], tmp_path: Path
) -> None:
    export("epub", MIRROR_EXPORT_FOLDER=tmp_path / "1")
    ours = new_mirror(demo_pages(ARTICLES), mirror)
    (ours.folder / "state/mirror.db").unlink()
    assert command(ours, "adopt").returncode == 0
    done = command(ours, "export", "epub", MIRROR_EXPORT_FOLDER=tmp_path / "2")
    assert done.returncode == 0, done.output
    first, second = chapters(tmp_path / "1"), chapters(tmp_path / "2")
    assert first.keys() == second.keys()
    assert [id for id in first if first[id] != second[id]] == []


def test_pictures_that_are_kept_are_in_the_books_up_to_their_budget(
    pictured: Mirror, tmp_path: Path
) -> None:
    for size, has_pictures in (("10000000", True), ("1", False)):
        folder = tmp_path / size
        done = command(pictured, "export", "epub", "--max-bytes", size, MIRROR_EXPORT_FOLDER=folder)
        assert done.returncode == 0, done.output
        found = [n for book in books(folder).values() for n in book.namelist() if ".webp" in n]
        assert bool(found) == has_pictures
    for book in books(tmp_path / "10000000").values():
        shown = [n for n in book.namelist() if b".webp" in book.read(n) and n.endswith(".xhtml")]
        assert len(shown) == sum(name.endswith(".webp") for name in book.namelist())


def test_pictures_are_jpeg_for_old_phones_if_asked_for(pictured: Mirror, tmp_path: Path) -> None:
    done = command(pictured, "export", "epub", "-apictures=jpeg", MIRROR_EXPORT_FOLDER=tmp_path)
    assert done.returncode == 0, done.output
    found = 0
    for book in books(tmp_path).values():
        pictures = {name for name in book.namelist() if name.endswith(".jpeg")}
        found += len(pictures)
        assert all(book.read(name).startswith(b"\xff\xd8\xff") for name in pictures)
        package = etree.fromstring(book.read("EPUB/package.opf"))
        items = {i.get("href"): i.get("media-type") for i in package.iter(f"{OPF}item")}
        assert all(items[name.removeprefix("EPUB/")] == "image/jpeg" for name in pictures)
        assert not any("webp" in name or b".webp" in book.read(name) for name in book.namelist())
    assert found


def test_a_picture_in_the_site_without_text_or_caption_goes_by_the_title(
    pictured: Mirror, new_mirror: Callable[..., Mirror], tmp_path: Path
) -> None:
    ours = new_mirror({}, pictured)
    with closing(sqlite3.connect(ours.folder / "state/mirror.db")) as database, database:
        database.execute("UPDATE articles SET lead_caption = '' WHERE section = 'nsc413'")
        known = database.execute("SELECT title, lead_alt, lead_caption FROM articles").fetchall()
    assert command(ours, "export", "site", MIRROR_EXPORT_FOLDER=tmp_path).returncode == 0
    with ZipFile(tmp_path / "site/all.zip") as site:
        names = [name for name in site.namelist() if name.endswith(".html")]
        pages = [html.fromstring(site.read(name).decode()) for name in names]
    shown = {
        page.findtext(".//h1"): picture.get("alt")
        for page in pages
        for picture in page.iterfind(".//figure/img")
    }
    right = {title: text or ("" if caption else title) for title, text, caption in known}
    assert shown == {title: right[title] for title in shown}
    without = {title for title, text, caption in known if not (text or caption)}
    assert without & shown.keys() and "" in shown.values()


def test_a_crawl_ends_with_the_exports_that_are_asked_for(
    mirror: Mirror, new_mirror: Callable[..., Mirror], tmp_path: Path
) -> None:
    ours = new_mirror(demo_pages(ARTICLES), mirror)
    settings = {"MIRROR_EXPORTS": "epub id=nsc418", "MIRROR_EXPORT_FOLDER": tmp_path}
    run = ours.scrapy("crawl", "section", "-aid=nsc418", **settings)
    assert (run.returncode, run.stats["mirror/exported"]) == (0, len(books(tmp_path)))
    stamps = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*")}
    again = ours.scrapy("crawl", "section", "-aid=nsc418", **settings)
    assert again.stats["mirror/exported"] == 0
    assert {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*")} == stamps


@pytest.mark.parametrize("exports", ["paper", "epub by", "epub by=week", "epub 'id=x"])
def test_wrong_exports_stop_a_crawl_before_its_first_request(
    mirror: Mirror, tmp_path: Path, exports: str
) -> None:
    run = mirror.scrapy("crawl", "section", "-aid=nsc418", MIRROR_EXPORTS=exports)
    assert (run.returncode, run.asked) == (2, [])
    assert "MIRROR_EXPORTS" in run.output


# ---- copies


@pytest.fixture
def published(mirror: Mirror, new_mirror: Callable[..., Mirror]) -> Mirror:
    ours = new_mirror(demo_pages(ARTICLES), mirror)
    assert command(ours, "publish").returncode == 0
    return ours


def public(mirror: Mirror) -> dict[str, bytes]:
    return {path: c for path, c in mirror.files().items() if not path.startswith(".git/")}


def git(folder: Path, *args: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *args], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def copies(mirror: Mirror, folder: Path, *args: str) -> Done:
    return command(mirror, "export", "bundle", *args, MIRROR_EXPORT_FOLDER=folder)


def test_a_bundle_is_a_home_again_and_the_next_one_brings_what_is_new(
    published: Mirror, tmp_path: Path
) -> None:
    assert copies(published, tmp_path).returncode == 0
    whole, clone = tmp_path / "bundle/news.bundle", tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", str(whole), str(clone))
    files = {p: c for p, c in content(clone).items() if not p.startswith(".git/")}
    assert files == public(published)
    (published.tree / "new.md").write_text("新")
    git(published.tree, "add", "new.md")
    git(published.tree, "-c", "user.name=m", "-c", "user.email=m@a.invalid", "commit", "-qm", "新")
    assert copies(published, tmp_path).returncode == 0
    (update,) = (tmp_path / "bundle").glob("news-*.bundle")
    assert update.stat().st_size < whole.stat().st_size / 5
    git(clone, "pull", "--quiet", str(update), "HEAD")
    assert git(clone, "rev-parse", "HEAD") == git(published.tree, "rev-parse", "HEAD")
    done = copies(published, tmp_path)
    assert " 0 new, 0 changed" in done.output.replace("(", " "), done.output


def test_copies_have_the_same_bytes_each_time_and_sums_that_hold(
    published: Mirror, tmp_path: Path
) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    assert copies(published, first).returncode == copies(published, second).returncode == 0
    made = {p: c for p, c in content(first).items() if ".made" not in p}
    assert made == {p: c for p, c in content(second).items() if ".made" not in p}
    sums = dict(line.split("  ")[::-1] for line in made["bundle/SHA256SUMS"].decode().splitlines())
    assert sums == {
        name.removeprefix("bundle/"): sha256(copy).hexdigest()
        for name, copy in made.items()
        if name != "bundle/SHA256SUMS"
    }
    with ZipFile(first / "bundle/news.zip") as packed:
        assert {name: packed.read(name) for name in packed.namelist()} == public(published)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    minisign = pytest.importorskip("minisign", reason="requirements-exports.txt")
    file = tmp_path / "news.key"
    file.write_bytes(bytes(minisign.KeyPair.generate().secret_key) + b"\n")
    file.chmod(0o600)
    return file


def test_sums_are_signed_by_a_key_and_tell_nothing_else(
    published: Mirror, key: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    import minisign

    settings = {"MIRROR_EXPORT_FOLDER": tmp_path / "out", "MIRROR_SIGN_KEY": key}
    done = command(published, "export", "bundle", **settings)
    assert done.returncode == 0 and "chmod" not in caplog.text, done.output
    sums = tmp_path / "out/bundle/SHA256SUMS"
    signature = sums.with_name("SHA256SUMS.minisig")
    public = minisign.SecretKey.from_file(key).get_public_key()
    public.verify_file(sums, minisign.Signature.from_file(signature))
    lines = signature.read_text().splitlines()
    assert lines[::2] == ["untrusted comment: signature", "trusted comment: signature"]
    first = signature.read_bytes()
    signature.unlink()
    command(published, "export", "bundle", **settings)
    assert signature.read_bytes() == first
    if tool := shutil.which("minisign"):
        check = [tool, "-V", "-m", sums, "-P", public.to_base64().decode()]
        assert subprocess.run(check, capture_output=True).returncode == 0
        sums.write_text(sums.read_text().replace("0", "1"))
        assert subprocess.run(check, capture_output=True).returncode == 1


def test_a_key_that_others_may_read_is_named(
    published: Mirror, key: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    key.chmod(0o644)
    settings = {"MIRROR_EXPORT_FOLDER": tmp_path / "out", "MIRROR_SIGN_KEY": key}
    done = command(published, "export", "bundle", **settings)
    assert (done.returncode, caplog.text.count("chmod 600")) == (0, 1), done.output


def bad_key(kind: str, key: Path, tree: Path) -> Path:
    import minisign

    if kind == "missing":
        return key.with_name("none.key")
    if kind == "in the tree":
        return key.rename(tree / "news.key")
    content = key.read_bytes()
    if kind == "password":
        secret = minisign.SecretKey.from_bytes(content)
        secret.encrypt("secret", opslimit=32768, memlimit=16777216)
        content = bytes(secret) + b"\n"
    elif kind == "damaged":
        comment, line = content.splitlines()
        data = bytearray(base64.b64decode(line))
        data[70] ^= 1  # of the secret half
        content = comment + b"\n" + base64.b64encode(data) + b"\n"
    else:
        content = b"-----BEGIN PRIVATE KEY-----\n"
    key.write_bytes(content)
    return key


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("missing", "cannot be read: No such file"),
        ("in the tree", "must not lie in"),
        ("password", "has a password"),
        ("damaged", "must be a secret key of minisign"),
        ("another format", "must be a secret key of minisign"),
    ],
)
def test_a_key_that_cannot_sign_is_refused_before_the_work(
    mirror: Mirror,
    new_mirror: Callable[..., Mirror],
    key: Path,
    tmp_path: Path,
    kind: str,
    said: str,
) -> None:
    ours = new_mirror(demo_pages(ARTICLES), mirror)
    settings = {
        "MIRROR_EXPORT_FOLDER": tmp_path / "out",
        "MIRROR_SIGN_KEY": bad_key(kind, key, ours.tree),
    }
    done = command(ours, "export", "bundle", **settings)
    assert (done.returncode, "MIRROR_SIGN_KEY" in done.output) == (2, True), done.output
    assert said in done.output
    assert not (tmp_path / "out").exists()
    run = ours.scrapy("crawl", "section", "-aid=nsc418", MIRROR_EXPORTS="bundle", **settings)
    assert (run.returncode, run.asked) == (2, [])


def test_a_torrent_tells_nothing_but_its_file(published: Mirror, tmp_path: Path) -> None:
    seed = "https://a.example/news.zip"
    assert copies(published, tmp_path, f"-awebseeds={seed}").returncode == 0
    packed = (tmp_path / "bundle/news.zip").read_bytes()
    found = (tmp_path / "bundle/news.zip.torrent").read_bytes()
    assert found.startswith(b"d4:infod6:lengthi%de4:name8:news.zip12:piece lengthi" % len(packed))
    assert found.endswith(b"e8:url-listl%d:%bee" % (len(seed), seed.encode()))
    assert sha1(packed[: 1 << 14]).digest() in found


def test_tar_of_the_tree_has_every_file(published: Mirror, tmp_path: Path) -> None:
    zstandard = pytest.importorskip("zstandard", reason="requirements-exports.txt")
    assert copies(published, tmp_path).returncode == 0
    with (
        zstandard.ZstdDecompressor().stream_reader(
            (tmp_path / "bundle/news.tar.zst").open("rb")
        ) as unpacked,
        tarfile.open(fileobj=unpacked, mode="r|") as packed,
    ):
        files = {entry.name: packed.extractfile(entry).read() for entry in packed}
    assert files == public(published)


@pytest.mark.parametrize("name", ["news.bundle", "news.zip"])
def test_a_copy_becomes_a_mirror_again(
    published: Mirror, new_mirror: Callable[..., Mirror], tmp_path: Path, name: str
) -> None:
    assert copies(published, tmp_path).returncode == 0
    ours = new_mirror(demo_pages(ARTICLES))
    dry = command(ours, "adopt", str(tmp_path / "bundle" / name), "--dry-run")
    assert (dry.returncode, ours.files()) == (0, {})
    done = command(ours, "adopt", str(tmp_path / "bundle" / name))
    assert done.returncode == 0, done.output
    count = len(published.articles())
    assert f"{count} articles adopted, 0 known" in done.output
    assert public(ours) == public(published)
    again = command(ours, "adopt", str(tmp_path / "bundle" / name))
    assert (again.returncode, "an empty folder alone" in again.output) == (2, True)


def test_a_zip_of_a_stranger_writes_nothing_outside_of_the_tree(
    mirror: Mirror, new_mirror: Callable[..., Mirror], tmp_path: Path
) -> None:
    page = next(path for path in mirror.texts() if path.startswith("pages/"))
    with ZipFile(tmp_path / "x.zip", "w") as packed:
        for name in (
            "../out.md",
            "/tmp/out.md",
            ".git/config",
            "a/.git/x.md",
            "run.sh",
            "a/../b.md",
        ):
            packed.writestr(name, "x")
        packed.writestr(page, mirror.files()[page])
    ours = new_mirror(demo_pages(ARTICLES))
    done = command(ours, "adopt", str(tmp_path / "x.zip"))
    assert (done.returncode, "6 files left out" in done.output) == (0, True), done.output
    assert set(ours.files()) == {page}
    (tmp_path / "bad.zip").write_bytes(b"PK nothing")
    other = new_mirror(demo_pages(ARTICLES))
    assert command(other, "adopt", str(tmp_path / "bad.zip")).returncode == 2


# ---- ZIM


def test_an_archive_is_whole_finds_words_and_has_the_same_bytes_each_time(
    mirror: Mirror, export: Callable[..., Done], tmp_path: Path
) -> None:
    reader = pytest.importorskip("libzim.reader", reason="requirements-exports.txt")
    from libzim.search import Query, Searcher

    done = export("zim")
    assert done.returncode == 0, done.output
    (file,) = tmp_path.glob("zim/*.zim")
    archive = reader.Archive(file)
    assert archive.check()
    assert archive.get_metadata("Language") == b"zho"
    assert archive.main_entry.get_item().path == "home"
    for article in ARTICLES:
        if article.id not in mirror.articles():
            continue
        entry = archive.get_entry_by_path(article.id)
        page = html.fromstring(bytes(entry.get_item().content))
        assert squeezed(entry.title) == squeezed(article.title)
        paragraphs = map(unescape, re.findall(r"<p>([^<]{10,})</p>", article.body_html))
        assert [p for p in paragraphs if squeezed(p) not in words(page)] == []
        targets = [a.get("href") for a in page.iter("a") if ":" not in a.get("href")]
        assert all(map(archive.has_entry_by_path, targets))
        original = urlsplit(article.url).path.strip("/")
        assert archive.get_entry_by_path(original).get_redirect_entry().path == article.id
        word = re.findall("[\u4e00-\u9fff]{2}", article.title)[0]
        found = Searcher(archive).search(Query().set_query(word)).getResults(0, 100)
        assert article.id in set(found)
    first = file.read_bytes()
    file.unlink()
    export("zim")
    assert file.read_bytes() == first


@pytest.mark.parametrize(("by", "pattern"), [("year", r"\d{4}"), ("month", r"\d{4}-\d\d")])
def test_archives_of_times_share_out_all_articles(
    mirror: Mirror, export: Callable[..., Done], tmp_path: Path, by: str, pattern: str
) -> None:
    reader = pytest.importorskip("libzim.reader", reason="requirements-exports.txt")
    done = export("zim", f"-aby={by}")
    assert done.returncode == 0, done.output
    found: list[str] = []
    for file in tmp_path.glob("zim/*.zim"):
        archive = reader.Archive(file)
        time = re.fullmatch(f"news-all-({pattern})", file.stem)[1]
        assert archive.check()
        assert archive.get_metadata("Name").decode() == f"news_zho_all-{time}"
        assert archive.get_metadata("Title").decode() == f"新闻 {time}"
        assert archive.get_metadata("Date").decode().startswith(time)
        found += [id for id in mirror.articles() if archive.has_entry_by_path(id)]
    assert sorted(found) == sorted(mirror.articles())
    assert export("zim", "-aby=day").returncode == 2


def test_an_archive_needs_its_library(
    export: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mirror.exports.zim.find_spec", lambda name: None)
    done = export("zim")
    assert (done.returncode, "pip install -r requirements-exports.txt" in done.output) == (2, True)


# ---- an archive that becomes a mirror again


@pytest.fixture
def archive(mirror: Mirror, tmp_path: Path) -> Path:
    pytest.importorskip("libzim", reason="requirements-exports.txt")
    done = command(mirror, "export", "zim", MIRROR_EXPORT_FOLDER=tmp_path / "first")
    assert done.returncode == 0, done.output
    return tmp_path / "first/zim/news-all.zim"


def test_an_archive_becomes_a_mirror_with_the_same_pages(
    mirror: Mirror, new_mirror: Callable[..., Mirror], archive: Path, tmp_path: Path
) -> None:
    ours = new_mirror(demo_pages(ARTICLES))
    dry = command(ours, "adopt", str(archive), "--dry-run")
    assert (dry.returncode, ours.files()) == (0, {}), dry.output
    done = command(ours, "adopt", str(archive))
    assert done.returncode == 0, done.output
    assert f"{len(mirror.articles())} articles adopted, 0 known" in done.output
    assert public(ours) == public(mirror)
    again = command(ours, "export", "zim", MIRROR_EXPORT_FOLDER=tmp_path / "second")
    assert again.returncode == 0, again.output
    assert (tmp_path / "second/zim/news-all.zim").read_bytes() == archive.read_bytes()
    run = ours.section("nsc413,nsc418")
    assert run.returncode == 0 and run.stats.get("mirror/published", 0) == 0
    once_more = command(ours, "adopt", str(archive))
    assert f"0 articles adopted, {len(mirror.articles())} known" in once_more.output


def test_archives_of_times_become_one_mirror(
    mirror: Mirror, new_mirror: Callable[..., Mirror], tmp_path: Path
) -> None:
    pytest.importorskip("libzim", reason="requirements-exports.txt")
    command(mirror, "export", "zim", "-aby=month", MIRROR_EXPORT_FOLDER=tmp_path)
    ours = new_mirror(demo_pages([]))
    for file in sorted(tmp_path.glob("zim/*.zim")):
        dry, done = (command(ours, "adopt", str(file), *more) for more in (["--dry-run"], []))
        assert (dry.returncode, done.returncode) == (0, 0), dry.output + done.output
        assert dry.output.startswith(done.output)
    links = (
        f"{PUBLIC_URL}/pages/nsc418/".encode()
    )  # from one archive to another they lead to the home
    found, wanted = (
        {path: page.replace(links, b"") for path, page in public(one).items()}
        for one in (ours, mirror)
    )
    assert found == wanted
    assert "0 differences" in command(ours, "verify").output
    for page in ours.tree.glob("pages/*/n*.md"):
        page.unlink()
    lost = command(ours, "adopt", str(file))
    assert (lost.returncode, "scrapy verify --repair" in lost.output) == (2, True)


@pytest.mark.parametrize(("at", "said"), [(0, "is no ZIM that can be read"), (4000, "is damaged")])
def test_a_damaged_archive_is_refused(
    new_mirror: Callable[..., Mirror], archive: Path, tmp_path: Path, at: int, said: str
) -> None:
    content = bytearray(archive.read_bytes())
    content[at + 8] ^= 0xFF
    bad = tmp_path / "bad.zim"
    bad.write_bytes(content if at else content[:100])
    ours = new_mirror(demo_pages(ARTICLES[:1]))
    done = command(ours, "adopt", str(bad))
    assert (done.returncode, ours.files()) == (2, {}), done.output
    assert said in done.output, done.output
