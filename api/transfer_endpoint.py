"""The server's own down / up endpoint for the LAN leg of throughput tests: bytes that are made up and thrown away.

A process of its own, of the standard library only: it reads no database, stores nothing, and a test does not hold up
the pages. How an agent proves who it is stands in contract/transfer.py.
"""

import contextlib
import logging
import os
import re
import socket
import threading
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from typing import Any

from api.transfer_admission import Admission, Refused
from api.transfer_settings import TransferSettings
from contract.settings_file import SettingsError
from contract.transfer import CHALLENGE, DOWN, MOST_BYTES, UP

log = logging.getLogger(__name__)

BLOCK_BYTES = 65_536
HEAD_SECONDS = 5.0  # for a request to come, and for a block to go through
LONGEST_SECONDS = 30.0
MOST_CONNECTIONS = 16
_SIZED = re.compile(r"(/down|/up)\?bytes=([0-9]{1,11})")


def run(settings: TransferSettings, stop: threading.Event) -> None:
    """Serves until `stop` is set. Raises SettingsError when the address cannot be used."""
    with endpoint(settings) as server:
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1})
        serving.start()
        log.info("throughput is tested at %s:%s", *server.server_address[:2])
        stop.wait()
        server.shutdown()
        serving.join()
    log.info("the endpoint has stopped")


def endpoint(settings: TransferSettings) -> "Endpoint":
    """An endpoint that listens, but does not serve yet. Raises SettingsError."""
    try:
        return Endpoint(settings)
    except OSError as error:
        raise SettingsError(
            f"throughput.port: {settings.host} port {settings.port} cannot be used: {os.strerror(error.errno or 0)}",
            "is SonCa running already? Is this an address of this machine? Else choose another port",
        ) from error


class Endpoint(ThreadingMixIn, TCPServer):
    """A thread for each connection, of which there are not more than MOST_CONNECTIONS."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, settings: TransferSettings) -> None:
        self.admission = Admission(settings.password_of)
        self.noise = os.urandom(BLOCK_BYTES)
        self._free = threading.BoundedSemaphore(MOST_CONNECTIONS)
        self.address_family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        super().__init__((settings.host, settings.port), _Conversation)

    def process_request(self, request: Any, client_address: Any) -> None:
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - the base class names them
        log.debug("a connection of %s broke", client_address[0], exc_info=True)


class _Conversation(BaseHTTPRequestHandler):
    """One request a connection; whoever knows enough hangs up in the middle."""

    server: Endpoint
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "SonCa", ""
    timeout = HEAD_SECONDS

    def do_GET(self) -> None:
        if self.path == CHALLENGE:
            self._answer(HTTPStatus.OK, self.server.admission.challenge(time.monotonic()))
        else:
            self._transfer(DOWN)

    def do_POST(self) -> None:
        self._transfer(UP)

    def _transfer(self, wanted: str) -> None:
        try:
            size, now = self._asked(wanted), time.monotonic()
            user = self.server.admission.check(self.headers.get("Authorization", ""), self.command, self.path, now)
            with self.server.admission.serving(user, now), contextlib.suppress(OSError):
                log.info("%s of %s", self.path, user)
                self._send(size) if wanted == DOWN else self._take(size)
        except Refused as refused:
            log.warning("refused %s of %s: %s", self.path[:60], self.client_address[0], refused)
            self._answer(refused.status, str(refused))

    def _asked(self, wanted: str) -> int:
        """How many bytes the path names. Raises Refused."""
        match = _SIZED.fullmatch(self.path)
        if match is None or match[1] != wanted:
            raise Refused(HTTPStatus.NOT_FOUND, f"there is {CHALLENGE}, GET {DOWN}?bytes=N and POST {UP}?bytes=N here")
        size = int(match[2])
        if size > MOST_BYTES:
            raise Refused(HTTPStatus.BAD_REQUEST, f"at most {MOST_BYTES} bytes in one go")
        if wanted == UP and self.headers.get("Content-Length") != match[2]:
            raise Refused(HTTPStatus.BAD_REQUEST, "the length of the body must be the number in the address")
        return size

    def _send(self, size: int) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(size))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        until = time.monotonic() + LONGEST_SECONDS
        noise = memoryview(self.server.noise)
        while size > 0 and time.monotonic() < until:
            size -= self.connection.send(noise[: min(size, BLOCK_BYTES)])
        self.close_connection = True

    def _take(self, size: int) -> None:
        until, left, block = time.monotonic() + LONGEST_SECONDS, size, memoryview(bytearray(BLOCK_BYTES))
        while left > 0 and time.monotonic() < until:
            count = self.rfile.readinto1(block[: min(left, BLOCK_BYTES)])
            if not count:
                return
            left -= count
        self._answer(HTTPStatus.OK, f"{size - left} bytes came")

    def _answer(self, status: HTTPStatus, sentence: str) -> None:
        body = f"{sentence}\n".encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        log.debug(format, *args)
