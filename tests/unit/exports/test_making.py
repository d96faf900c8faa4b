"""Files of an export are made one after the other: a run that is killed costs the one it was writing."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path

import pytest

from mirror.exports import making
from mirror.exports.kinds import Kind, Volume
from mirror.exports.making import make
from mirror.exports.room import check_room


class Numbers(Kind):
    """An export of some small files, whose run is killed while it writes one of them."""

    name = "numbers"

    def __init__(self, folder: Path, killed_at: str = ""):
        self.folder, self.killed_at = folder, killed_at
        self.home, self.script, self.given = "", "", {}
        self.catalogue = self

    def watch(self, watcher: object) -> None:
        """No articles are read."""

    def volumes(self) -> list[Volume]:
        return [Volume(f"{number}.txt", "", ()) for number in range(5)]

    def basis(self, volume: Volume) -> Iterator[object]:
        yield volume.path

    def write(self, volume: Volume, file: Path) -> None:
        file.write_text(volume.path)
        if volume.path == self.killed_at:
            file.with_name(f"{file.name}.lock").touch()  # as Git does
            file.with_name(f"{file.name}_index.tmp").mkdir()  # as libzim does
            os.kill(os.getpid(), signal.SIGKILL)


def test_what_was_finished_before_a_kill_is_not_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "_UNSAVED_SECONDS", 0)
    folder = tmp_path / "numbers"
    killed = get_context("fork").Process(target=make, args=(Numbers(folder, "3.txt"), print))
    killed.start()
    killed.join()
    assert killed.exitcode == -signal.SIGKILL
    stamps = {file.name: file.stat().st_mtime_ns for file in folder.glob("*.txt")}
    assert sorted(stamps) == ["0.txt", "1.txt", "2.txt"]
    made = make(Numbers(folder), print)
    assert (made.same, made.new, made.changed) == (3, 2, 0)
    assert {name: (folder / name).stat().st_mtime_ns for name in stamps} == stamps
    assert {file.name for file in folder.iterdir()} == {
        ".made.json",
        *(f"{number}.txt" for number in range(5)),
    }


class Unfinished(Numbers):
    """An export for which the disk has no room."""

    def write(self, volume: Volume, file: Path) -> None:
        file.with_name(f"{file.name}_index.tmp").mkdir()
        check_room(file.parent, 1 << 62)


def test_a_full_disk_is_named_and_nothing_is_left_half_written(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"No space left on device: '.*/0\.txt'"):
        make(Unfinished(tmp_path / "numbers"), print)
    assert not [*(tmp_path / "numbers").glob("*0.txt*")]
