"""A zip of the tree, back into a folder. It may come from anybody."""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from mirror.errors import ArgumentError
from mirror.pages.tree import Tree

_MAX_FILE_BYTES = 4_000_000  # twice what GitHub shows
_BATCH_SIZE = 200  # files that are on the disk together
_PATH_RE = re.compile(r"(?:[\w-][\w.-]*/)*[\w-][\w.-]*\.(?:md|png)")


def unpack(copy: Path, folder: Path) -> int:
    """Write the pages and QR codes of a zip into a folder; return how many files it has beside them,
    which are left out. Raises ArgumentError for what is no zip, OSError."""
    tree, left_out = Tree(folder), 0
    batch: list[tuple[str, bytes]] = []
    try:
        with ZipFile(copy) as packed:
            for entry in packed.infolist():
                if not _PATH_RE.fullmatch(entry.filename) or entry.file_size > _MAX_FILE_BYTES:
                    left_out += not entry.is_dir()
                    continue
                with packed.open(entry) as content:
                    batch.append((entry.filename, content.read(_MAX_FILE_BYTES)))
                if len(batch) == _BATCH_SIZE:
                    tree.write_all(batch)
                    batch = []
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise ArgumentError("file", copy, f"is no zip that can be read: {error}") from None
    tree.write_all(batch)
    return left_out
