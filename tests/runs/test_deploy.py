"""What an operator copies: the egg for scrapyd, its settings, units and the workflow for GitHub."""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml
from support.mirrors import PUBLIC_URL, ROOT, Mirror

from demo.articles import made_up_articles
from demo.site import demo_pages
from mirror import settings

DEPLOY = ROOT / "deploy"
WORKFLOW = yaml.safe_load((DEPLOY / "github-actions/mirror.yml").read_text("utf-8"))
_CHECK_RELATIVE = """
from mirror import errors, settings
from mirror.config import options
for name, value in (("MIRROR_DATABASE_URL", "sqlite:///mirror.db"), ("MIRROR_THEME", "a/b")):
    try:
        options.Options.from_settings({**vars(settings), name: value}).check()
    except errors.ArgumentError as error:
        print(error)
"""


@pytest.fixture(scope="module")
def egg(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The egg, built as scrapyd-deploy builds it, from a copy of the project."""
    project = tmp_path_factory.mktemp("project")
    for name in ("mirror", "templates"):
        shutil.copytree(ROOT / name, project / name)
    shutil.copy(ROOT / "setup.py", project)
    command = [sys.executable, "setup.py", "-q", "bdist_egg", "-d", "eggs"]
    subprocess.run(command, cwd=project, check=True, capture_output=True)
    (built,) = project.glob("eggs/*.egg")
    return built


def in_egg(
    egg: Path, folder: Path, *args: str, **given: object
) -> subprocess.CompletedProcess[str]:
    """Run Python with the egg in a folder without a project, as scrapyd does."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(egg),
        "SCRAPY_SETTINGS_MODULE": "mirror.settings",
    }
    return subprocess.run(
        [sys.executable, *args],
        cwd=folder,
        env=environment | {k: str(v) for k, v in given.items()},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_the_egg_holds_the_code_and_the_templates(egg: Path) -> None:
    names = set(ZipFile(egg).namelist())
    code = {p.relative_to(ROOT).as_posix() for p in ROOT.glob("mirror/**/*.py")}
    themes = {f"mirror/{p.relative_to(ROOT).as_posix()}" for p in ROOT.glob("templates/*/*")}
    assert code | themes <= names
    assert not [name for name in names if name.startswith(("tests", "demo", "bench", "deploy"))]


def test_an_egg_publishes_with_a_theme_outside_of_it(
    egg: Path, tmp_path: Path, new_mirror: Callable[..., Mirror]
) -> None:
    article = made_up_articles(20)[0]
    mirror = new_mirror(demo_pages([article]))
    theme = tmp_path / "theme"
    theme.mkdir()
    (theme / "footer.md.j2").write_text("our own footer\n", "utf-8")
    run = in_egg(
        egg,
        tmp_path,
        "-m",
        "scrapy",
        "crawl",
        "article",
        "-a",
        f"url={article.url}",
        "-a",
        "_job=1",
        MIRROR_SOURCE_URL=mirror.server.url,
        MIRROR_PUBLIC_URL=PUBLIC_URL,
        MIRROR_THEME=theme,
        MIRROR_OUTPUT=mirror.tree,
        MIRROR_DATABASE_URL=f"sqlite:///{mirror.folder}/state/mirror.db",
    )
    assert run.returncode == 0, run.stdout
    (page,) = (text for path, text in mirror.texts().items() if article.id in path)
    assert "our own footer" in page
    assert article.title[:4] in page


def test_an_egg_demands_absolute_paths(egg: Path, tmp_path: Path) -> None:
    good = {
        "MIRROR_OUTPUT": tmp_path / "output",
        "MIRROR_DATABASE_URL": f"sqlite:///{tmp_path}/mirror.db",
    }
    run = in_egg(egg, tmp_path, "-c", _CHECK_RELATIVE, **good)
    assert "MIRROR_DATABASE_URL=sqlite:///mirror.db: must be an absolute path" in run.stdout
    assert "MIRROR_THEME=a/b: must be an absolute path" in run.stdout


def test_what_is_wrong_stands_in_the_log_of_the_job(egg: Path, tmp_path: Path) -> None:
    folder, log = tmp_path / "scrapyd", tmp_path / "job.log"
    folder.mkdir()
    arguments = ("-a", "id=nsc418", "-s", f"LOG_FILE={log}")
    run = in_egg(egg, folder, "-m", "scrapy", "crawl", "section", *arguments)
    assert run.returncode == 2
    for said in (run.stdout, log.read_text("utf-8")):
        assert "MIRROR_OUTPUT=output: must be an absolute path" in said
    assert not list(folder.iterdir())


def test_the_environment_gives_any_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {name for name in vars(settings) if name.startswith("MIRROR_")}
    for name in names:
        monkeypatch.setenv(name, "given")
    monkeypatch.setenv("LOG_LEVEL", "given")
    now = runpy.run_path(str(ROOT / "mirror/settings.py"))
    assert {name for name, value in now.items() if value == "given"} == names


def test_the_example_settings_exist_and_are_absolute() -> None:
    lines = (DEPLOY / "mirror.env").read_text("utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
    assert given.keys() <= vars(settings).keys()
    assert given["MIRROR_OUTPUT"].startswith("/")
    assert given["MIRROR_DATABASE_URL"].startswith("sqlite:////")


def test_every_file_to_copy_is_explained() -> None:
    explained = (ROOT / "docs/deploy.md").read_text("utf-8")
    for file in DEPLOY.rglob("*"):
        if file.is_file() and file.suffix not in (".py", ".pyc"):
            assert f"{file.relative_to(ROOT)}" in explained


def test_the_workflow_runs_one_at_a_time_with_pinned_actions_and_few_rights() -> None:
    assert WORKFLOW["permissions"] == {"contents": "write"}
    assert WORKFLOW["concurrency"]["cancel-in-progress"] is False
    used = [step["uses"] for step in WORKFLOW["jobs"]["mirror"]["steps"] if "uses" in step]
    assert used
    assert all(re.fullmatch(r"actions/[\w/-]+@[0-9a-f]{40}", action) for action in used)


def test_the_workflow_keeps_the_database_only_of_what_was_pushed() -> None:
    *_, pushed, keep = WORKFLOW["jobs"]["mirror"]["steps"]
    assert keep["uses"].startswith("actions/cache/save@")
    assert f"steps.{pushed['id']}.outcome == 'success'" in keep["if"]


def test_the_workflow_publishes_to_the_repository_it_stands_in() -> None:
    given = WORKFLOW["jobs"]["mirror"]["env"]
    (home,) = json.loads(given["MIRROR_HOMES"])
    assert home["public_url"] == given["MIRROR_PUBLIC_URL"]
    assert home["public_url"] == f"{home['remote']}/blob/{home['branch']}"
