"""One TCP session with a projector by PJLink (JBMIA, class 1 and 2): greeting, password, question after question."""

import contextlib
import hashlib
import re
import socket
from collections.abc import Callable, Iterator

from agent.probes.connect import connect
from agent.probes.deadline import Deadline
from agent.probes.outcomes import BadAnswer

ANSWER_SECONDS = 10.0  # projectors may take that long over their errors or lamps
MAX_LINE_BYTES = 512  # the standard has 136 at most
LATE_ANSWERS = 3  # to earlier questions, passed over

_GREETING = re.compile(r"PJLINK (?:0|1 (\w{1,32})|(ERRA))", re.IGNORECASE)
_ANSWER = re.compile(r"%[12](\w{4})=(.*)", re.IGNORECASE | re.DOTALL)


@contextlib.contextmanager
def pjlink_session(
    host: str, port: int, password: str | None, deadline: Deadline, step: Callable[[str], None]
) -> Iterator["PjlinkSession"]:
    """A session that is greeted; closed afterwards.

    Raises what agent/probes/connect.py raises, BadAnswer when it is no projector, PermissionError without a password
    where it wants one.
    """
    with connect(host, port, deadline, step).socket as sock:
        session = PjlinkSession(sock, deadline, step)
        session.take_greeting(password)
        yield session


class PjlinkSession:
    """Asks one question at a time. The password goes before the first question, as the standard has it."""

    def __init__(self, sock: socket.socket, deadline: Deadline, step: Callable[[str], None]) -> None:
        self._socket = sock
        self._deadline = deadline
        self._step = step
        self._unread = b""
        self._digest = ""

    def take_greeting(self, password: str | None) -> None:
        """Reads the greeting and makes the answer to its challenge. Raises BadAnswer, PermissionError, OSError."""
        line = self._line("the greeting")
        greeting = _GREETING.fullmatch(line.rstrip())
        if greeting is None:
            raise BadAnswer(f"{line[:60]!r} is not the greeting of a projector")
        challenge, refused = greeting.groups()
        if refused:
            raise PermissionError("the projector refuses this agent")
        if challenge is None:
            return
        if password is None:
            raise PermissionError("the projector wants a password, and agent.yaml names no password_file for it")
        self._digest = hashlib.md5((challenge + password).encode(), usedforsecurity=False).hexdigest()

    def ask(self, question: str, pjlink_class: int) -> str:
        """What the projector says to `POWR` and the like: a value, or ERR1 to ERR4.

        Raises TimeoutError, PermissionError for a wrong password, BadAnswer for what is no PJLink, OSError.
        """
        text = f"%{pjlink_class}{question} ?"
        self._socket.settimeout(self._deadline.left(f"the session before {question}"))
        self._socket.sendall(f"{self._digest}{text}\r".encode())
        self._digest = ""
        for _ in range(1 + LATE_ANSWERS):
            line = self._line(f"the answer to {question}")
            answer = _ANSWER.fullmatch(line)
            if answer is None:
                raise _not_an_answer(question, line)
            if answer[1].upper() == question:
                self._step(f"{text} -> {answer[2]}")
                return answer[2].strip()
        raise BadAnswer(f"the projector answers other questions than {question}")

    def _line(self, what: str) -> str:
        """Up to the carriage return; some projectors add a line feed, which then starts the next line."""
        while b"\r" not in self._unread:
            if len(self._unread) > MAX_LINE_BYTES:
                raise BadAnswer(f"{what} does not end")
            self._unread += self._received(what)
        line, _, self._unread = self._unread.partition(b"\r")
        return line.lstrip(b"\n").decode(errors="replace")

    def _received(self, what: str) -> bytes:
        self._socket.settimeout(min(ANSWER_SECONDS, self._deadline.left(what)))
        try:
            received = self._socket.recv(MAX_LINE_BYTES)
        except TimeoutError as error:
            raise TimeoutError(f"{what} did not come") from error
        if not received and self._unread:
            raise BadAnswer(f"{what} broke off after {self._unread[:60]!r}")
        if not received:
            raise ConnectionResetError(f"the projector closed the connection before {what}")
        return received


def _not_an_answer(question: str, line: str) -> Exception:
    if line.strip().upper() == "PJLINK ERRA":
        return PermissionError("the projector does not take the password")
    return BadAnswer(f"{line[:60]!r} is no answer to {question}")
