"""Names to addresses by the system's resolver, within a deadline."""

import contextlib
import ipaddress
import socket
import threading
import time
from dataclasses import dataclass
from typing import TypeAlias, cast

from agent.probes.deadline import Deadline

Sockaddr: TypeAlias = tuple[str, int] | tuple[str, int, int, int]


@dataclass(frozen=True, slots=True)
class Address:
    """One address to connect to: `sockaddr` is what the socket calls of its family take."""

    family: int
    sockaddr: Sockaddr

    @property
    def text(self) -> str:
        """As people write it, with the interface of a link-local one (`fe80::1%eth0`)."""
        return socket.getnameinfo(self.sockaddr, socket.NI_NUMERICHOST | socket.NI_NUMERICSERV)[0]


def addresses_of(host: str, port: int, deadline: Deadline) -> list[Address]:
    """The addresses of a host name or address, best first, each once. Raises socket.gaierror or TimeoutError.

    The resolver cannot be interrupted, so a name is looked up in a thread that may outlive the deadline by the
    resolver's own patience (about 30 s); nobody waits for it.
    """
    if _is_address(host):
        return _ask(host, port)
    return _Lookup(host, port).result(deadline)


def split_host_port(address: str, default_port: int | None = None) -> tuple[str, int]:
    """`host:port`, `[IPv6]:port`, or without port where there is a default. Raises ValueError."""
    host, port = address, ""
    if address.startswith("["):
        host, _, rest = address[1:].partition("]")
        port = rest.removeprefix(":")
    elif address.count(":") == 1:
        host, _, port = address.partition(":")
    if not port and default_port is not None:
        port = str(default_port)
    if not host or not (port.isascii() and port.isdigit()) or not 0 < int(port) < 65536:
        raise ValueError(f"{address!r} is not host:port; write for example example.vn:443 or [2001:db8::1]:443")
    return host, int(port)


class _Lookup:
    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._found: list[Address] = []
        self._error: Exception | None = None
        self._done = threading.Event()

    def result(self, deadline: Deadline) -> list[Address]:
        threading.Thread(target=self._run, name=f"lookup {self._host}", daemon=True).start()
        if not self._done.wait(deadline.left("the name lookup")):
            raise TimeoutError(f"the resolver did not answer for {self._host}")
        if self._error is not None:
            raise self._error
        return self._found

    def _run(self) -> None:
        try:
            self._found = _ask(self._host, self._port)
        except (OSError, ValueError) as error:  # gaierror is an OSError; handed to the thread that waits
            self._error = error
        finally:
            self._done.set()


def _ask(host: str, port: int) -> list[Address]:
    # Bytes keep Python from loading its international-names codec (0.6 MiB) for names that are plain ASCII.
    name = host.encode("ascii") if host.isascii() else host.encode("idna")
    rows = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    found = {(family, cast(Sockaddr, sockaddr)): None for family, _, _, _, sockaddr in rows}
    return [Address(family, sockaddr) for family, sockaddr in found]


def _is_address(host: str) -> bool:
    with contextlib.suppress(ValueError):
        ipaddress.ip_address(host)
        return True
    return False


def milliseconds_since(start: float) -> float:
    """Milliseconds since a time.perf_counter() reading."""
    return round((time.perf_counter() - start) * 1000, 2)
