"""Processes that are started, measured, and stopped with all that they have started."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

try:
    import psutil
except ImportError:
    psutil = None

ROOT = Path(__file__).resolve().parent.parent
_EACH = 0.1  # seconds between two looks at the memory


@dataclass(frozen=True)
class Finished:
    """What some processes that ran side by side said and used, all that they started included."""

    outputs: list[str]  # the standard outputs
    errors: list[str]  # the standard errors
    seconds: float
    cpu_seconds: float
    peak_bytes: int | None  # of all together; None: psutil is not installed
    largest_bytes: int | None  # of the largest process


class FailedError(Exception):
    """A process ended with an error."""


@contextmanager
def running(
    command: Sequence[str], env: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """Run a command in the project's folder and stop it, and what it started, with the block."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        start_new_session=True,
        encoding="utf-8",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def run(
    commands: Sequence[Sequence[str]], longest: float, env: Mapping[str, str] | None = None
) -> Finished:
    """Run commands side by side to their ends. Raises FailedError, after `longest` seconds too."""
    started, cpu, peak, largest = time.monotonic(), _cpu_seconds(), 0, 0
    with ExitStack() as stack:
        processes = [stack.enter_context(running(command, env)) for command in commands]
        said: dict[int, tuple[str, str]] = {}
        while len(said) < len(processes):
            for process in processes:
                if process.pid in said:
                    continue
                with suppress(subprocess.TimeoutExpired):
                    said[process.pid] = process.communicate(timeout=_EACH)
            sizes = [size for process in processes for size in _sizes(process.pid)]
            peak, largest = max(peak, sum(sizes)), max([largest, *sizes])
            if time.monotonic() - started > longest:
                raise FailedError(f"not done after {longest:.0f} s: {' '.join(commands[0])}")
        seconds = time.monotonic() - started
    for process in processes:
        if process.returncode:
            raise FailedError(f"{' '.join(process.args)}\n{said[process.pid][1][-3000:]}")
    outputs, errors = zip(*(said[process.pid] for process in processes), strict=True)
    measured = (peak, largest) if psutil else (None, None)
    return Finished(list(outputs), list(errors), seconds, _cpu_seconds() - cpu, *measured)


def _cpu_seconds() -> float:
    """Return the CPU time of the processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _sizes(pid: int) -> list[int]:
    """Return the resident memory of a process and of each that it started."""
    sizes = []
    if psutil:
        with suppress(psutil.Error):
            root = psutil.Process(pid)
            for process in (root, *root.children(recursive=True)):
                with suppress(psutil.Error):
                    sizes.append(process.memory_info().rss)
    return sizes
