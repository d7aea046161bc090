"""Ports of loopback for tests: each worker of a test run has its own, and none is given twice in a row."""

import contextlib
import itertools
import os
import secrets
import socket
from collections.abc import Iterator

# Above those that the embedded broker chooses from by itself, below those that outgoing connections get: a server that
# is killed and started again must find its port free, and clients that try to reach it meanwhile must not be given
# that very port as their own.
FIRST, LAST = 30_000, 32_700


def _own_ports() -> Iterator[int]:
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    own = range(FIRST + worker, LAST, workers)
    start = secrets.randbelow(len(own))  # two runs on one machine do not begin with the same
    return itertools.cycle([*own[start:], *own[:start]])


_PORTS = _own_ports()


def free_port() -> int:
    """A port of loopback that nobody listens on now, neither by TCP nor by UDP."""
    for port in _PORTS:
        with (
            contextlib.suppress(OSError),
            socket.socket() as tcp,
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        ):
            tcp.bind(("127.0.0.1", port))
            udp.bind(("127.0.0.1", port))
            return port
    raise AssertionError("a cycle does not end")


def listens(port: int, host: str = "127.0.0.1") -> bool:
    """Whether somebody takes connections there."""
    with socket.socket() as tcp:
        return tcp.connect_ex((host, port)) == 0
