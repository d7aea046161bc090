"""A stand-in for an OpenWrt router's web server with ubus: uhttpd-mod-ubus and rpcd, which no package of Debian has.

Written after their source (openwrt/uhttpd, ubus.c) and openwrt.org's description of the protocol: a list of JSON-RPC
calls, answers in chunks, sessions that end, a user with rights. It gives the recorded answers.
"""

import http.server
import json
import secrets
import ssl
import threading
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.router import RECORDED
from tests.waiting import PATIENCE_SECONDS

USER, PASSWORD = "sonca", "a good password"
NO_SESSION = "0" * 32
ERRORS = {-32700: "Parse error", -32000: "Object not found", -32002: "Access denied"}
DENIED, NOT_FOUND = 6, 4


def recorded() -> dict[str, Any]:
    """`object method [device]` -> what ubus answers."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in RECORDED.glob("*.json")}


@dataclass
class RouterSite:
    """What the router answers; a number is ubus' status in place of an answer. `raw`: bytes in place of HTTP."""

    answers: dict[str, Any] = field(default_factory=recorded)
    sessions: set[str] = field(default_factory=set)
    denied: set[str] = field(default_factory=set)  # objects that the user may not ask
    calls: list[str] = field(default_factory=list)
    raw: bytes | None = None
    status: int = 200
    delay: threading.Event | None = None

    def replied(self, call: Any) -> dict[str, Any]:
        """The reply to one call."""
        session, path, method, arguments = call["params"]
        name = ".".join([path, method, *([arguments["device"]] if "device" in arguments else [])])
        self.calls.append(name)
        head = {"jsonrpc": "2.0", "id": call["id"]}
        if (path, method) == ("session", "login"):
            return {**head, "result": self._login(arguments)}
        if name not in self.answers:
            return {**head, "error": {"code": -32000, "message": ERRORS[-32000]}}
        if session not in self.sessions or path in self.denied:
            return {**head, "error": {"code": -32002, "message": ERRORS[-32002]}}
        answer = self.answers[name]
        return {**head, "result": [answer] if isinstance(answer, int) else [0, answer]}

    def _login(self, arguments: Any) -> list[Any]:
        if (arguments["username"], arguments["password"]) != (USER, PASSWORD):
            return [DENIED]
        session = secrets.token_hex(16)
        self.sessions.add(session)
        return [0, {"ubus_rpc_session": session, "timeout": 300, "expires": 299, "acls": {}, "data": {}}]


class RunningRouter:
    """Serves a RouterSite on a free port; with a certificate (and its key) over TLS."""

    def __init__(self, certificate: tuple[Path, Path] | None = None) -> None:
        self.site = RouterSite()
        site = self.site

        class Page(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if site.delay is not None:
                    site.delay.wait(PATIENCE_SECONDS)
                if site.raw is not None:
                    self.wfile.write(site.raw)
                    self.close_connection = True
                    return
                self.send_response(site.status if self.path == "/ubus" else 404)
                self.send_header("Content-Type", "application/json")
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                calls = json.loads(body)
                text = json.dumps([site.replied(call) for call in calls]).encode()
                for piece in (text[:7], text[7:]):
                    self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
                self.wfile.write(b"0\r\n\r\n")

            def log_message(self, format: str, *args: object) -> None:  # noqa: ARG002 - the base class names them
                return

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002
                return  # a client that does not trust the certificate, or has waited long enough, hangs up

        self._server = Server(("127.0.0.1", 0), Page)
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def __enter__(self) -> "RunningRouter":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.site.delay is not None:
            self.site.delay.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(PATIENCE_SECONDS)
