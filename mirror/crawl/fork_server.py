"""Processes that are ready at once: forked from one that has loaded the program and opened nothing.

A crawl that runs has threads, locks and connections, which do not survive a fork. So a fork_server is
forked before it starts, and forks from then on whatever the crawl asks for.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO, NamedTuple

_NUMBER_FORMAT = struct.Struct("!I")
_ENDED_FORMAT = struct.Struct("!Ii")  # number, exit status


class Child(NamedTuple):
    """A process of the fork_server, as the one that asked for it sees it: the other ends of its standard
    input and output."""

    stdin: BinaryIO
    stdout: BinaryIO


class ForkServer:
    """Forks processes that each call one function; they and the fork_server end with the process that
    made it, whatever ends that."""

    def __init__(self, work: Callable[[int], int]):
        """`work` gets the number of a process, in it, and returns its exit status."""
        self.socket, other = socket.socketpair()
        self.ended: dict[int, int] = {}
        self.pid = os.fork()
        if not self.pid:
            self.socket.close()
            with suppress(ConnectionError):
                _serve(other, work)
            os._exit(0)
        other.close()

    def start(self, number: int) -> Child:
        """Fork a process of this number. Raises BrokenPipeError if somebody ended the fork_server."""
        (input_end, stdin), (stdout, output_end) = os.pipe(), os.pipe()
        socket.send_fds(self.socket, [_NUMBER_FORMAT.pack(number)], [input_end, output_end])
        os.close(input_end)
        os.close(output_end)
        return Child(os.fdopen(stdin, "wb", 0), os.fdopen(stdout, "rb"))

    def status(self, number: int) -> int | None:
        """Return the exit status of a process (negative: the signal that ended it), None as long as
        it runs."""
        while select.select([self.socket], [], [], 0)[0]:
            if not self._hear():
                return -signal.SIGKILL
        return self.ended.get(number)

    def wait(self, number: int) -> int:
        """Return the exit status of a process when it has ended."""
        while number not in self.ended and self._hear():
            pass
        return self.ended.get(number, -signal.SIGKILL)

    def _hear(self) -> bool:
        """Take notice of a process that ended; tell whether the fork_server is still there."""
        if received := self.socket.recv(_ENDED_FORMAT.size, socket.MSG_WAITALL):
            number, status = _ENDED_FORMAT.unpack(received)
            self.ended[number] = status
        return bool(received)

    def close(self) -> None:
        """End the fork_server."""
        self.socket.close()
        os.waitpid(self.pid, 0)


def _serve(asked: socket.socket, work: Callable[[int], int]) -> None:
    """Fork what is asked for and tell of each process that has ended, until nobody is there to ask."""
    os.setsid()  # Ctrl-C is for the crawl, which ends them in order
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    woken, wake = socket.socketpair()
    wake.setblocking(False)
    signal.set_wakeup_fd(wake.fileno())
    signal.signal(signal.SIGCHLD, lambda *_: None)
    running: dict[int, int] = {}
    while True:
        for ready in select.select([asked, woken], [], [])[0]:
            ready.recv(1, socket.MSG_PEEK if ready is asked else 0)
        for pid in list(running):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                asked.sendall(
                    _ENDED_FORMAT.pack(running.pop(pid), os.waitstatus_to_exitcode(status))
                )
        if not select.select([asked], [], [], 0)[0]:
            continue
        received, ends, _, _ = socket.recv_fds(asked, _NUMBER_FORMAT.size, 2)
        if not received:
            return
        number = _NUMBER_FORMAT.unpack(received)[0]
        pid = os.fork()
        if not pid:
            _run_child(number, ends, [asked, woken, wake], work)
        running[pid] = number
        for end in ends:
            os.close(end)


def _run_child(
    number: int, ends: list[int], inherited: list[socket.socket], work: Callable[[int], int]
) -> None:
    """Be the process: with the standard input and output given, and nothing else of the fork_server's."""
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
            signal.signal(name, signal.SIG_DFL)
        for place, end in enumerate(ends):
            os.dup2(end, place)
            os.close(end)
        for one in inherited:
            one.close()
        status = work(number)
    finally:
        os._exit(status)
