"""Processes that are ready at once: forked from one that has loaded the program and opened nothing.

A crawl that runs has threads, locks and connections, which do not survive a fork. So a fork server is
forked before it starts, and forks from then on whatever the crawl asks for.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import struct
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import BinaryIO, NamedTuple

_NUMBER_FORMAT = struct.Struct("!I")
_ENDED_FORMAT = struct.Struct("!Ii")  # number, exit status

NOT_STARTED = 256  # in place of an exit status, which is 255 at most


class Child(NamedTuple):
    """A process of the fork server, as the one that asked for it sees it: the other ends of its standard
    input and output."""

    stdin: BinaryIO
    stdout: BinaryIO


class ForkServer:
    """Forks processes that each call one function; they and the fork server end with the process that
    made it, whatever ends that."""

    def __init__(self, work: Callable[[int], int]):
        """`work` gets the number of a process, in it, and returns its exit status."""
        self.socket, other = socket.socketpair()
        self.ended: dict[int, int] = {}
        self.pid = os.fork()
        if not self.pid:
            try:
                self.socket.close()
                _Server(other, work).run()
            finally:  # whatever happens, the program goes on in its maker alone
                os._exit(0)
        other.close()

    def start(self, number: int) -> Child:
        """Fork a process of this number. Raises BrokenPipeError if somebody ended the fork server."""
        (input_end, stdin), (stdout, output_end) = os.pipe(), os.pipe()
        socket.send_fds(self.socket, [_NUMBER_FORMAT.pack(number)], [input_end, output_end])
        os.close(input_end)
        os.close(output_end)
        return Child(os.fdopen(stdin, "wb", 0), os.fdopen(stdout, "rb"))

    def status(self, number: int) -> int | None:
        """Return the exit status of a process (negative: the signal that ended it; NOT_STARTED if the
        machine would not start it), None as long as it runs."""
        while select.select([self.socket], [], [], 0)[0]:
            if not self._receive():
                return -signal.SIGKILL
        return self.ended.get(number)

    def kill(self, number: int) -> None:
        """End a process at once."""
        with suppress(BrokenPipeError):
            self.socket.send(_NUMBER_FORMAT.pack(number))

    def _receive(self) -> bool:
        """Take notice of a process that ended; return whether the fork server is still there."""
        if received := self.socket.recv(_ENDED_FORMAT.size, socket.MSG_WAITALL):
            number, status = _ENDED_FORMAT.unpack(received)
            self.ended[number] = status
        return bool(received)

    def close(self) -> None:
        """End the fork server."""
        self.socket.close()
        os.waitpid(self.pid, 0)


class _Server:
    """The process that forks what is asked for and reports each child that has ended, until nobody is
    there to ask; then no child is left."""

    def __init__(self, asked: socket.socket, work: Callable[[int], int]):
        self.asked = asked
        self.work = work
        self.running: dict[int, int] = {}  # numbers by process id
        self.woken, self.wake = socket.socketpair()  # by the end of a child
        self.wake.setblocking(False)

    def run(self) -> None:
        """Serve, with nothing but the end of children to be woken by."""
        os.setsid()  # Ctrl-C is for the crawl, which ends them in order
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, signal.SIG_IGN)
        signal.set_wakeup_fd(self.wake.fileno())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        is_asked = True
        try:
            while is_asked:
                for ready in select.select([self.asked, self.woken], [], [])[0]:
                    ready.recv(1, socket.MSG_PEEK if ready is self.asked else 0)
                self._report_ended()
                if select.select([self.asked], [], [], 0)[0]:
                    is_asked = self._answer()
        finally:
            self._kill(self.running)

    def _report_ended(self) -> None:
        for pid in list(self.running):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                self._report(self.running.pop(pid), os.waitstatus_to_exitcode(status))

    def _report(self, number: int, status: int) -> None:
        self.asked.sendall(_ENDED_FORMAT.pack(number, status))

    def _answer(self) -> bool:
        """Do what is asked for; return whether anything was."""
        received, ends, _, _ = socket.recv_fds(self.asked, _NUMBER_FORMAT.size, 2)
        if not received:
            return False
        number = _NUMBER_FORMAT.unpack(received)[0]
        if ends:
            self._fork(number, ends)
        else:
            self._kill([pid for pid, other in self.running.items() if other == number])
        return True

    def _fork(self, number: int, ends: list[int]) -> None:
        try:
            pid = os.fork()
        except OSError:  # no more processes, or no memory
            self._report(number, NOT_STARTED)
        else:
            if not pid:
                _run_child(number, ends, [self.asked, self.woken, self.wake], self.work)
            self.running[pid] = number
        for end in ends:
            os.close(end)

    @staticmethod
    def _kill(pids: Iterable[int]) -> None:
        for pid in pids:  # of children that were not waited for: no other process can have them
            os.kill(pid, signal.SIGKILL)


def _run_child(
    number: int, ends: list[int], inherited: list[socket.socket], work: Callable[[int], int]
) -> None:
    """Become a process with the given standard streams and nothing else of the fork server."""
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
