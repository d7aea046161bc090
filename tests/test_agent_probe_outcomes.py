"""Each way a probe can fail has its word."""

import errno
import socket
import ssl

import pytest

from agent.probes.outcomes import BadAnswer, Unsupported, outcome_of
from contract.messages import Outcome


@pytest.mark.parametrize(
    ("exception", "word"),
    [
        (TimeoutError("late"), Outcome.TIMEOUT),
        (OSError(errno.ETIMEDOUT, "late"), Outcome.TIMEOUT),
        (ConnectionRefusedError(errno.ECONNREFUSED, "no"), Outcome.REFUSED),
        (ConnectionResetError(errno.ECONNRESET, "no"), Outcome.REFUSED),
        (socket.gaierror(socket.EAI_NONAME, "no such name"), Outcome.NAME_NOT_FOUND),
        (socket.gaierror(socket.EAI_AGAIN, "no resolver"), Outcome.TIMEOUT),
        (socket.gaierror(socket.EAI_FAIL, "broken"), Outcome.BAD_ANSWER),
        (PermissionError(errno.EPERM, "no"), Outcome.NO_PERMISSION),
        (OSError(errno.ENETUNREACH, "no way"), Outcome.UNREACHABLE),
        (OSError(errno.EHOSTUNREACH, "no way"), Outcome.UNREACHABLE),
        (OSError(errno.EAFNOSUPPORT, "no IPv6"), Outcome.UNSUPPORTED),
        (FileNotFoundError("ping"), Outcome.UNSUPPORTED),
        (ssl.SSLCertVerificationError(1, "expired"), Outcome.BAD_ANSWER),
        (BadAnswer("not HTTP"), Outcome.BAD_ANSWER),
        (Unsupported("no Wi-Fi"), Outcome.UNSUPPORTED),
        (OSError(errno.EIO, "disk"), Outcome.ERROR),
        (ZeroDivisionError(), Outcome.ERROR),
    ],
    ids=lambda value: repr(value) if isinstance(value, BaseException) else str(value),
)
def test_an_exception_has_its_outcome_word(exception: BaseException, word: Outcome) -> None:
    assert outcome_of(exception) is word
