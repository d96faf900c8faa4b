"""Making the files of an export: those that differ, each whole or not at all."""

from __future__ import annotations

import filecmp
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from mirror.config.writing import make_folder
from mirror.exports.kinds import Kind, Volume
from mirror.quantities import duration, megabytes

_RECORD = ".made.json"  # what each file of a folder was made from
_PART = ".part"  # the ending of a file that is being written
_SAMPLE_ARTICLES = 60  # of a dry run
_UNSAVED_SECONDS = 1.0  # of making files whose record is not on disk
_PROGRESS_SECONDS = 30
_FORMAT = 2  # raise it when the same articles give other files


@dataclass(slots=True)
class Made:
    """What came of an export."""

    new: int = 0
    changed: int = 0
    same: int = 0
    articles: int = 0
    bytes: int = 0
    seconds: float = 0.0

    @property
    def files(self) -> int:
        """How many there are."""
        return self.new + self.changed + self.same

    def __str__(self) -> str:
        articles = f"{self.articles} articles, " if self.articles else ""
        return (
            f"{self.files} files ({self.new} new, {self.changed} changed, {self.same} as they were), "
            f"{articles}{megabytes(self.bytes)}, in {duration(self.seconds)}"
        )


def make(kind: Kind, say: Callable[[str], None]) -> Made:
    """Write the volumes of an export that are out of date; `say` gets a line for each.

    A run that was cut off goes on where it was. Raises OSError, and ArgumentError if there is no place for
    them.
    """
    made, start = Made(), time.monotonic()
    _sweep(kind.folder)
    volumes, record = kind.volumes(), _Record(kind.folder)
    if volumes:
        make_folder("MIRROR_EXPORT_FOLDER", kind.folder.parent, kind.folder)
    kind.catalogue.watch(_Progress(say))
    try:
        for number, volume in enumerate(volumes, 1):
            file = kind.folder / volume.path
            outcome = _bring_up_to_date(kind, volume, file, record)
            setattr(made, outcome, getattr(made, outcome) + 1)
            made.articles += len(volume.ids)
            made.bytes += file.stat().st_size
            if outcome != "same":
                articles = f"{len(volume.ids)} articles, " if volume.ids else ""
                size = megabytes(file.stat().st_size)
                say(f"{number}/{len(volumes)} {file}: {articles}{size}, {outcome}")
    finally:
        _sweep(kind.folder)  # what a library left of a file that could not be written
        record.save()
    made.seconds = time.monotonic() - start
    return made


class _Progress:
    """Says now and then how many articles have been read."""

    def __init__(self, say: Callable[[str], None]):
        self.say = say
        self.count = 0
        self.start = self.said = time.monotonic()

    def __call__(self, articles: int) -> None:
        self.count += articles
        now = time.monotonic()
        if now > self.said + _PROGRESS_SECONDS:
            self.said = now
            pace = (now - self.start) / self.count * 1000
            self.say(f"{self.count} articles in {duration(now - self.start)}, {pace:.1f} ms each")


def rehearse(kind: Kind) -> Iterator[str]:
    """Yield in lines what an export would come to, by making it of some articles."""
    volumes = kind.volumes()
    total = sum(len(volume.ids) for volume in volumes)
    size = seconds = 0.0
    if volumes:
        size, seconds = kind.measure(volumes) or _measure(kind, volumes)
    yield f"{len(volumes)} files" + (f", {total} articles" if total else "")
    yield f"about {megabytes(int(size))}, in about {duration(seconds)}"


def _measure(kind: Kind, volumes: list[Volume]) -> tuple[float, float]:
    """Return the size in bytes and the time in seconds that volumes will take, by a sample."""
    largest = kind.sample(volumes)
    ids = largest.ids[:: max(1, len(largest.ids) // _SAMPLE_ARTICLES)][:_SAMPLE_ARTICLES]
    figures = []
    with TemporaryDirectory() as folder:
        for part in (ids[:1], ids):  # the first pays for what is loaded, and shows what none costs
            start = time.monotonic()
            file = Path(folder) / f"{len(part)}{Path(largest.path).suffix}"
            kind.write(replace(largest, ids=part), file)
            figures.append((file.stat().st_size, time.monotonic() - start, len(part)))
    (least, _, one), (size, seconds, count) = figures
    total = sum(len(volume.ids) for volume in volumes)
    each = (size - least) / (count - one) if count > one else size
    base = max(0.0, least - each)
    return base * len(volumes) + each * total, seconds / count * total


def _bring_up_to_date(kind: Kind, volume: Volume, file: Path, record: _Record) -> str:
    """Write a volume if it has to be; return "new", "changed" or "same"."""
    key, was_there = _key(kind, volume), file.is_file()
    if was_there and record.keys.get(volume.path) == key:
        return "same"
    file.parent.mkdir(parents=True, exist_ok=True)
    with replacing(file) as part:
        kind.write(volume, part)
        is_same = was_there and filecmp.cmp(part, file, shallow=False)
    record.note(volume.path, key)
    if is_same:
        return "same"
    return "changed" if was_there else "new"


def _sweep(folder: Path) -> None:
    """Remove what a run that ended early left of the file that it was writing."""
    for left in [*folder.rglob(f".*{_PART}*")]:
        if left.is_dir():  # libzim's
            rmtree(left)
        else:
            left.unlink()


@contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """Give a name to write a file under; it takes the file's place when it is whole and differs."""
    part = file.with_name(f".{file.name}{_PART}")
    part.unlink(missing_ok=True)
    try:
        yield part
        if not (file.is_file() and filecmp.cmp(part, file, shallow=False)):
            with part.open("rb") as written:
                os.fsync(written.fileno())
            part.replace(file)
    except OSError as error:
        error.filename = error.filename or str(file)  # a full disk does not say of itself which one
        raise
    finally:
        part.unlink(missing_ok=True)


class _Record:
    """What the files of a folder were made from, so that those that are as they should be need not be
    made to find that out."""

    def __init__(self, folder: Path):
        self.file = folder / _RECORD
        self.is_saved, self.saved = True, time.monotonic()
        try:
            self.keys = dict(json.loads(self.file.read_text("utf-8")))
        except (OSError, ValueError, TypeError):  # none yet, or damaged: all are made again
            self.keys = {}

    def note(self, path: str, key: str) -> None:
        """Note what a file was made from; a kill costs the notes of a moment."""
        self.keys[path] = key
        self.is_saved = False
        if time.monotonic() >= self.saved + _UNSAVED_SECONDS:
            self.save()

    def save(self) -> None:
        """Write the notes, if there are new ones. Raises OSError."""
        if not self.is_saved:
            with replacing(self.file) as part:
                part.write_text(json.dumps(self.keys, indent=0, sort_keys=True), "utf-8")
            self.is_saved, self.saved = True, time.monotonic()


def _key(kind: Kind, volume: Volume) -> str:
    """Return a hash of all that a volume follows from."""
    given = sorted(kind.given.items())
    found = sha256(repr((_FORMAT, volume.path, volume.title, kind.home, given)).encode())
    if kind.script:
        found.update(kind.script.encode())
    for part in kind.basis(volume):
        found.update(repr(part).encode())
    return found.hexdigest()
