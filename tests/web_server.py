"""Web servers for tests: a small HTTP(S) site with real certificates made by openssl, and one that sends any bytes."""

import contextlib
import http.server
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.peers import need
from tests.waiting import PATIENCE_SECONDS

PAGES = {
    "/": (200, {}, b"welcome"),
    "/generate_204": (204, {}, b""),
    "/success.txt": (200, {}, b"success\n"),
    "/login": (302, {"Location": "http://10.0.0.1/portal"}, b"go and log in"),
    "/portal-page": (200, {}, b"<html>please log in</html>"),
    "/broken": (503, {}, b"come back later"),
    "/511": (511, {}, b"log in first"),
    "/big": (200, {}, b"x" * 1_000_000),
}


class _Site(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        status, headers, body = PAGES.get(self.path, (404, {}, b"no such page"))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(OSError):  # the probe hangs up when it has read enough
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: ARG002 - the base class names them
        return


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002
        return  # clients that do not trust the certificate hang up, which is what these tests are about


@dataclass(frozen=True)
class Certificate:
    """A certificate that is its own authority, and its key."""

    certificate: Path
    key: Path


def make_certificate(folder: Path, days: int, names: str = "IP:127.0.0.1,DNS:localhost") -> Certificate:
    """A certificate that ends `days` from now (openssl takes -1 for one that has ended)."""
    made = Certificate(folder / f"days{days}.pem", folder / f"days{days}.key")
    extensions = folder / "extensions"
    extensions.write_text(f"subjectAltName={names}\nbasicConstraints=critical,CA:TRUE\n")
    request = folder / "request.pem"
    _openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-keyout", str(made.key), "-subj", "/CN=localhost", "-out", str(request))  # fmt: skip
    _openssl("x509", "-req", "-in", str(request), "-signkey", str(made.key), "-days", str(days),
             "-extfile", str(extensions), "-out", str(made.certificate))  # fmt: skip
    return made


@contextlib.contextmanager
def site(certificate: Certificate | None = None) -> Iterator[str]:
    """`host:port` of a site with PAGES, over TLS with a certificate."""
    server = _Server(("127.0.0.1", 0), _Site)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate.certificate, certificate.key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def saying(answer: bytes, *, hang_up: bool = True) -> contextlib.AbstractContextManager[str]:
    """`host:port` of a server that answers any first bytes with these, then hangs up or stays silent."""

    def say(connection: socket.socket, stop: threading.Event) -> None:
        connection.sendall(answer)
        if not hang_up:
            stop.wait(PATIENCE_SECONDS)

    return _listening(say)


def dripping(answer: bytes, *, every: float) -> contextlib.AbstractContextManager[str]:
    """`host:port` of a server that answers byte by byte, one each `every` seconds."""

    def drip(connection: socket.socket, stop: threading.Event) -> None:
        for at in range(len(answer)):
            connection.sendall(answer[at : at + 1])
            if stop.wait(every):
                return

    return _listening(drip)


@contextlib.contextmanager
def _listening(answer: Callable[[socket.socket, threading.Event], None]) -> Iterator[str]:
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        thread = threading.Thread(target=_serve, args=(listener, answer, stop), daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{listener.getsockname()[1]}"
        finally:
            stop.set()
            thread.join()


def _serve(
    listener: socket.socket, answer: Callable[[socket.socket, threading.Event], None], stop: threading.Event
) -> None:
    while not stop.is_set():
        with contextlib.suppress(TimeoutError, ConnectionError):
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(PATIENCE_SECONDS)
                connection.recv(4096)
                answer(connection, stop)


def _openssl(*arguments: str) -> None:
    subprocess.run([need("openssl"), *arguments], check=True, capture_output=True)
