"""Answers are read as they come, in whatever pieces; what is no HTTP is refused."""

from __future__ import annotations

import pytest

from mirror.fetching.answers import Answer, TooLongError

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKS = b"Transfer-Encoding: chunked\r\n\r\n"
WHOLE = {
    "sized": (OK + b"Content-Length: 4\r\nX-A: 1\r\nx-a: 2\r\n\r\nbody", b"body"),
    "chunks": (OK + CHUNKS + b"2\r\nbo\r\n2;name=x\r\ndy\r\n0\r\nX-T: 1\r\n\r\n", b"body"),
    "hints before": (
        b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + OK + b"Content-Length: 2\r\n\r\nok",
        b"ok",
    ),
    "bare line ends": (b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok", b"ok"),
    "without a body": (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n", b""),
    "empty": (OK + b"Content-Length: 0\r\n\r\n", b""),
    "a line without a colon": (OK + b"strange\r\nContent-Length: 2\r\n\r\nok", b"ok"),
    "the same length twice": (OK + b"Content-Length: 2\r\n" * 2 + b"\r\nok", b"ok"),
}
NONE = {
    "another protocol": b"SSH-2.0-OpenSSH\r\n\r\n",
    "no status": b"HTTP/1.1 OK\r\n\r\n",
    "two lengths": OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n",
    "a length below nothing": OK + b"Content-Length: -1\r\n\r\n",
    "an unknown coding": OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n",
    "no chunk": OK + CHUNKS + b"x\r\n",
    "a chunk that is longer": OK + CHUNKS + b"2\r\nbody\r\n",
    "a head without an end": OK + b"X-A: " + bytes(70_000),
    "a line without an end": OK + CHUNKS + b"1" * 70_000,
}


def read(raw: bytes, step: int, most: int = 0) -> Answer:
    answer = Answer(most)
    for start in range(0, len(raw), step):
        answer.feed(raw[start : start + step])
    return answer


@pytest.mark.parametrize("step", [1, 3, 1000])
@pytest.mark.parametrize("kind", WHOLE)
def test_whole_answer_is_read_in_any_pieces(kind: str, step: int) -> None:
    raw, body = WHOLE[kind]
    answer = read(raw, step)
    assert (answer.is_whole, answer.body, answer.ends_connection) == (True, body, False)
    assert answer.status in (200, 304)
    assert read(raw[:-1], step).is_whole is False


@pytest.mark.parametrize("kind", NONE)
def test_what_is_no_answer_is_refused(kind: str) -> None:
    with pytest.raises(ValueError, match=r"a|no"):
        read(NONE[kind], 1000)


def test_headers_of_one_name_stand_together() -> None:
    headers = read(WHOLE["sized"][0], 1000).headers
    assert headers.getlist("X-A") == [b"1", b"2"]
    assert "Link" not in read(WHOLE["hints before"][0], 1000).headers


@pytest.mark.parametrize(
    ("raw", "has_end"),
    [
        (OK + b"Content-Length: 2\r\nConnection: close\r\n\r\nok", True),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", True),
        (OK + b"Content-Length: 2\r\n\r\nok and more", True),
        (OK + b"\r\nok", False),
    ],
)
def test_connection_that_ends_with_its_answer_is_known(raw: bytes, has_end: bool) -> None:
    answer = read(raw, 1000)
    assert (answer.ends_connection, answer.has_end, answer.is_whole) == (True, has_end, has_end)
    assert answer.body == b"ok"


@pytest.mark.parametrize(
    "raw",
    [
        OK + b"Content-Length: 11\r\n\r\n",
        OK + CHUNKS + b"6\r\n123456\r\n6\r\n123456\r\n",
        OK + b"\r\n12345678901",
    ],
)
def test_what_is_too_long_is_not_taken(raw: bytes) -> None:
    with pytest.raises(TooLongError):
        read(raw, 1000, most=10)
