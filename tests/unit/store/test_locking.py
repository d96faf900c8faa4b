"""Two runs on one tree: the second one waits for as long as it was told to, or says who is there."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic, sleep

import pytest
from scrapy.settings import Settings

from mirror.config.options import Options
from mirror.errors import LockedError
from mirror.store.locking import only_run


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
