"""Two runs on one tree: the second one waits for as long as it was told to, or says who is there."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic, sleep

import pytest
from scrapy.settings import Settings

from mirror.config.options import Options
from mirror.errors import ArgumentError, LockedError
from mirror.store.locking import at_work, only_run


def options(folder: Path, **others: object) -> Options:
    settings = Settings()
    settings.setmodule("mirror.settings")
    settings.update({"MIRROR_OUTPUT": folder / "out", "MIRROR_LOCK_WAIT": 0, **others})
    settings["MIRROR_DATABASE_URL"] = f"sqlite:///{folder}/mirror.db"
    (folder / "out").mkdir(exist_ok=True)
    return Options.from_settings(settings)


@contextmanager
def held_for(seconds: float, folder: Path) -> Iterator[None]:
    """Have another run hold the tree for so long, and go on at once."""
    is_held = Event()

    def hold() -> None:
        with only_run(options(folder), "scrapy first"):
            is_held.set()
            sleep(seconds)

    with ThreadPoolExecutor(1) as pool:
        pool.submit(hold)
        assert is_held.wait(5)
        yield


def test_a_run_waits_for_another_one_to_end(tmp_path: Path) -> None:
    with held_for(0.4, tmp_path):
        begun = monotonic()
        with only_run(options(tmp_path, MIRROR_LOCK_WAIT=10), "scrapy second") as was_cut_off:
            assert monotonic() - begun > 0.3
            assert not was_cut_off


@pytest.mark.parametrize("wait", [0, 1])
def test_a_run_gives_up_when_it_has_waited(tmp_path: Path, wait: int) -> None:
    with held_for(wait + 1, tmp_path):
        begun = monotonic()
        with (
            pytest.raises(LockedError, match="in use by scrapy first"),
            only_run(options(tmp_path, MIRROR_LOCK_WAIT=wait), "scrapy second"),
        ):
            pass
        assert monotonic() - begun >= wait


def test_folder_that_cannot_be_locked_gets_a_lock_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NFS locks files that are open for writing alone."""
    lock = fcntl.flock

    def on_nfs(handle: int, how: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        lock(handle, how)

    monkeypatch.setattr(fcntl, "flock", on_nfs)
    with (
        held_for(0.5, tmp_path),
        pytest.raises(LockedError, match="in use by scrapy first"),
        only_run(options(tmp_path), "scrapy second"),
    ):
        pass
    assert list((tmp_path / "out").iterdir()) == []


def test_run_is_at_work_as_long_as_its_process_lives(tmp_path: Path) -> None:
    settings = options(tmp_path)
    with only_run(settings, "scrapy crawl"):
        run = at_work(settings)
        assert run is not None
        assert {**run, "started": ""} == {"run": "scrapy crawl", "pid": os.getpid(), "started": ""}
        left = (tmp_path / "mirror.db.run").read_text()
    assert at_work(settings) is None
    (tmp_path / "mirror.db.run").write_text(left)
    assert at_work(settings) == run


@pytest.mark.parametrize("was_cut_off", [False, True])
def test_refused_run_was_not_cut_off(tmp_path: Path, was_cut_off: bool) -> None:
    settings, note = options(tmp_path), tmp_path / "mirror.db.run"
    if was_cut_off:
        note.write_text("{}")
    with pytest.raises(ArgumentError), only_run(settings, "scrapy purge n000"):
        raise ArgumentError("article", "n000", "nothing is known of it")
    with only_run(settings, "scrapy crawl") as is_to_be_mended:
        assert is_to_be_mended is was_cut_off


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are not shown")
def test_note_of_a_process_whose_number_lives_again_is_an_old_one(tmp_path: Path) -> None:
    """As in a container, where each run is process 1."""
    settings = options(tmp_path)
    with only_run(settings, "scrapy crawl"):
        left = json.loads((tmp_path / "mirror.db.run").read_text())
    (tmp_path / "mirror.db.run").write_text(json.dumps(left | {"born": "earlier"}))
    assert at_work(settings) is None
