"""Which projectors of class 2 are on the network: they answer a PJLink search on UDP port 4352."""

import contextlib
import re
import socket
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from agent.probes.deadline import Deadline

SEARCH = b"%2SRCH\r"
_ANSWER = re.compile(rb"%2ACKN=([0-9a-f]{2}(?:[:-]?[0-9a-f]{2}){5})\r?\n?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class FoundProjector:
    """Its IPv4 address and its hardware address in small letters with colons."""

    address: str
    mac: str


def search_projectors(broadcasts: Iterable[str], seconds: float, port: int = 4352) -> list[FoundProjector]:
    """Every projector that answers within `seconds`, each once, by address. Raises OSError.

    `broadcasts` are IPv4 broadcast addresses, one for each network (or projectors, to ask just these).
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        # Some projectors answer to that port and not to the one that asked; where another program has it, the rest do.
        with contextlib.suppress(OSError):
            sock.bind(("", port))
        for address in broadcasts:
            sock.sendto(SEARCH, (address, port))
        return sorted(set(_answers(sock, Deadline(seconds))))


def read_search_answer(datagram: bytes) -> str | None:
    """The hardware address in a projector's answer; None for any other datagram."""
    found = _ANSWER.fullmatch(datagram)
    if found is None:
        return None
    digits = re.sub("[:-]", "", found[1].decode().lower())
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))


def _answers(sock: socket.socket, deadline: Deadline) -> Iterator[FoundProjector]:
    with contextlib.suppress(TimeoutError):  # which ends the search
        while True:
            sock.settimeout(deadline.left("the search"))
            datagram, (address, _) = sock.recvfrom(512)
            mac = read_search_answer(datagram)
            if mac is not None:
                yield FoundProjector(address, mac)
