"""Who may transfer bytes at the endpoint: agents with an account, each request proven anew, a few at a time.

A challenge needs no memory, so that nobody can fill it: it is the time and the endpoint's own signature under it.
"""

import hmac
import secrets
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus

from contract.transfer import SCHEME, proof

CHALLENGE_SECONDS = 30.0
MOST_AT_ONCE = 2  # one tester a site at a time; a second one is a person who asks for an explanation
MOST_A_MINUTE = 12  # of one agent


class Refused(Exception):
    """A request that is not served: the HTTP status and a sentence for a person."""

    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Admission:
    """Used by the threads of all connections. Times are seconds of a clock that never jumps."""

    def __init__(self, password_of: Callable[[str], str | None]) -> None:
        self._password_of = password_of
        self._secret = secrets.token_hex(32)
        self._lock = threading.Lock()
        self._used: dict[str, float] = {}
        self._served: dict[str, deque[float]] = defaultdict(deque)
        self._under_way = 0

    def challenge(self, now: float) -> str:
        """To be signed within CHALLENGE_SECONDS, and good for one request."""
        said = f"{now:.3f}-{secrets.token_hex(8)}"
        return f"{said}-{self._signature(said)}"

    def check(self, authorization: str, method: str, path: str, now: float) -> str:
        """The user who asks. Raises Refused."""
        scheme, user, challenge, proven = ([*authorization.split(" "), "", "", "", ""])[:4]
        if scheme != SCHEME:
            raise Refused(HTTPStatus.UNAUTHORIZED, "only agents with an account at the broker may transfer bytes here")
        password = self._password_of(user)
        expected = proof(password or self._secret, user, challenge, method, path)
        if not hmac.compare_digest(expected.encode(), proven.encode()) or password is None:
            raise Refused(HTTPStatus.UNAUTHORIZED, "this account is not known here, or its password is another one")
        self._use(challenge, now)
        return user

    @contextmanager
    def serving(self, user: str, now: float) -> Iterator[None]:
        """While bytes go to or come from `user`. Raises Refused when that is too much."""
        with self._lock:
            lately = self._served[user]
            while lately and lately[0] < now - 60:
                lately.popleft()
            if len(lately) >= MOST_A_MINUTE:
                raise Refused(HTTPStatus.TOO_MANY_REQUESTS, f"{user} tests too often: wait a minute")
            if self._under_way >= MOST_AT_ONCE:
                raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, "others test now: ask again in a minute")
            lately.append(now)
            self._under_way += 1
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= 1

    def _use(self, challenge: str, now: float) -> None:
        """Raises Refused for a challenge that is not ours, too old, or used before."""
        said, _, signature = challenge.rpartition("-")
        ours = hmac.compare_digest(self._signature(said).encode(), signature.encode())
        if not ours or now - float(said.partition("-")[0]) > CHALLENGE_SECONDS:
            raise Refused(HTTPStatus.UNAUTHORIZED, "the challenge is too old: ask for another one")
        with self._lock:
            self._used = {known: at for known, at in self._used.items() if now - at <= CHALLENGE_SECONDS}
            if challenge in self._used:
                raise Refused(HTTPStatus.UNAUTHORIZED, "the challenge was used before: ask for another one")
            self._used[challenge] = now

    def _signature(self, said: str) -> str:
        return hmac.new(self._secret.encode(), said.encode(), "sha256").hexdigest()
