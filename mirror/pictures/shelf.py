"""The pictures on disk: files named by what is in them, each once."""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

_NAME_CHARACTERS = 32  # of the SHA-256 of the picture, in hexadecimal


class Shelf:
    """A folder of pictures in WebP."""

    def __init__(self, folder: Path):
        self.folder = folder

    def put(self, picture: bytes) -> str:
        """Store a picture, whole or not at all, and return its name. Raises OSError."""
        name = sha256(picture).hexdigest()[:_NAME_CHARACTERS]
        file = self.file(name)
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with NamedTemporaryFile(dir=file.parent, suffix=".part", delete=False) as part:
                part.write(picture)
            Path(part.name).replace(file)
        return name

    def file(self, name: str) -> Path:
        """Return where the picture of a name is, or would be."""
        return self.folder / name[:2] / f"{name}.webp"

    def remove(self, name: str) -> None:
        """Remove a picture if it is there. Raises OSError."""
        self.file(name).unlink(missing_ok=True)

    def sweep(self, known: Collection[str]) -> int:
        """Remove what is not of some names, what a crash left half written too; return how much."""
        foreign = [file for file in self.folder.glob("??/*") if _is_foreign(file, known)]
        for file in foreign:
            file.unlink()
        return len(foreign)


def _is_foreign(file: Path, known: Collection[str]) -> bool:
    return file.suffix == ".part" or (file.suffix == ".webp" and file.stem not in known)
