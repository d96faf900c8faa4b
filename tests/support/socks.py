"""A SOCKS5 proxy on loopback (RFC 1928, 1929) that leads to one server, whatever it is asked for."""

from __future__ import annotations

import socket
import struct
import threading

from support.hostile import HostileServer, _pour

_NO_PASSWORD, _PASSWORD = 0, 2
_ADDRESS_BYTES = {1: 4, 4: 16}
_NAME = 3


class SocksProxy(HostileServer):
    """Remembers the names or addresses that it was asked for, and who asked."""

    def __init__(self, origin: tuple[str, int]) -> None:
        super().__init__({})
        self.origin = origin
        self.asked: list[str] = []
        self.users: list[str] = []

    @property
    def url(self) -> str:
        return f"socks5h://127.0.0.1:{self.address[1]}"

    def serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as read:
            _, count = read.read(2)
            method = _PASSWORD if _PASSWORD in read.read(count) else _NO_PASSWORD
            connection.sendall(bytes((5, method)))
            if method == _PASSWORD:
                user, _ = (read.read(read.read(1)[0]) for _ in [read.read(1), None])
                self.users.append(user.decode())
                connection.sendall(b"\x01\x00")
            _, _, _, kind = read.read(4)
            size = read.read(1)[0] if kind == _NAME else _ADDRESS_BYTES[kind]
            place = read.read(size)
            port = struct.unpack("!H", read.read(2))[0]
            self.asked.append(f"{place.decode() if kind == _NAME else place.hex()}:{port}")
            connection.sendall(b"\x05\x00\x00\x01" + bytes(6))
            with socket.create_connection(self.origin) as origin:
                back = threading.Thread(target=_pour, args=(origin, connection), daemon=True)
                back.start()
                _pour(connection, origin)
                origin.shutdown(socket.SHUT_RDWR)
                back.join()
