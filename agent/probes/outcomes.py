"""Which outcome word stands for which exception: probes raise what happens to them, the runner asks here."""

import errno
import socket
import sys

from contract.messages import Outcome


class BadAnswer(Exception):
    """The target answered, but not with what was asked for."""


class Unsupported(Exception):
    """This machine cannot measure that: no such hardware, program or system call."""


def _numbers(*names: str) -> frozenset[int]:
    """Error numbers by name; Windows has its own (WSA...) beside the usual ones."""
    known = (getattr(errno, prefix + name, None) for name in names for prefix in ("", "WSA"))
    return frozenset(number for number in known if number is not None)


UNREACHABLE_NUMBERS = _numbers("ENETUNREACH", "EHOSTUNREACH", "ENETDOWN", "EHOSTDOWN", "EADDRNOTAVAIL", "ENONET")
_UNSUPPORTED_NUMBERS = _numbers("EAFNOSUPPORT", "EPROTONOSUPPORT", "EOPNOTSUPP", "ENOSYS", "ENOPROTOOPT", "ENODEV")
_NO_PERMISSION_NUMBERS = _numbers("EACCES", "EPERM")
_TIMEOUT_NUMBERS = _numbers("ETIMEDOUT")

# The first that fits wins, so the narrower kinds of OSError stand before the wider ones.
_WORDS: tuple[tuple[type[BaseException], Outcome], ...] = (
    (TimeoutError, Outcome.TIMEOUT),
    (PermissionError, Outcome.NO_PERMISSION),
    # A reset is refused too: somebody on the way, or the target, answered and did not want to talk.
    (ConnectionError, Outcome.REFUSED),
    (BadAnswer, Outcome.BAD_ANSWER),
    (Unsupported, Outcome.UNSUPPORTED),
    (NotImplementedError, Outcome.UNSUPPORTED),
    (FileNotFoundError, Outcome.UNSUPPORTED),
)


def outcome_of(exception: BaseException) -> Outcome:
    """The outcome word of an exception that ended a probe; ERROR for what no rule knows."""
    if isinstance(exception, socket.gaierror):
        return _of_lookup(exception)
    if _is_tls_error(exception):
        return Outcome.BAD_ANSWER
    for kind, word in _WORDS:
        if isinstance(exception, kind):
            return word
    return _of_number(exception.errno) if isinstance(exception, OSError) else Outcome.ERROR


def _of_lookup(exception: socket.gaierror) -> Outcome:
    """EAI_AGAIN is a resolver that gave no answer: it tells nothing about the name."""
    if exception.errno == socket.EAI_AGAIN:
        return Outcome.TIMEOUT
    return Outcome.BAD_ANSWER if exception.errno == socket.EAI_FAIL else Outcome.NAME_NOT_FOUND


def _is_tls_error(exception: BaseException) -> bool:
    """Whether OpenSSL raised it. Without the ssl module in memory nobody can have, and importing it costs 2 MiB."""
    ssl = sys.modules.get("ssl")
    return ssl is not None and isinstance(exception, ssl.SSLError) and not isinstance(exception, TimeoutError)


def _of_number(number: int | None) -> Outcome:
    words = (
        (UNREACHABLE_NUMBERS, Outcome.UNREACHABLE),
        (_UNSUPPORTED_NUMBERS, Outcome.UNSUPPORTED),
        (_NO_PERMISSION_NUMBERS, Outcome.NO_PERMISSION),
        (_TIMEOUT_NUMBERS, Outcome.TIMEOUT),
    )
    return next((word for numbers, word in words if number in numbers), Outcome.ERROR)
