#!/usr/bin/env bash
# curl_cffi 0.17.0, imitating a browser, asks a server with plain http for HTTP/2, which no browser does.
#
# Input: a GET of an http:// address, imitating Chrome, Firefox and Safari. Browsers speak HTTP/2 over TLS alone,
# start with Host, and say no more of themselves (sec-ch-ua) than over https.
# Seen: all three send Upgrade: h2c with HTTP2-Settings, and Host behind all that they say of themselves; Chrome's has
# its client hints. Such a request is told from a browser's at a glance. With HTTP_VERSION set to 1.1 the
# upgrade is gone, the order stays.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check curl_cffi==0.17.0
"$folder/venv/bin/python" - <<'PYTHON'
import socket
import threading

from curl_cffi import requests

server = socket.create_server(("127.0.0.1", 0))
heads: list[bytes] = []


def serve() -> None:
    while True:
        connection, _ = server.accept()
        with connection:
            head = b""
            while b"\r\n\r\n" not in head:
                head += connection.recv(65536)
            heads.append(head)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")


threading.Thread(target=serve, daemon=True).start()
address = f"http://127.0.0.1:{server.getsockname()[1]}/"
for browser in ("chrome", "firefox", "safari"):
    requests.get(address, impersonate=browser)
    names = [line.split(":")[0].lower() for line in heads[-1].decode().split("\r\n")[1:] if line]
    print(browser, *names)
    assert {"upgrade", "http2-settings"} <= set(names), "the behaviour has changed"
    assert b"Upgrade: h2c" in heads[-1]
    assert names.index("host") > names.index("accept-language")
    assert ("sec-ch-ua" in names) == (browser == "chrome")
    requests.get(address, impersonate=browser, http_version="v1")
    assert b"h2c" not in heads[-1]
PYTHON
