"""From the tree to the homes: commits without a trace of the operator, and remotes that fail."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from scrapy.utils.test import get_crawler
from support.commands import command

from demo.articles import made_up_articles
from demo.site import demo_pages
from mirror import settings as shipped
from mirror.config.homes import Home
from mirror.publishing.extension import PublishAtEnd
from mirror.publishing.pushing import Push, push_all
from mirror.publishing.repository import Repository
from mirror.spiders.section import SectionSpider

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

if TYPE_CHECKING:
    from conftest import Mirror

ARTICLES = made_up_articles(40)
OLDER = ARTICLES[6:]
NEW = {article.id for article in ARTICLES[:6] if "nsc418" in article.sections}
URL = "https://github.com/example/mirror/blob/main"
COPY_URL = "https://gitlab.com/example/copy/-/blob/main"
NewMirror = Callable[..., "Mirror"]


def git(folder: Path, *args: str) -> str:
    return subprocess.run(
        ["git", "-C", str(folder), *args], capture_output=True, text=True, check=True
    ).stdout.strip()


def bare(folder: Path) -> Path:
    git(folder.parent, "init", "--quiet", "--bare", "--initial-branch=main", folder.name)
    return folder


def homes(*rows: tuple[str, str, object]) -> str:
    """MIRROR_HOMES of (name, public URL, remote)."""
    return json.dumps(
        [{"name": n, "public_url": u, "remote": str(r), "branch": "main"} for n, u, r in rows]
    )


def tree(folder: Path, commit: str = "HEAD") -> str:
    return git(folder, "rev-parse", f"{commit}^{{tree}}")


def subjects(folder: Path, commit: str = "HEAD") -> list[str]:
    return git(folder, "log", "--format=%s", commit).splitlines()


@pytest.fixture(scope="module")
def crawled(new_mirror: NewMirror) -> Mirror:
    """A section mirrored before its newest articles appeared, never published. Only to be read."""
    mirror = new_mirror(demo_pages(OLDER))
    assert mirror.section("nsc418").returncode == 0
    return mirror


@pytest.fixture(scope="module")
def grown(new_mirror: NewMirror, crawled: Mirror) -> Mirror:
    """The same after the newest were fetched, too. Only to be read."""
    mirror = new_mirror(demo_pages(ARTICLES), crawled)
    assert mirror.section("nsc418").returncode == 0
    assert mirror.articles() - crawled.articles() == NEW
    return mirror


@pytest.fixture
def mirror(new_mirror: NewMirror, crawled: Mirror) -> Mirror:
    """The first of them, to be changed."""
    return new_mirror(demo_pages(ARTICLES), crawled)


def grow(mirror: Mirror, grown: Mirror) -> None:
    """Do what a crawl would do."""
    shutil.copytree(grown.folder, mirror.folder, dirs_exist_ok=True)


@pytest.fixture
def habits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An operator whose Git is set up in every way that could show in a commit."""
    home = tmp_path / "home"
    (home / "hooks").mkdir(parents=True)
    hook = home / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    for name in ("reference-transaction", "pre-push"):
        (home / "hooks" / name).symlink_to(hook)
    (home / ".gitconfig").write_text(
        "[user]\nname = Li Operator\nemail = li@home.example\n[commit]\ngpgSign = true\n"
        f"[core]\nhooksPath = {home}/hooks\nautocrlf = true\nexcludesFile = {home}/ignore\n"
        f"[init]\ntemplateDir = {home}/template\ndefaultBranch = trunk\n"
    )
    (home / "ignore").write_text("*.png\n")
    (home / ".config" / "git").mkdir(parents=True)
    (home / ".config" / "git" / "ignore").write_text("indexes\n")
    (home / ".config" / "git" / "attributes").write_text("*.md filter=secret ident\n")
    for name, value in {
        "HOME": home,
        "TZ": "Asia/Taipei",
        "GIT_AUTHOR_NAME": "Li Operator",
        "EMAIL": "li@home.example",
        "GIT_DIR": "/nonexistent",
        "GIT_COMMITTER_DATE": "2020-01-01 00:00:00 +0800",
    }.items():
        monkeypatch.setenv(name, str(value))
    return home


# ---- commits


def test_commit_shows_what_changed_and_nothing_of_the_operator(
    mirror: Mirror, habits: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = mirror.files()
    (mirror.tree / ".README.md.swp").write_text("li@host /home/li")
    (mirror.tree / "pages" / ".DS_Store").write_text("li")
    (mirror.tree / "README.md.mirror-tmp").write_text("half")
    first = command(mirror, "publish")
    again = command(mirror, "publish")
    monkeypatch.undo()
    assert (first.returncode, again.returncode) == (0, 0)
    assert "nothing new" in again.output
    shown = git(mirror.tree, "log", "--format=%an|%ae|%ad|%cn|%ce|%cd|%s|%b|%G?|%D", "--date=raw")
    time = shown.split("|")[2]
    who = f"mirror|mirror@mirror.invalid|{time}"
    pages = len(mirror.articles())
    assert shown == f"{who}|{who}|同步: 新增 {pages}||N|HEAD -> main"
    assert time.endswith(" +0000")
    assert not time.startswith("157")
    names = git(mirror.tree, "ls-tree", "-r", "--name-only", "-z", "HEAD").strip("\0").split("\0")
    assert set(names) == set(expected)
    everything = subprocess.run(
        ["git", "-C", str(mirror.tree), "cat-file", "--batch-all-objects", "--batch"],
        capture_output=True,
        check=True,
    ).stdout
    traces = (
        socket.gethostname(),
        str(mirror.folder),
        str(Path.cwd()),
        str(Path.home()),
        "Operator",
        "li@",
    )
    assert not [trace for trace in traces if len(trace) > 3 and trace.encode() in everything]
    assert (mirror.tree / ".git" / "hooks").exists() is False


def test_commit_counts_new_changed_and_removed_pages(mirror: Mirror, grown: Mirror) -> None:
    command(mirror, "publish")
    grow(mirror, grown)
    done = command(
        mirror,
        "publish",
        MIRROR_KEEP_PAGES=len(grown.articles()) - 1,
        MIRROR_GIT_NAME="编辑",
        MIRROR_GIT_EMAIL="e@x.example",
        MIRROR_GIT_MESSAGE="+{new} -{removed}",
    )
    assert (done.returncode, len(mirror.articles())) == (0, len(grown.articles()) - 1)
    assert subjects(mirror.tree)[0] == f"+{len(NEW)} -1"
    assert (
        git(mirror.tree, "log", "-1", "--format=%an %ae %cn %ce")
        == "编辑 e@x.example 编辑 e@x.example"
    )


def test_commit_names_the_articles_that_it_brings(mirror: Mirror, grown: Mirror) -> None:
    command(mirror, "publish")
    grow(mirror, grown)
    command(mirror, "publish", MIRROR_GIT_MESSAGE="{titles}")
    new = [article for article in ARTICLES if article.id in NEW]
    newest_first = sorted(new, key=lambda article: article.published, reverse=True)
    titles = git(mirror.tree, "log", "-1", "--format=%B").strip().splitlines()
    assert titles == [article.title for article in newest_first]


def test_links_and_ignored_pages_are_not_published_quietly(mirror: Mirror) -> None:
    (mirror.tree / ".gitignore").write_text("*\n")
    ignored = command(mirror, "publish")
    (mirror.tree / ".gitignore").unlink()
    (mirror.tree / "pages" / "mine.md").symlink_to("/home/li/notes.md")
    link = command(mirror, "publish")
    (mirror.tree / "pages" / "mine.md").unlink()
    assert (link.returncode, ignored.returncode) == (11, 11)
    assert "pages/mine.md" in link.output
    assert ".gitignore" in ignored.output
    assert command(mirror, "publish").returncode == 0
    assert "pages/mine.md" not in git(mirror.tree, "ls-tree", "-r", "--name-only", "HEAD")


def test_repository_round_the_tree_is_left_alone(mirror: Mirror) -> None:
    git(mirror.folder, "init", "--quiet")
    assert command(mirror, "publish").returncode == 0
    assert git(mirror.tree, "rev-parse", "--show-toplevel") == str(mirror.tree)
    assert not list((mirror.folder / ".git" / "refs" / "heads").iterdir())
    assert not (mirror.folder / ".git" / "index").exists()


def test_publishing_goes_on_after_a_power_failure(
    mirror: Mirror, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """What Git had not brought to the disk is empty; the homes have what was pushed."""
    main, copy = bare(tmp_path / "main.git"), bare(tmp_path / "copy.git")
    settings = {"MIRROR_HOMES": homes(("GitHub", URL, main), ("GitLab", COPY_URL, copy))}
    command(mirror, "publish", **settings)
    for name in ("index", "HEAD", "refs/heads/main", "refs/homes/GitHub", "refs/homes/GitLab"):
        (mirror.tree / ".git" / name).write_bytes(b"")
    (mirror.tree / ".git" / "index.lock").touch()
    (mirror.tree / "LICENSE").write_text("free")
    done = command(mirror, "publish", **settings)
    assert done.returncode == 0, done.output
    assert done.output.count("took") == 2
    assert [len(subjects(home, "main")) for home in (main, copy, mirror.tree)] == [2, 2, 2]
    assert "removed index.lock, which a killed git had left" in caplog.text


# ---- what is missing


def test_pages_that_are_lost_are_not_removed_at_the_homes(mirror: Mirror, tmp_path: Path) -> None:
    home = bare(tmp_path / "m.git")
    settings = {"MIRROR_HOMES": homes(("GitHub", URL, home))}
    command(mirror, "publish", **settings)
    oldest = sorted(mirror.tree.glob("pages/**/n*.md"), key=lambda page: page.stem)[:2]
    for page in oldest:
        page.unlink()
    before = tree(home, "main")
    done = command(mirror, "publish", **settings)
    assert (done.returncode, tree(home, "main")) == (11, before)
    assert "2 files that should be there" in done.output
    assert f"{oldest[0].relative_to(mirror.tree)}" in done.output
    assert command(mirror, "publish", "--allow-removals", "1", **settings).returncode == 11
    assert command(mirror, "verify", "--repair", **settings).returncode == 0
    assert command(mirror, "publish", **settings).returncode == 0
    assert tree(home, "main") == before
    for page in oldest:
        page.unlink()
    assert command(mirror, "publish", "--allow-removals", "2", **settings).returncode == 0
    left = git(home, "ls-tree", "-r", "--name-only", "main").splitlines()
    assert str(oldest[0].relative_to(mirror.tree)) not in left


@pytest.mark.parametrize("allowed", ["many", "-1", "1.5"])
def test_removals_to_be_allowed_are_a_number(mirror: Mirror, allowed: str) -> None:
    done = command(mirror, "publish", f"--allow-removals={allowed}")
    assert done.returncode == 2
    assert "--allow-removals" in done.output
    assert not (mirror.tree / ".git").exists()


def test_purged_and_withdrawn_pages_are_removed_at_the_homes(mirror: Mirror) -> None:
    command(mirror, "publish")
    ids = sorted(mirror.articles())
    assert command(mirror, "purge", *ids[:9]).returncode == 0
    assert command(mirror, "publish", MIRROR_KEEP_PAGES=5).returncode == 0
    left = git(mirror.tree, "ls-tree", "-r", "--name-only", "HEAD").splitlines()
    assert len([path for path in left if path.startswith("pages/") and path.endswith(".md")]) == 5


def test_folder_and_database_must_belong_together(mirror: Mirror, grown: Mirror) -> None:
    database = mirror.folder / "state" / "mirror.db"
    known = database.read_bytes()
    database.unlink()
    lost = command(mirror, "publish")
    assert (lost.returncode, "scrapy adopt" in lost.output) == (2, True)
    shutil.copytree(grown.tree, mirror.tree, dirs_exist_ok=True)
    database.write_bytes(known)
    older = command(mirror, "publish")
    assert (older.returncode, "scrapy adopt" in older.output) == (2, True)
    assert command(mirror, "adopt").returncode == 0
    assert command(mirror, "publish").returncode == 0
    shutil.rmtree(mirror.tree / "pages")
    gone = command(mirror, "purge")
    assert (gone.returncode, "scrapy verify --repair" in gone.output) == (2, True)
    assert command(mirror, "verify", "--repair").returncode == 0
    assert "nothing new to commit" in command(mirror, "publish").output


# ---- homes


def test_every_home_gets_a_tree_of_its_own_and_lists_the_others(
    mirror: Mirror, grown: Mirror, new_mirror: NewMirror, tmp_path: Path
) -> None:
    main, copy = bare(tmp_path / "main.git"), bare(tmp_path / "copy.git")
    settings = {"MIRROR_HOMES": homes(("GitHub", URL, main), ("抄本*", COPY_URL, copy))}
    assert command(mirror, "publish", **settings).returncode == 0
    grow(mirror, grown)
    (mirror.tree / "LICENSE").write_text("free")
    done = command(mirror, "publish", **settings)
    assert command(mirror, "publish", **settings).output.count("has it all") == 2
    assert subjects(main, "main") == subjects(copy, "main") == subjects(mirror.tree)
    assert len(subjects(main, "main")) == 2
    assert done.output.count("took") == 2
    readme = git(main, "show", "main:README.md")
    assert (
        f"- GitHub：[https&#58;//github.com/example/mirror/blob/main/README.md]({URL}/README.md)"
        in readme
    )
    assert f"]({COPY_URL}/README.md)" in readme
    # what `render` makes at that address is what the copy is
    there = new_mirror({}, mirror)
    assert command(there, "render", **{**settings, "MIRROR_PUBLIC_URL": COPY_URL}).returncode == 0
    command(there, "publish", **{**settings, "MIRROR_PUBLIC_URL": COPY_URL})
    assert tree(there.tree) == tree(copy, "main")


def test_killed_run_leaves_no_page_of_a_copy_behind(
    mirror: Mirror, grown: Mirror, tmp_path: Path
) -> None:
    """A page on disk whose article is not written down yet comes to the copy when it is."""
    copy = bare(tmp_path / "copy.git")
    settings = {"MIRROR_HOMES": homes(("a", URL, bare(tmp_path / "a.git")), ("b", COPY_URL, copy))}
    page = f"pages/nsc418/{min(NEW)}.md"
    for path in (page, f"{page}.png"):
        (mirror.tree / path).write_bytes((grown.tree / path).read_bytes())
    _take(mirror, Path(page).stem)
    command(mirror, "publish", **settings)
    before = git(copy, "ls-tree", "-r", "--name-only", "main")
    grow(mirror, grown)
    command(mirror, "publish", **settings)
    assert page not in before
    assert COPY_URL in git(copy, "show", f"main:{page}")


def _take(mirror: Mirror, article: str) -> None:
    """Leave an article as a killed run does: taken, and not written down."""
    with closing(sqlite3.connect(mirror.folder / "state/mirror.db")) as database, database:
        database.execute(
            "INSERT INTO frontier (article, url, section, state, reason, attempts, due, taken) "
            "VALUES (?, ?, 'nsc418', 'discovered', '', 0, 0, 0)",
            (article, next(a.url for a in ARTICLES if a.id == article)),
        )


def test_remotes_that_refuse_or_hang_hold_up_no_other_and_get_it_later(
    mirror: Mirror, grown: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    works, refuses, heals = (
        bare(tmp_path / f"{name}.git") for name in ("works", "refuses", "heals")
    )
    hook = refuses / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'not \033[31mhere' >&2\nexit 1\n")
    hook.chmod(0o755)
    ssh, pid = tmp_path / "ssh", tmp_path / "pid"
    ssh.write_text(f"#!/bin/sh\necho $* > {tmp_path}/asked\nsleep 300 &\necho $! > {pid}\nwait\n")
    ssh.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(ssh))
    rows = [
        ("works", URL, works),
        ("refuses", COPY_URL, refuses),
        ("gone", URL, tmp_path / "gone.git"),
    ]
    sick = homes(*rows, ("hangs", URL, "ssh://git@a.invalid/x.git"))
    done = command(mirror, "publish", MIRROR_HOMES=sick, MIRROR_PUSH_TIMEOUT=8)
    lines = dict(line.split(": ", 1) for line in done.output.splitlines())
    assert done.returncode == 11
    assert lines["works"].startswith("took ")
    assert "(pre-receive hook declined)" in lines["refuses"]
    assert "not  [31mhere" in lines["refuses"]
    assert "no answer within 8 seconds" in lines["hangs"]
    assert "does not appear to be a git repository" in lines["gone"]
    assert "BatchMode=yes" in (tmp_path / "asked").read_text()
    assert not is_running(pid.read_text().strip())

    grow(mirror, grown)
    hook.unlink()
    healed = homes(*rows[:2], ("hangs", URL, heals))
    done = command(mirror, "publish", MIRROR_HOMES=healed)
    assert done.returncode == 0
    for remote in (works, refuses, heals):
        assert subjects(remote, "main") == subjects(mirror.tree)
    assert tree(heals, "main") == tree(mirror.tree)


def test_two_interrupts_end_a_push_that_hangs_and_all_that_git_started(
    mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ssh, pids = tmp_path / "ssh", tmp_path / "pids"
    ssh.write_text(
        "#!/bin/sh\ntrap '' INT TERM\n"  # one that ends at no request
        f"sleep 300 &\necho $$ $! > {pids}.new; mv {pids}.new {pids}\nwait\n"
    )
    ssh.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(ssh))
    where = homes(("hangs", URL, "ssh://git@127.0.0.1/x.git"))
    run = mirror.start(
        "crawl", "section", "-aid=nsc418", "-sMIRROR_PUBLISH=1", f"-sMIRROR_HOMES={where}"
    )
    try:
        _wait_until(pids.exists)
        run.send_signal(signal.SIGINT)
        time.sleep(0.2)
        run.send_signal(signal.SIGINT)
        assert run.wait(10) != 0
    finally:
        run.kill()
    _wait_until(lambda: not any(map(is_running, pids.read_text().split())))
    assert subjects(mirror.tree)  # what was to be pushed is committed, for the next run


def _wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def is_running(pid: str) -> bool:
    shown = subprocess.run(["ps", "-o", "stat=", "-p", pid], capture_output=True, text=True)
    return bool(shown.stdout.strip()) and not shown.stdout.startswith("Z")


def test_remote_that_has_moved_on_is_reported_and_never_overwritten(
    mirror: Mirror, grown: Mirror, tmp_path: Path
) -> None:
    remote = bare(tmp_path / "m.git")
    settings = {"MIRROR_HOMES": homes(("here and there", URL, remote))}
    command(mirror, "publish", **settings)
    who = ("-c", "user.name=x", "-c", "user.email=x@y")
    theirs = git(remote, *who, "commit-tree", tree(remote, "main"), "-p", "main", "-m", "theirs")
    git(remote, "update-ref", "refs/heads/main", theirs)
    grow(mirror, grown)
    done = command(mirror, "publish", **settings)
    assert done.returncode == 11
    assert git(remote, "rev-parse", "main") == theirs
    advice = done.output.partition("go on from them: ")[2].partition(", then scrapy publish")[0]
    subprocess.run(advice, shell=True, check=True, capture_output=True)
    assert command(mirror, "publish", **settings).returncode == 0
    assert subjects(remote, "main")[1:] == ["theirs", subjects(mirror.tree)[-1]]
    assert tree(remote, "main") == tree(mirror.tree)


def test_failure_of_publish_is_heard(mirror: Mirror, tmp_path: Path) -> None:
    heard = tmp_path / "heard.json"
    where = homes(("gone", URL, tmp_path / "nowhere.git"))
    notified = {"MIRROR_NOTIFY": f"cp /dev/stdin {heard}", "MIRROR_HOMES": where}
    assert command(mirror, "publish", **notified).returncode == 11
    told = json.loads(heard.read_text("utf-8"))
    assert (told["command"], told["name"]) == ("publish", "UNPUBLISHED")
    assert told["message"].startswith("gone: ")


def test_backlog_is_pushed_in_parts(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    repository = Repository(tmp_path / "out", "mirror", "mirror@mirror.invalid")
    repository.prepare("main")
    commits = [""]
    for number in range(6):
        (tmp_path / "out" / f"{number}.md").write_bytes(os.urandom(10_000))
        commits.append(repository.commit(repository.stage(), commits[-1], str(number)))
    remote = bare(tmp_path / "m.git")
    hook = remote / "hooks" / "post-receive"
    hook.write_text("#!/bin/sh\ncat >> log\n")
    hook.chmod(0o755)
    push = Push(Home("a", URL, str(remote), "main"), "refs/homes/a", commits[-1])
    (pushed,) = push_all(repository, [push], 60, most=25_000)
    assert pushed.is_taken
    parts = [line.split()[1] for line in (remote / "log").read_text().splitlines()]
    assert parts == commits[2::2]


# ---- the end of a crawl


def test_crawl_ends_with_publishing(mirror: Mirror, tmp_path: Path) -> None:
    remote = bare(tmp_path / "m.git")
    heard = tmp_path / "heard.json"
    rows = homes(("GitHub", URL, remote), ("gone", URL, "ssh://git@127.0.0.1:9/my_news.git"))
    settings = {"MIRROR_HOMES": rows, "MIRROR_NOTIFY": f"cp /dev/stdin {heard}"}
    run = mirror.scrapy("crawl", "section", "-aid=nsc418", MIRROR_PUBLISH=1, **settings)
    assert run.returncode == 11
    told = json.loads(heard.read_text("utf-8"))["message"]
    assert told.startswith("gone (ssh://***@127.0.0.1:9/my_news.git) did not take it")
    assert (run.stats["mirror/commits"], run.stats["mirror/homes"]) == (1, 1)
    assert run.stats["mirror/unpublished"] == 1
    assert subjects(remote, "main") == [f"同步: 新增 {len(mirror.articles())}"]
    assert mirror.articles() >= NEW


@pytest.mark.parametrize(
    ("reason", "stats", "is_published"),
    [
        ("finished", {"published": 90, "failed": 9}, True),
        ("finished", {"published": 90, "failed": 11}, False),
        ("finished", {"published": 1, "unchanged": 50, "failed": 5}, True),
        ("finished", {}, True),
        ("finished", {"published": 9, "hollow": 1}, False),
        ("storage", {"published": 9, "storage_errors": 1}, False),
        ("shutdown", {"published": 9}, False),
    ],
)
def test_only_a_good_run_is_published(
    crawled: Mirror, new_mirror: NewMirror, reason: str, stats: dict[str, int], is_published: bool
) -> None:
    mirror = new_mirror({}, crawled)
    given = [part.partition("=")[::2] for part in mirror._command((), {"MIRROR_PUBLISH": 1})[3:]]
    settings = {k: v for k, v in vars(shipped).items() if k.startswith("MIRROR_")}
    settings |= {name.removeprefix("-s"): value for name, value in given}
    crawler = get_crawler(SectionSpider, settings)
    for name, count in stats.items():
        crawler.stats.set_value(f"mirror/{name}", count)
    PublishAtEnd.from_crawler(crawler).spider_closed(reason)
    assert (mirror.tree / ".git").exists() == is_published
