"""What a power failure leaves in a repository, put right where all of it can be made again.

Git gives files their names before they are on the disk unless it is told otherwise (core.fsync), so
that after a power failure they may be empty, full of zeros, or half.
"""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Iterator
from hashlib import sha1, sha256
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mirror.publishing.git import Git

_HEAD_RE = re.compile(rb"ref: refs/heads/[^\s\0]+\n?|[0-9a-f]{40,64}\n?")
_REFERENCE_RE = re.compile(rb"ref: [^\s\0]+\n?|[0-9a-f]{40,64}\n?")
_PACKED_RE = re.compile(rb"#.*|\^[0-9a-f]{40,64}|[0-9a-f]{40,64} refs/[^\s\0]+")
_CHECKSUMS = (sha1, sha256)  # by the repository's format
_DERIVED = (  # files that git makes again when it wants them, each with a checksum at its end
    "objects/pack/*.rev",
    "objects/pack/*.bitmap",
    "objects/pack/multi-pack-index",
    "objects/info/commit-graph",
    "objects/info/commit-graphs/*.graph",
)


def mend(git: Git, branch: str) -> list[str]:
    """Put right what is cheap to look at: configuration, HEAD, references and the index; return in
    words what was done. `branch` is what HEAD is to be if nothing else tells."""
    return [
        *_mend_head(git.place, branch),
        *_mend_references(git.place),
        *_mend_config(git),
        *_mend_index(git.place),
    ]


def mend_objects(git: Git) -> list[str]:
    """Remove the objects that are half, what the index says of objects that are not there, and the
    references that lead to none: what the folder holds is stored again. Return in words what was
    done."""
    return [
        *_mend_packs(git),
        *_mend_loose(git.place),
        *_forget_missing(git),
        *_drop_dangling(git),
    ]


def went_down(place: Path) -> bool:
    """Whether the system was started since the index was written last."""
    try:
        return (place / "index").stat().st_mtime < _boot_time()
    except FileNotFoundError:
        return False


def _boot_time() -> float:
    """Return when this system was started, 0 if it does not tell."""
    try:
        found = re.search(r"^btime (\d+)", Path("/proc/stat").read_text(), re.MULTILINE)
    except OSError:
        return 0.0
    return float(found[1]) if found else 0.0


def _mend_config(git: Git) -> Iterator[str]:
    file = git.place / "config"
    content = file.read_bytes() if file.exists() else b""
    is_bad = ": bad " in git.run(("rev-parse", "--git-dir"), git.own).err
    if b"repositoryformatversion" in content and b"\0" not in content and not is_bad:
        return
    if file.exists():
        file.replace(git.place / "config.broken")
    git.local("init", "--quiet", "--template=")
    yield "made .git/config again; what it held is in .git/config.broken"


def _mend_head(place: Path, branch: str) -> Iterator[str]:
    file = place / "HEAD"
    if file.exists() and _HEAD_RE.fullmatch(file.read_bytes()):
        return
    found = sorted(_branches(place))
    chosen = branch if branch in found or len(found) != 1 else found[0]
    _write(file, f"ref: refs/heads/{chosen}\n".encode())
    yield f"set .git/HEAD, which was broken, to {chosen}"


def _branches(place: Path) -> set[str]:
    heads = place / "refs" / "heads"
    loose = {file.relative_to(heads).as_posix() for file in heads.rglob("*") if file.is_file()}
    packed = place / "packed-refs"
    text = packed.read_bytes().decode("utf-8", "replace") if packed.exists() else ""
    return loose | {*re.findall(r"^[0-9a-f]{40,64} refs/heads/(\S+)$", text, re.MULTILINE)}


def _mend_references(place: Path) -> Iterator[str]:
    for folder in ("objects", "refs"):  # without them it is no repository
        (place / folder).mkdir(exist_ok=True)
    if (place / "reftable").exists():  # where git keeps references in files of another kind
        return
    for file in sorted((place / "refs").rglob("[!.]*")):
        if file.is_file() and not _REFERENCE_RE.fullmatch(file.read_bytes()):
            file.unlink()
            yield f"removed {file.relative_to(place)}, which was broken"
    packed = place / "packed-refs"
    content = packed.read_bytes() if packed.exists() else b""
    lines = content.split(b"\n")[:-1]  # what has no end is torn
    good = b"".join(line + b"\n" for line in lines if _PACKED_RE.fullmatch(line))
    if good != content:
        _write(packed, good)
        yield "removed what was broken in packed-refs"


def _mend_index(place: Path) -> Iterator[str]:
    file = place / "index"
    if file.exists() and not _is_whole(file):
        file.unlink()
        yield "made .git/index again, which was broken"


def _mend_packs(git: Git) -> Iterator[str]:
    for pattern in _DERIVED:
        for file in git.place.glob(pattern):
            if not _is_whole(file):
                file.unlink()
                yield f"removed {file.relative_to(git.place)}, which was broken"
    for pack in git.place.glob("objects/pack/*.pack"):
        index = pack.with_suffix(".idx")
        if index.exists() and _is_whole(index):
            continue
        index.unlink(missing_ok=True)
        made = git.run(("index-pack", str(pack)), git.own)
        if made.status:
            pack.replace(pack.with_suffix(".broken"))
        yield f"{'set aside' if made.status else 'made the index again of'} {pack.name}"


def _mend_loose(place: Path) -> Iterator[str]:
    broken = [file for file in place.glob("objects/??/*") if not _is_object(file)]
    for file in broken:
        file.unlink()
    if broken:
        yield f"removed {len(broken)} objects that were broken"


def _is_object(file: Path) -> bool:
    """Whether a loose object holds what its name says."""
    name = f"{file.parent.name}{file.name}"
    try:
        content = zlib.decompress(file.read_bytes())
    except zlib.error:
        return False
    return any(checksum(content).hexdigest() == name for checksum in _CHECKSUMS)


def _forget_missing(git: Git) -> Iterator[str]:
    """Take files out of the index whose content is not there."""
    rows = git.run(("ls-files", "--stage", "-z"), git.own).out.split(b"\0")[:-1]
    files = [(row.split()[1], row.partition(b"\t")[2]) for row in rows]
    missing = _missing(git, [blob for blob, _ in files])
    if paths := [path for blob, path in files if blob in missing]:
        command = ("update-index", "--force-remove", "-z", "--stdin")
        git.local(*command, feed=[path + b"\0" for path in paths])
        yield f"stored {len(paths)} files again, whose content was not there"


def _missing(git: Git, objects: list[bytes]) -> set[bytes]:
    """Return which of some objects are not there."""
    feed = [name + b"\n" for name in objects]
    command = ("cat-file", "--buffer", "--batch-check=%(objectname)")
    answers = git.local(*command, feed=feed).splitlines()
    return {answer.split()[0] for answer in answers if answer.endswith(b" missing")}


def _drop_dangling(git: Git) -> Iterator[str]:
    """Remove the references of this project, and branches, whose object is not there."""
    listed = git.run(("for-each-ref", "--format=%(objectname) %(refname)"), git.own)
    rows = [row.split(b" ", 1) for row in listed.out.splitlines()]
    missing = _missing(git, [target for target, _ in rows])
    for name in [name.decode() for target, name in rows if target in missing]:
        git.local("update-ref", "-d", "--no-deref", name)
        yield f"removed {name}, whose object was not there"


def _is_whole(file: Path) -> bool:
    """Whether a file ends with the checksum of what comes before."""
    content = file.read_bytes()
    for checksum in _CHECKSUMS:
        size = checksum().digest_size
        if len(content) > size and checksum(content[:-size]).digest() == content[-size:]:
            return True
    return False


def _write(file: Path, content: bytes) -> None:
    """Replace a file by one that is on the disk."""
    new = file.with_name(f"{file.name}.new")
    with new.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    new.replace(file)
