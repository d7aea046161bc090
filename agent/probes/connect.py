"""A TCP connection to the first address of a name that takes one, and how long each part took."""

import contextlib
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

from agent.probes.deadline import Deadline
from agent.probes.lookup import Address, addresses_of, milliseconds_since

MAX_ADDRESSES = 4


@dataclass(frozen=True, slots=True)
class Connection:
    """An open socket; close it. `lookup_ms` is the name's lookup, `connect_ms` the handshake with the address taken."""

    socket: socket.socket
    lookup_ms: float
    connect_ms: float


def connect(host: str, port: int, deadline: Deadline, step: Callable[[str], None]) -> Connection:
    """Tries the addresses one after the other, each with its part of the time left.

    Raises socket.gaierror, TimeoutError, ConnectionRefusedError or OSError: of the last address, the others are steps.
    """
    start = time.perf_counter()
    addresses = addresses_of(host, port, deadline)[:MAX_ADDRESSES]
    lookup_ms = milliseconds_since(start)
    for index, address in enumerate(addresses[:-1]):
        with contextlib.suppress(OSError):
            return _connected(address, deadline.left("connecting") / (len(addresses) - index), lookup_ms, step)
    return _connected(addresses[-1], deadline.left("connecting"), lookup_ms, step)


def _connected(address: Address, seconds: float, lookup_ms: float, step: Callable[[str], None]) -> Connection:
    sock = socket.socket(address.family, socket.SOCK_STREAM)
    start = time.perf_counter()
    try:
        sock.settimeout(seconds)
        sock.connect(address.sockaddr)
    except OSError as error:
        sock.close()
        step(f"{address.text} port {address.sockaddr[1]} did not take the connection: {error}")
        raise
    step(f"connected to {address.text} port {address.sockaddr[1]}")
    return Connection(sock, lookup_ms, milliseconds_since(start))
