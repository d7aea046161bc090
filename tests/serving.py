"""Runs an HTTP server of a few lines on a free port of loopback."""

import contextlib
import http.server
import threading
from collections.abc import Iterator


class Answering(http.server.BaseHTTPRequestHandler):
    """HTTP/1.1 without a log; a test's server says what it answers."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # an answer goes out in two parts: the second would wait 40 ms for the client

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def log_message(self, format: str, *args: object) -> None:  # noqa: ARG002 - the base class names them
        return


@contextlib.contextmanager
def serving(answering: type[Answering]) -> Iterator[int]:
    """The port of the server, which is stopped afterwards."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), answering)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
