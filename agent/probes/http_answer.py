"""Reads an HTTP/1.x answer from a socket: status, headers and a bounded piece of the body."""

import re
import socket
import time
from dataclasses import dataclass, field

from agent.probes.deadline import Deadline
from agent.probes.outcomes import BadAnswer

MAX_HEAD_BYTES = 32_768
MAX_BODY_BYTES = 65_536
_STATUS_LINE = re.compile(rb"HTTP/1\.[0-9] ([1-5][0-9]{2})(?: |$)")


@dataclass(frozen=True, slots=True)
class Head:
    """Status and headers, names in lower case; of repeated headers the last."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """`body` is at most MAX_BODY_BYTES; `first_byte_at` is a time.perf_counter() reading."""

    head: Head
    body: bytes
    first_byte_at: float


def read_http_answer(sock: socket.socket, deadline: Deadline) -> HttpAnswer:
    """The answer to a GET request. Raises BadAnswer when it is not HTTP, TimeoutError, OSError."""
    data = _received(sock, deadline)
    first_byte_at = time.perf_counter()
    if not data:
        raise BadAnswer("the server closed the connection without an answer")
    while True:
        while b"\r\n\r\n" not in data and b"\n\n" not in data:
            more = _received(sock, deadline)
            if not more or len(data) > MAX_HEAD_BYTES:
                raise BadAnswer("the server did not answer in HTTP")
            data += more
        text, data = _split_head(data)
        head = read_head(text)
        if head.status >= 200:  # 1xx announce the answer proper
            return HttpAnswer(head, _body(sock, data, head, deadline), first_byte_at)


def read_head(text: bytes) -> Head:
    """Status line and headers. Raises BadAnswer when the first line is not HTTP's."""
    first, *lines = text.splitlines() or [b""]
    match = _STATUS_LINE.match(first)
    if match is None:
        raise BadAnswer(f"the server answered {first[:60]!r} instead of HTTP")
    headers = {}
    for line in lines:
        name, separator, value = line.decode("latin-1").partition(":")
        if separator:
            headers[name.strip().lower()] = value.strip()
    return Head(int(match[1]), headers)


def without_chunks(data: bytes) -> bytes:
    """The content of a chunked body, as far as it came and as far as it is well formed."""
    content = b""
    while True:
        line, separator, rest = data.partition(b"\r\n")
        size = line.partition(b";")[0].strip()
        if not separator or not re.fullmatch(rb"[0-9A-Fa-f]{1,8}", size) or int(size, 16) == 0:
            return content
        content += rest[: int(size, 16)]
        data = rest[int(size, 16) + 2 :]


def _split_head(data: bytes) -> tuple[bytes, bytes]:
    """Head and what follows its empty line; some small devices end lines with a bare line feed."""
    ends = [(at, len(end)) for end in (b"\r\n\r\n", b"\n\n") if (at := data.find(end)) >= 0]
    at, length = min(ends)
    return data[:at], data[at + length :]


def _body(sock: socket.socket, data: bytes, head: Head, deadline: Deadline) -> bytes:
    if head.status in (204, 304):
        return b""
    length = head.headers.get("content-length", "")
    wanted = min(int(length), MAX_BODY_BYTES) if length.isascii() and length.isdigit() else MAX_BODY_BYTES
    chunked = head.headers.get("transfer-encoding", "").lower() == "chunked"
    while len(data) < wanted and not (chunked and data.endswith(b"0\r\n\r\n")):
        more = _received(sock, deadline)
        if not more:
            break
        data += more
    return without_chunks(data) if chunked else data[:wanted]


def _received(sock: socket.socket, deadline: Deadline) -> bytes:
    sock.settimeout(deadline.left("the answer"))
    return sock.recv(16_384)
