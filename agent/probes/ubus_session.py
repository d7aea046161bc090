"""A router's ubus over HTTP (uhttpd-mod-ubus, rpcd): logs in, asks, and logs in again when the session has ended.

Several questions travel in one request: each connection costs a small router a TLS handshake.
"""

import json
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from agent.polled import PolledDevice
from agent.probes.connect import connect
from agent.probes.deadline import Deadline
from agent.probes.http_answer import MAX_BODY_BYTES, read_http_answer
from agent.probes.outcomes import BadAnswer, Unsupported
from agent.ubus_settings import UbusSettings

NO_SESSION = "0" * 32

# What a call ends with: ubus' own status, and uhttpd's errors, as exceptions that have a word.
_STATUS: dict[int, tuple[type[Exception], str]] = {
    3: (Unsupported, "it has no such method"),
    4: (Unsupported, "it has no such object"),
    6: (PermissionError, "its user may not do that"),
    7: (TimeoutError, "its own service did not answer in time"),
    8: (Unsupported, "it cannot do that"),
    -32000: (Unsupported, "it has no such object"),
    -32001: (PermissionError, "it does not know our session"),
    -32002: (PermissionError, "it denies access: check the user's rights in /usr/share/rpcd/acl.d"),
    -32003: (TimeoutError, "its own service did not answer in time"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """One call: an object of ubus, a method, arguments."""

    path: str
    method: str
    arguments: dict[str, Any] = field(default_factory=dict)


Answer = dict[str, Any] | Exception  # of one question; an exception that outcome_of() has a word for
Step = Callable[[str], None]


@dataclass(slots=True)
class _Router:
    """The session at one router, shared by the probes of it that run at the same time."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    session: str = ""


@cache
def _router(_address: str, _settings: UbusSettings) -> _Router:
    return _Router()


def settings_of(device: PolledDevice | None) -> tuple[PolledDevice, UbusSettings]:
    """The device and its key. Raises Unsupported for one that is not asked so."""
    if device is None or device.ubus is None:
        raise Unsupported("only a router that is polled by ubus can tell that")
    return device, device.ubus


def ask(device: PolledDevice, questions: Sequence[Question], deadline: Deadline, step: Step) -> list[Answer]:
    """The answers, in the order of the questions.

    Raises PermissionError (login refused, password file unreadable), BadAnswer, TimeoutError, OSError when no answer
    came at all.
    """
    device, settings = settings_of(device)
    router = _router(device.address, settings)
    with router.lock:
        known, session = router.session, router.session or _login(device, settings, router, deadline, step)
    answers = _asked(device, settings, session, questions, deadline, step)
    if known and all(isinstance(answer, PermissionError) for answer in answers):
        step("the session has ended; logging in again")
        with router.lock:
            ended = router.session in ("", known)  # else another probe has logged in meanwhile
            session = _login(device, settings, router, deadline, step) if ended else router.session
        answers = _asked(device, settings, session, questions, deadline, step)
    return answers


def ask_one(device: PolledDevice, question: Question, deadline: Deadline, step: Step) -> dict[str, Any]:
    """The answer to a single question. Raises what `ask` raises, and the exception of the answer."""
    return told(ask(device, [question], deadline, step)[0])


def told(answer: Answer) -> dict[str, Any]:
    """The answer itself. Raises it when it is an exception."""
    if isinstance(answer, Exception):
        raise answer
    return answer


def whole(answer: Any, *keys: str | int) -> int | None:
    """The whole number at a place in an answer, None when there is none that can be a count."""
    value = at(answer, *keys)
    return value if type(value) is int and 0 <= value < 2**53 else None


def at(answer: Any, *keys: str | int) -> Any:
    """What stands at a place in an answer, None where it does not reach so far."""
    for key in keys:
        if isinstance(answer, dict) and isinstance(key, str):
            answer = answer.get(key)
        elif isinstance(answer, list) and isinstance(key, int) and key < len(answer):
            answer = answer[key]
        else:
            return None
    return answer


def _login(device: PolledDevice, settings: UbusSettings, router: _Router, deadline: Deadline, step: Step) -> str:
    router.session = ""
    try:
        password = Path(settings.password_file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise PermissionError(f"the password file cannot be read: {error}") from error
    question = Question("session", "login", {"username": settings.username, "password": password})
    [answer] = _asked(device, settings, NO_SESSION, [question], deadline, step)
    if isinstance(answer, PermissionError):
        raise PermissionError(f"{device.id} refuses the login of {settings.username}: check username and password file")
    session = told(answer).get("ubus_rpc_session")
    if not isinstance(session, str) or not session:
        raise BadAnswer(f"{device.id} answered a login without a session")
    step(f"logged in as {settings.username}")
    router.session = session
    return session


def _asked(
    device: PolledDevice,
    settings: UbusSettings,
    session: str,
    questions: Sequence[Question],
    deadline: Deadline,
    step: Step,
) -> list[Answer]:
    calls = [
        {"jsonrpc": "2.0", "id": number, "method": "call", "params": [session, one.path, one.method, one.arguments]}
        for number, one in enumerate(questions)
    ]
    replies = _posted(device, settings, json.dumps(calls).encode(), deadline, step)
    if not isinstance(replies, list) or len(replies) != len(questions):
        raise BadAnswer(f"{device.id} did not answer each of {len(questions)} calls")
    answers = [_answer(reply) for reply in replies]
    for question, answer in zip(questions, answers, strict=True):
        step(f"{question.path} {question.method}: {answer if isinstance(answer, Exception) else 'answered'}")
    return answers


def _answer(reply: Any) -> Answer:
    """A JSON-RPC reply: `result: [status, data]`, or `error: {code}`."""
    result = at(reply, "result")
    if isinstance(result, list) and result and type(result[0]) is int:
        data = result[1] if len(result) > 1 else {}
        if result[0] == 0 and isinstance(data, dict):
            return data
        return _failure(result[0])
    code = at(reply, "error", "code")
    return _failure(code) if type(code) is int else BadAnswer("an answer is not one of JSON-RPC")


def _failure(code: int) -> Exception:
    kind, words = _STATUS.get(code, (BadAnswer, f"it answered with the error {code}"))
    return kind(words)


def _posted(device: PolledDevice, settings: UbusSettings, body: bytes, deadline: Deadline, step: Step) -> Any:
    port = settings.port or (443 if settings.https else 80)
    head = (
        f"POST /ubus HTTP/1.1\r\nHost: {device.address}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    connection = connect(device.address, port, deadline, step)
    with _secured(connection.socket, device, settings, deadline) as sock:
        sock.settimeout(deadline.left("the question"))
        sock.sendall(head.encode("ascii") + body)
        answer = read_http_answer(sock, deadline)
    if answer.head.status in (401, 403):
        raise PermissionError(f"{device.id} answered HTTP {answer.head.status}")
    if answer.head.status == 404:
        raise Unsupported(f"{device.id} has no ubus over HTTP: install uhttpd-mod-ubus, or LuCI, on it")
    if answer.head.status != 200 or len(answer.body) >= MAX_BODY_BYTES:
        raise BadAnswer(f"{device.id} answered HTTP {answer.head.status} with {len(answer.body)} bytes")
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise BadAnswer(f"{device.id} did not answer in JSON") from error


def _secured(sock: socket.socket, device: PolledDevice, settings: UbusSettings, deadline: Deadline) -> socket.socket:
    """Under TLS where the settings say so; closes the socket when the certificate is not trusted."""
    if not settings.https:
        return sock
    from agent.probes.trust import knowing_context, trusting_context

    sock.settimeout(deadline.left("the TLS handshake"))
    try:
        certificate = settings.certificate_file
        context = trusting_context() if certificate is None else knowing_context(certificate)
        return context.wrap_socket(sock, server_hostname=device.address)
    except (OSError, ValueError):
        sock.close()
        raise
