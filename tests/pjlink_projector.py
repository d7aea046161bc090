"""A projector for tests: speaks PJLink class 1 or 2 on a port of loopback, well or badly, after the JBMIA standard.

with RunningProjector(password="secret", answers={**CLASS_2, "POWR": "0"}) as projector:
    ask("127.0.0.1", projector.port)
"""

import contextlib
import hashlib
import socket
import threading
from collections.abc import Mapping
from types import TracebackType

from tests.waiting import PATIENCE_SECONDS

CLASS_1 = {
    "POWR": "1",
    "INPT": "31",
    "AVMT": "30",
    "ERST": "000000",
    "LAMP": "1234 1",
    "NAME": "Lớp Chồi 1",
    "INF1": "EPSON",
    "INF2": "EB-X49",
    "INFO": "1.07",
    "CLSS": "1",
    "INST": "11 31 32",
}
CLASS_2 = {
    **CLASS_1,
    "CLSS": "2",
    "SNUM": "X4GH5901234",
    "SVER": "2.10",
    "FILT": "321",
    "RLMP": "ELPLP96 ELPLP97",
    "RFIL": "ELPAF32",
    "IRES": "1920x1080",
    "RRES": "1024x768",
    "FREZ": "0",
}
ONLY_CLASS_2 = frozenset(CLASS_2) - frozenset(CLASS_1)
CHALLENGE = "498e4a67"
_ESTABLISHED = 1  # in the kernel's table of TCP states


def in_standby(answers: Mapping[str, str]) -> dict[str, str]:
    """The same projector when it sleeps: it knows its power and its class, and not much else."""
    return {name: answer if name == "CLSS" else "ERR3" for name, answer in answers.items()} | {"POWR": "0"}


class RunningProjector:
    """Started on entry. `asked` lists the questions, `sessions` counts connections, `together` the most at once.

    `answers` holds a value or an error for each question; what is not in it is ERR1. Badly it behaves by `greeting`
    (sent instead of its own), `silent` (questions without an answer), `raw` (bytes instead of an answer),
    `hangs_up_at` (the question at which it closes the connection) and `seconds` (before each answer).
    """

    def __init__(
        self,
        answers: Mapping[str, str] = CLASS_1,
        password: str | None = None,
        *,
        greeting: bytes | None = None,
        silent: frozenset[str] = frozenset(),
        raw: Mapping[str, bytes] | None = None,
        hangs_up_at: str = "",
        seconds: float = 0.0,
    ) -> None:
        self.answers = dict(answers)
        self.asked: list[str] = []
        self.sessions = self.together = 0
        self.silent, self.raw, self.hangs_up_at, self.seconds = silent, dict(raw or {}), hangs_up_at, seconds
        self._password = password
        self._greeting = greeting
        self._now: list[socket.socket] = []
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> "RunningProjector":
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.05)
        self.port = int(self._listener.getsockname()[1])
        self._start(self._listen)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(PATIENCE_SECONDS)
        self._listener.close()
        assert not any(thread.is_alive() for thread in self._threads), "the projector did not stop"

    def notify(self, port: int, notice: str) -> None:
        """Says `POWR=0` and the like unasked, as class 2 has it, to that UDP port of this machine."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.bind(("127.0.0.1", 0))
            sock.sendto(f"%2{notice}\r".encode(), ("127.0.0.1", port))

    def _start(self, target: object, *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _listen(self) -> None:
        while not self._stop.is_set():
            with contextlib.suppress(TimeoutError):
                self._start(self._serve, self._listener.accept()[0])

    def _serve(self, connection: socket.socket) -> None:
        with self._lock:
            self.sessions += 1
            self._now.append(connection)
            self.together = max(self.together, sum(map(_is_open, self._now)))
        try:
            with contextlib.suppress(ConnectionError):
                connection.settimeout(0.05)
                self._talk(connection)
        finally:
            with self._lock:
                self._now.remove(connection)
                connection.close()

    def _talk(self, connection: socket.socket) -> None:
        greeting = f"PJLINK 1 {CHALLENGE}\r" if self._password else "PJLINK 0\r"
        connection.sendall(greeting.encode() if self._greeting is None else self._greeting)
        digest = hashlib.md5(f"{CHALLENGE}{self._password}".encode()).hexdigest() if self._password else ""
        first = True
        while (line := self._line(connection)) is not None:
            if first and not line.startswith(digest):
                connection.sendall(b"PJLINK ERRA\r")
                return
            if not self._answer(connection, line.removeprefix(digest) if first else line):
                return
            first = False

    def _answer(self, connection: socket.socket, line: str) -> bool:
        """Whether the session goes on."""
        level, name = line[1:2], line[2:6]
        assert line == f"%{level}{name} ?", line
        self.asked.append(line[:6])
        self._stop.wait(self.seconds)
        if name == self.hangs_up_at:
            return False
        if name in self.raw:
            connection.sendall(self.raw[name])
        elif name not in self.silent:
            known = level == ("2" if name in ONLY_CLASS_2 else "1")
            answer = self.answers.get(name, "ERR1") if known else "ERR1"
            connection.sendall(f"%{level}{name}={answer}\r".encode())
        return True

    def _line(self, connection: socket.socket) -> str | None:
        """None when the other side went, or the test is over."""
        received = b""
        while not received.endswith(b"\r"):
            if self._stop.is_set():
                return None
            with contextlib.suppress(TimeoutError):
                more = connection.recv(256)
                if not more:
                    return None
                received += more
        return received[:-1].decode()


def _is_open(connection: socket.socket) -> bool:
    """Not once the other side has closed it, whether or not its thread has had its turn to notice."""
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == _ESTABLISHED
