"""The published tree as files: a Git bundle, what is new in it, a zip, a tar.zst, a torrent, sums and
their signature."""

from __future__ import annotations

import re
import tarfile
import time
from collections.abc import Iterator, Mapping
from functools import cached_property
from hashlib import sha256
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from mirror.config.options import Options
from mirror.errors import ArgumentError
from mirror.exports.kinds import Kind, Volume
from mirror.exports.selection import Selection
from mirror.exports.signing import ENDING, Signer
from mirror.exports.torrents import torrent
from mirror.exports.zips import ReproducibleZip
from mirror.pages.tree import Tree
from mirror.publishing.bundles import bundled_commit, is_behind, newest_commit, write_bundle
from mirror.publishing.repository import Repository

_BUNDLE, _ZIP, _TAR, _SUMS = "news.bundle", "news.zip", "news.tar.zst", "SHA256SUMS"
_TORRENT = f"{_ZIP}.torrent"
_SIGNATURE = f"{_SUMS}{ENDING}"
_SMALL = (_TORRENT, _SUMS, _SIGNATURE)
_SUMMED = (".bundle", ".zip", ".zst", ".torrent")
_COMPRESSION_LEVEL = 10
_SHORT = 12  # characters of a commit in a file's name
_WEBSEED_RE = re.compile(r"https?://[A-Za-z0-9\[][!-~]*")
_SAMPLE_FILES = 200


class Bundle(Kind):
    """Copies of the tree and its history, each of which can become a home again."""

    name = "bundle"
    selects = False
    arguments = ("webseeds",)

    def __init__(self, options: Options, selection: Selection, given: Mapping[str, str]):
        super().__init__(options, selection, given)
        self.webseeds = [seed for seed in given.get("webseeds", "").split(",") if seed]
        for seed in self.webseeds:
            if not _WEBSEED_RE.fullmatch(seed):
                raise ArgumentError("webseeds", seed, "must be http(s) addresses, with commas")
        self.tree = Tree(options.output)
        key = options.exporting.sign_key
        public = (options.output, options.exporting.folder)
        self.signer = Signer(key, public) if key else None

    def open(self) -> None:
        """Open the database, and say it if the key is open to others."""
        super().open()
        if self.signer:
            self.signer.warn()

    @cached_property
    def repository(self) -> Repository:
        publishing = self.options.publishing
        return Repository(self.options.output, publishing.name, publishing.email)

    def volumes(self) -> list[Volume]:
        """Return the copies that can be made: bundles need a repository, tar.zst a library, all of them a
        file in the tree."""
        if next(iter(self.tree.files()), None) is None:
            return []
        names = [_ZIP, *([_TAR] if find_spec("zstandard") else []), _TORRENT, _SUMS]
        if self.signer:
            names.append(_SIGNATURE)
        self.commit = newest_commit(self.repository)
        self.since = bundled_commit(self.repository, self.folder / _BUNDLE)
        if self.commit:
            names.insert(0, _BUNDLE)
            if self.since and is_behind(self.repository, self.since, self.commit):
                names.insert(0, f"news-{self.since[:_SHORT]}-{self.commit[:_SHORT]}.bundle")
        return [Volume(name, name, ()) for name in names]

    def basis(self, volume: Volume) -> Iterator[object]:
        """Yield what a copy follows from: a commit, or the files as the disk tells them."""
        if volume.path.endswith(".bundle"):
            yield self.commit
        elif volume.path in (_ZIP, _TAR):
            for path in self.tree.files():
                there = (self.tree.folder / path).stat()
                yield path, there.st_size, there.st_mtime_ns
        elif self.signer and volume.path == _SIGNATURE:
            yield self.signer.public_key, (self.folder / _SUMS).read_bytes()
        else:
            for file in self._copies() if volume.path == _SUMS else [self.folder / _ZIP]:
                yield file.name, file.stat().st_size, file.stat().st_mtime_ns

    def write(self, volume: Volume, file: Path) -> None:
        """Write one copy. Raises GitError."""
        if volume.path == _BUNDLE:
            write_bundle(self.repository, file)
        elif volume.path.endswith(".bundle"):
            write_bundle(self.repository, file, self.since)
        elif volume.path == _ZIP:
            with ReproducibleZip(file) as copy:
                for path, content in self._files():
                    (copy.store if path.endswith(".png") else copy.add)(path, content)
        elif volume.path == _TAR:
            self._write_tar(file)
        elif volume.path == _TORRENT:
            file.write_bytes(torrent(self.folder / _ZIP, self.webseeds))
        elif self.signer and volume.path == _SIGNATURE:
            file.write_bytes(self.signer.sign((self.folder / _SUMS).read_bytes()))
        else:
            lines = (f"{_sha256(copy)}  {copy.name}\n" for copy in self._copies())
            file.write_text("".join(lines), "utf-8")

    def _files(self) -> Iterator[tuple[str, bytes]]:
        for path in self.tree.files():
            content = self.tree.read(path)
            if content is not None:
                yield path, content

    def _write_tar(self, file: Path) -> None:
        from zstandard import ZstdCompressor

        with (
            ZstdCompressor(_COMPRESSION_LEVEL).stream_writer(file.open("wb")) as packed,
            tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as copy,
        ):
            for path, content in self._files():
                entry = tarfile.TarInfo(path)  # no time and no owner
                entry.size = len(content)
                copy.addfile(entry, BytesIO(content))

    def _copies(self) -> list[Path]:
        return sorted(f for f in self.folder.iterdir() if f.suffix in _SUMMED and f.name[0] != ".")

    def measure(self, volumes: list[Volume]) -> tuple[float, float]:
        """Return size in bytes and time in seconds by packing some files; each copy counts alike."""
        paths = list(self.tree.files())
        chosen = paths[:: max(1, len(paths) // _SAMPLE_FILES)]
        start, packed = time.monotonic(), BytesIO()
        with ReproducibleZip(packed) as copy:
            for path in chosen:
                copy.add(path, self.tree.read(path) or b"")
        share = len(paths) / max(1, len(chosen)) * sum(v.path not in _SMALL for v in volumes)
        return packed.tell() * share, (time.monotonic() - start) * share


def _sha256(file: Path) -> str:
    found = sha256()
    with file.open("rb") as content:
        for part in iter(lambda: content.read(1 << 20), b""):
            found.update(part)
    return found.hexdigest()


KIND = Bundle
