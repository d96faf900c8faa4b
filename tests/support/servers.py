"""Redis and PostgreSQL of the tests' own, on free ports of this machine, in folders that vanish."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from itertools import count
from pathlib import Path

import psycopg

_HOST = "127.0.0.1"
_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
_AS_POSTGRES = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]


def missing() -> str:
    """What is not installed of what these servers need; empty if nothing is."""
    programs = {"redis-server": shutil.which("redis-server"), "postgresql": _postgres_programs()}
    return ", ".join(name for name, path in programs.items() if not path)


class RedisServer:
    """Keeps nothing on disk, so stopping it empties it."""

    def __init__(self) -> None:
        self.port = _free_port()
        self.url = f"redis://{_HOST}:{self.port}/0"

    def __enter__(self) -> RedisServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        command = ["redis-server", "--bind", _HOST, "--port", str(self.port), "--save", ""]
        self.process = subprocess.Popen(command, cwd="/", stdout=subprocess.DEVNULL)

    def flush(self) -> None:
        subprocess.run(
            ["redis-cli", "-h", _HOST, "-p", str(self.port), "flushall"],
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


class PostgresServer:
    """Runs as the user postgres where the tests run as root, which it refuses."""

    def __init__(self) -> None:
        self.port = _free_port()
        self.numbers = count(1)
        self.programs = _postgres_programs()
        self.become = _AS_POSTGRES if os.getuid() == 0 else []

    def __enter__(self) -> PostgresServer:
        self.folder = Path(tempfile.mkdtemp(prefix="mirror-postgres-", dir=_MEMORY))
        if self.become:
            shutil.chown(self.folder, "postgres", "postgres")
        self._run("initdb", "--username=mirror", "--auth=trust", "--no-sync", "--encoding=UTF8")
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def start(self) -> None:
        options = f"-h {_HOST} -p {self.port} -k {self.folder} -c fsync=off"
        self._run("pg_ctl", "-w", f"--log={self.folder}/log", "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-w", "-m", "fast", "stop")

    def new_database(self, options: str = "") -> str:
        """Make an empty database, as SQL's CREATE DATABASE has it, and return its URL."""
        name = f"mirror{next(self.numbers)}"
        with psycopg.connect(
            host=_HOST, port=self.port, user="mirror", dbname="postgres"
        ) as server:
            server.autocommit = True
            server.execute(f"CREATE DATABASE {name} {options}")
        return f"postgresql+psycopg://mirror@{_HOST}:{self.port}/{name}"

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self.become, str(self.programs / program), f"--pgdata={self.folder}/data"]
        subprocess.run(
            [*command, *arguments],
            cwd="/",
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
        )


def _postgres_programs() -> Path | None:
    """The folder of initdb and pg_ctl: Debian keeps them off the path."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(versions, key=lambda path: float(path.parts[-3]), default=None)
    return newest.parent if newest else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return probe.getsockname()[1]
