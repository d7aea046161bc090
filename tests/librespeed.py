"""A LibreSpeed server's two pages, after its PHP backend: garbage.php?ckSize= and empty.php.

python -m tests.librespeed 10.78.1.3 8080
"""

import os
import sys
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from typing import Any
from urllib.parse import parse_qs, urlsplit

MEBIBYTE = os.urandom(1_048_576)


class LibreSpeed(ThreadingMixIn, TCPServer):
    """`refuses` makes it answer to uploads as a web server does that takes a megabyte at most."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, address: tuple[str, int], *, refuses: bool = False) -> None:
        self.refuses = refuses
        super().__init__(address, _Page)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - the base class names them
        return  # the tester hangs up when it has seen enough


class _Page(BaseHTTPRequestHandler):
    server: LibreSpeed

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.send_response(200 if parts.path.endswith("/garbage.php") else 404)
        self.send_header("Content-Type", "application/octet-stream")
        self.end_headers()
        for _ in range(min(1024, int(parse_qs(parts.query).get("ckSize", ["4"])[0]))):
            self.wfile.write(MEBIBYTE)

    def do_POST(self) -> None:
        if self.server.refuses:
            self.send_error(413)
            return
        left = int(self.headers["Content-Length"])
        while left > 0 and (block := self.rfile.read1(min(left, 65_536))):
            left -= len(block)
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: ARG002 - the base class names them
        return


if __name__ == "__main__":
    LibreSpeed((sys.argv[1], int(sys.argv[2]))).serve_forever()
