"""What files to pass on cost: CPU time an article and memory, of each kind at different sizes.

What a call takes that finds no article is taken off, so that the sizes can be compared.
"""

from __future__ import annotations

import subprocess
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from bench import processes
from bench.daily import mirror_command, mirror_of
from bench.samples import MEGA, Figure, figure

KINDS = ("epub", "site", "zim", "bundle")
_NOTHING = ("epub", "-aday=1970-01-01")
_SLOWEST = 10  # articles a second, below which something is wrong

Mirror = tuple[Path, Path]  # its database and its tree


def exports(
    counts: Sequence[int], rounds: int, folder: Path, say: Callable[[str], None]
) -> list[dict[str, Any]]:
    """Return what each kind takes with each of the numbers of articles, and against the first of them."""
    mirrors = {count: mirror_of(count, folder) for count in counts}
    for _, tree in mirrors.values():
        _commit(tree)
    found: dict[tuple[str, int], list[tuple[float, float]]] = defaultdict(list)
    for number in range(rounds):
        start = _export(mirrors[counts[0]], counts[0], folder, *_NOTHING).cpu_seconds
        for kind in KINDS:
            for count, mirror in mirrors.items():
                say(f"round {number + 1}: {kind} of {count:,}")
                done = _export(mirror, count, folder, kind)
                each = (done.cpu_seconds - start) / count * 1000
                found[kind, count].append((each, (done.peak_bytes or 0) / MEGA))
    return [
        {
            "kind": kind,
            "articles": count,
            "cpu_ms": figure([cpu for cpu, _ in of]),
            "peak_mb": figure([peak for _, peak in of]) if of[0][1] else None,
            "cpu_against": _ratio(
                [cpu for cpu, _ in of], [cpu for cpu, _ in found[kind, counts[0]]]
            ),
            "peak_against": _ratio([p for _, p in of], [p for _, p in found[kind, counts[0]]]),
        }
        for (kind, count), of in found.items()
    ]


def _export(mirror: Mirror, count: int, folder: Path, *arguments: str) -> processes.Finished:
    settings = {"MIRROR_EXPORT_FOLDER": mkdtemp(dir=folder)}
    return processes.run(
        [[*mirror_command("export", *mirror, settings), *arguments]], longest=60 + count / _SLOWEST
    )


def _commit(tree: Path) -> None:
    """Make a tree a repository, of which there are bundles."""
    author = ("-c", "user.name=bench", "-c", "user.email=bench@mirror.invalid")
    for call in (("init", "--quiet"), ("add", "--all"), (*author, "commit", "--quiet", "-mall")):
        subprocess.run(["git", *call], cwd=tree, check=True)


def _ratio(values: Sequence[float], firsts: Sequence[float]) -> Figure | None:
    if not all(firsts):
        return None
    return figure([value / first for value, first in zip(values, firsts, strict=True)])
