"""web: one HTTP or HTTPS request, how long each part took, and whether a login page answered instead of the target."""

import contextlib
import socket
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from agent.probes.certificate import days_left
from agent.probes.connect import connect
from agent.probes.deadline import Deadline
from agent.probes.finding import Finding, Task
from agent.probes.http_answer import HttpAnswer, read_http_answer
from agent.probes.lookup import milliseconds_since
from agent.probes.outcomes import BadAnswer, outcome_of
from contract.messages import Outcome, Target, Value

NETWORK_AUTHENTICATION_REQUIRED = 511


@dataclass(frozen=True, slots=True)
class Address:
    """A URL taken apart; `host` is ASCII (Vietnamese domain names in their xn-- form)."""

    tls: bool
    host: str
    port: int
    path: str

    def request(self) -> bytes:
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = self.port == (443 if self.tls else 80)
        lines = (
            f"GET {self.path} HTTP/1.1",
            f"Host: {host}" if usual else f"Host: {host}:{self.port}",
            "User-Agent: SonCa (connectivity check)",
            "Accept: */*",
            "Accept-Encoding: identity",
            "Connection: close",
        )
        return "\r\n".join((*lines, "", "")).encode("ascii")


def read_url(url: str) -> Address:
    """The parts of a URL. Raises ValueError for what is not an http or https URL of plain characters."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url!r} is not an http:// or https:// address")
    host = parts.hostname if parts.hostname.isascii() else parts.hostname.encode("idna").decode("ascii")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not all("!" <= letter <= "~" for letter in path + host):
        raise ValueError(f"{url!r} holds spaces or letters that a web address must write as %xx")
    tls = parts.scheme == "https"
    return Address(tls, host, parts.port or (443 if tls else 80), path)


def probe(task: Task) -> list[Finding]:
    """One finding; one that failed half-way keeps the times of the parts before.

    Raises ValueError (not a URL) and what connecting raises: socket.gaierror, TimeoutError, OSError.
    """
    address, deadline = read_url(task.target.address), Deadline(task.deadline_seconds)
    start = time.perf_counter()
    connection = connect(address.host, address.port, deadline, task.step)
    fields: dict[str, Value] = {"lookup_ms": connection.lookup_ms, "connect_ms": connection.connect_ms}
    with contextlib.ExitStack() as open_sockets:
        sock = open_sockets.enter_context(connection.socket)
        try:
            if address.tls:
                sock = open_sockets.enter_context(_secured(sock, address, deadline, fields, task))
            answer = _ask(sock, address, deadline, fields)
        except (OSError, BadAnswer) as error:
            task.step(f"failed: {error}")
            return [Finding(outcome_of(error), fields)]
    fields["total_ms"] = milliseconds_since(start)
    return [judged(task, answer, fields)]


def _ask(sock: socket.socket, address: Address, deadline: Deadline, fields: dict[str, Value]) -> HttpAnswer:
    asked_at = time.perf_counter()
    sock.settimeout(deadline.left("sending the request"))
    sock.sendall(address.request())
    answer = read_http_answer(sock, deadline)
    fields["first_byte_ms"] = round((answer.first_byte_at - asked_at) * 1000, 2)
    fields["status"] = answer.head.status
    return answer


def _secured(
    sock: socket.socket, address: Address, deadline: Deadline, fields: dict[str, Value], task: Task
) -> socket.socket:
    """The socket under TLS. A certificate that is not trusted still leaves its end in `fields`.

    Raises ssl.SSLError, OSError; the request is not sent then.
    """
    import ssl

    from agent.probes.trust import trusting_context

    asked_at = time.perf_counter()
    sock.settimeout(deadline.left("the TLS handshake"))
    try:
        secured = trusting_context().wrap_socket(sock, server_hostname=address.host)
    except ssl.SSLCertVerificationError as error:
        task.step(f"the certificate cannot be trusted: {error.verify_message}")
        _note_end(_untrusted_certificate(address, deadline, task), fields, task)
        raise
    fields["tls_ms"] = milliseconds_since(asked_at)
    _note_end(secured.getpeercert(binary_form=True), fields, task)
    return secured


def _untrusted_certificate(address: Address, deadline: Deadline, task: Task) -> bytes | None:
    """The certificate that was refused, fetched over a second connection; None when that fails: it is only a detail."""
    from agent.probes.trust import curious_context

    with contextlib.suppress(OSError):
        connection = connect(address.host, address.port, deadline, task.step)
        with connection.socket as sock:
            sock.settimeout(deadline.left("the TLS handshake"))
            with curious_context().wrap_socket(sock, server_hostname=address.host) as secured:
                return secured.getpeercert(binary_form=True)
    return None


def _note_end(der: bytes | None, fields: dict[str, Value], task: Task) -> None:
    days = days_left(der, datetime.now(UTC)) if der else None
    if days is not None:
        fields["certificate_days"] = days
        task.step(f"its certificate ends in {days} days by this machine's clock")


def judged(task: Task, answer: HttpAnswer, fields: dict[str, Value]) -> Finding:
    """The verdict: a connectivity URL must answer as expected; of other targets any status below 400 will do."""
    status, target = answer.head.status, task.target
    where = answer.head.headers.get("location")
    task.step(f"answered {status}" + (f", which sends on to {where[:100]}" if where else ""))
    if target.expect_status is None and target.expect_text is None:
        return Finding(Outcome.BAD_ANSWER if status >= 400 else Outcome.OK, fields)
    if as_expected(target, answer):
        return Finding(Outcome.OK, {**fields, "captive": False})
    # An error of the target itself is no login page; redirects, other pages and 511 are what portals answer with.
    captive = status < 400 or status == NETWORK_AUTHENTICATION_REQUIRED
    task.step("something else answered, probably a login page" if captive else "the target answered with an error")
    return Finding(Outcome.BAD_ANSWER, {**fields, "captive": captive})


def as_expected(target: Target, answer: HttpAnswer) -> bool:
    """Whether status and the start of the body are those the target should give."""
    if target.expect_status is not None and answer.head.status != target.expect_status:
        return False
    if target.expect_text is None:
        return True
    redirected = 300 <= answer.head.status < 400
    return not redirected and answer.body.decode("utf-8", "replace").lstrip("\ufeff").startswith(target.expect_text)
