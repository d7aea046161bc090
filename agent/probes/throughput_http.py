"""Bytes down and up over HTTP: from the school's own server, a LibreSpeed server, or any that has a large file.

One connection a direction, closed as soon as enough is known.
"""

import contextlib
import math
import os
import re
import secrets
import select
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from agent.probes.connect import connect
from agent.probes.deadline import Deadline
from agent.probes.http_answer import MAX_HEAD_BYTES, read_head, read_http_answer
from agent.probes.outcomes import BadAnswer
from agent.probes.throughput_samples import Transfer
from agent.probes.web import Address, read_url
from agent.throughput_settings import Leg
from contract import transfer as endpoint

RECEIVE_BYTES, SEND_BYTES = 65_536, 16_384
LEAST_BYTES = 1_000_000
STALL_SECONDS, ANSWER_SECONDS, SENTENCE_SECONDS = 5.0, 0.2, 1.0
UNSENT_BYTES = 131_072  # what the system may hold back of what was sent: a sample must not wait for megabytes
MEBIBYTE = 1_048_576

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Request:
    """One request; `body_bytes` of noise follow its head."""

    method: str
    url: str
    body_bytes: int = 0
    headers: dict[str, str] = field(default_factory=dict)

    def head(self, address: Address) -> bytes:
        host = f"[{address.host}]" if ":" in address.host else address.host
        lines = {
            "Host": f"{host}:{address.port}",
            "User-Agent": "SonCa (throughput)",
            "Accept-Encoding": "identity",
            "Connection": "close",
            **({"Content-Length": str(self.body_bytes)} if self.method == "POST" else {}),
            **({"Content-Type": "application/octet-stream"} if self.body_bytes else {}),
            **self.headers,
        }
        text = [f"{self.method} {address.path} HTTP/1.1", *(f"{name}: {value}" for name, value in lines.items())]
        return "\r\n".join([*text, "", ""]).encode("ascii")


def download_request(leg: Leg, deadline: Deadline, step: Step) -> Request:
    """What brings the leg's bytes down. Raises OSError and BadAnswer when a challenge has to be asked for first."""
    if leg.protocol == "sonca":
        return _signed(leg, "GET", endpoint.DOWN, deadline, step)
    if leg.protocol == "librespeed":
        mebibytes = min(1024, math.ceil(leg.max_bytes / MEBIBYTE))
        return Request("GET", f"{leg.address.rstrip('/')}/garbage.php?ckSize={mebibytes}&r={secrets.token_hex(4)}")
    return Request("GET", leg.address)


def upload_request(leg: Leg, deadline: Deadline, step: Step) -> Request:
    """What takes the leg's bytes up; as above."""
    if leg.protocol == "sonca":
        return _signed(leg, "POST", endpoint.UP, deadline, step)
    if leg.protocol == "librespeed":
        return Request("POST", f"{leg.address.rstrip('/')}/empty.php?r={secrets.token_hex(4)}", leg.max_bytes)
    return Request("POST", leg.upload or leg.address, leg.max_bytes)


def download(request: Request, transfer: Transfer, deadline: Deadline, step: Step) -> None:
    """The way down. Raises BadAnswer, TimeoutError, OSError; what came until then stands in `transfer`."""
    with _asked(request, deadline, step) as sock:
        transfer.local_address = sock.getsockname()[0]
        transfer.total_bytes = _after_head(sock, deadline)
        buffer = bytearray(RECEIVE_BYTES)
        with _timed(transfer):
            while transfer.total_bytes < transfer.most_bytes:
                sock.settimeout(min(STALL_SECONDS, deadline.left("the download")))
                count = sock.recv_into(buffer)
                transfer.total_bytes += count
                now = time.perf_counter()
                if count == 0 or (transfer.is_due(now) and transfer.take(transfer.total_bytes, now)):
                    break


def upload(request: Request, transfer: Transfer, deadline: Deadline, step: Step) -> None:
    """The way up: what the other side confirmed where the system tells that, else what the system took. As above."""
    noise = os.urandom(SEND_BYTES)
    with _asked(request, deadline, step) as sock:
        transfer.local_address = sock.getsockname()[0]
        try:
            with _timed(transfer):
                _send(sock, noise, transfer, deadline)
        except ConnectionError as error:
            raise BadAnswer(f"the server took what it wanted and hung up: {_complaint(sock) or error}") from error
        if complaint := _complaint(sock):
            raise BadAnswer(f"the server does not take what is sent: {complaint}")


def _send(sock: socket.socket, noise: bytes, transfer: Transfer, deadline: Deadline) -> None:
    while transfer.total_bytes < transfer.most_bytes:
        sock.settimeout(min(STALL_SECONDS, deadline.left("the upload")))
        transfer.total_bytes += sock.send(noise[: transfer.most_bytes - transfer.total_bytes])
        now = time.perf_counter()
        if transfer.is_due(now) and transfer.take(transfer.total_bytes - _unconfirmed(sock), now):
            break


@contextlib.contextmanager
def _timed(transfer: Transfer) -> Iterator[None]:
    """Times what is done inside. Raises BadAnswer when it was over before there was anything to judge by."""
    began, cpu = time.perf_counter(), time.thread_time()
    transfer.begin(began)
    yield
    now = time.perf_counter()
    if not transfer.samples and transfer.total_bytes < LEAST_BYTES:
        raise BadAnswer(f"{transfer.total_bytes} bytes are too few to measure by")
    if not transfer.samples:  # a line so quick that all was through before the first sample ended
        transfer.take(transfer.total_bytes, now)
    transfer.cpu_percent = 100 * (time.thread_time() - cpu) / (now - began)


def _signed(leg: Leg, method: str, path: str, deadline: Deadline, step: Step) -> Request:
    """A request to the school's own server, with the proof that this agent may make it."""
    base = f"http://{leg.address}"
    with _asked(Request("GET", base + endpoint.CHALLENGE), deadline, step) as sock:
        answer = read_http_answer(sock, deadline)
    challenge = answer.body.decode("latin-1").strip()
    if answer.head.status != 200 or not re.fullmatch(r"[!-~]{1,200}", challenge):  # it goes into a header
        raise BadAnswer(f"{leg.address} gave no challenge ({answer.head.status}): is it SonCa's own endpoint?")
    path, user = f"{path}?bytes={leg.max_bytes}", leg.account.username
    header = endpoint.authorization(user, leg.account.password(), challenge, method, path)
    return Request(method, base + path, leg.max_bytes if method == "POST" else 0, {"Authorization": header})


@contextlib.contextmanager
def _asked(request: Request, deadline: Deadline, step: Step) -> Iterator[socket.socket]:
    """An open connection on which the head of the request was sent."""
    address = read_url(request.url)
    with contextlib.ExitStack() as stack:
        sock = stack.enter_context(connect(address.host, address.port, deadline, step).socket)
        if hasattr(socket, "TCP_NOTSENT_LOWAT"):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT_BYTES)
        sock.settimeout(deadline.left("the handshake"))
        if address.tls:
            from agent.probes.trust import trusting_context

            sock = stack.enter_context(trusting_context().wrap_socket(sock, server_hostname=address.host))
        sock.sendall(request.head(address))
        yield sock


def _after_head(sock: socket.socket, deadline: Deadline) -> int:
    """Reads the head of the answer; how many bytes of the body came with it. Raises BadAnswer unless it is good."""
    data = b""
    while b"\r\n\r\n" not in data:
        sock.settimeout(min(STALL_SECONDS, deadline.left("the answer")))
        more = sock.recv(4_096)
        if not more or len(data) > MAX_HEAD_BYTES:
            raise BadAnswer("the server did not answer in HTTP")
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    status = read_head(head).status
    if status != 200:
        raise BadAnswer(f"the server answered {status}: {_first_line(sock, body)}")
    return len(body)


def _complaint(sock: socket.socket) -> str:
    """What the server says while it is still being sent to, if that is a refusal; empty when it says nothing."""
    with contextlib.suppress(OSError, BadAnswer):
        if select.select([sock], [], [], 0)[0]:
            sock.settimeout(ANSWER_SECONDS)  # what can be read may be a message of TLS itself
            head, _, body = sock.recv(4_096).partition(b"\r\n\r\n")
            status = read_head(head).status
            return f"{status} {_first_line(sock, body)}" if status >= 300 else ""
    return ""


def _first_line(sock: socket.socket, body: bytes) -> str:
    """What the server says about its refusal; the rest of it may still be on the way."""
    with contextlib.suppress(OSError):
        sock.settimeout(SENTENCE_SECONDS)
        while b"\n" not in body and len(body) < MAX_HEAD_BYTES and (more := sock.recv(4_096)):
            body += more
    return body.decode("utf-8", "replace").strip().partition("\n")[0][:120]


def _unconfirmed(sock: socket.socket) -> int:
    """Bytes that were sent but that the other side has not confirmed; 0 where the system does not tell."""
    if sys.platform != "linux":
        return 0
    import fcntl
    import struct
    import termios

    return int(struct.unpack("i", fcntl.ioctl(sock, termios.TIOCOUTQ, b"\0\0\0\0"))[0])
