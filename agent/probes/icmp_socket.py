"""Echoes over an ICMP socket of our own: the unprivileged kind (Linux, macOS), or a raw one with CAP_NET_RAW."""

import contextlib
import os
import secrets
import select
import socket
import sys
import time

from agent.probes.echo import Echoes, Pace
from agent.probes.icmp_packet import Answer, answer_in, echo, without_ip_header
from agent.probes.lookup import Address
from agent.probes.outcomes import UNREACHABLE_NUMBERS

# Linux constants that Python 3.11's socket module does not name.
_RECEIVE_ERRORS_V4, _RECEIVE_ERRORS_V6, _ERROR_QUEUE = 11, 25, 0x2000


def open_socket(address: Address, raw: bool) -> socket.socket:
    """An ICMP socket for the family of `address`.

    Raises PermissionError when this kind is not allowed here (`raw` needs CAP_NET_RAW, the other kind a
    net.ipv4.ping_group_range that holds our group), OSError when the system does not know it.
    """
    ipv6 = address.family == socket.AF_INET6
    kind = socket.SOCK_RAW if raw else socket.SOCK_DGRAM
    sock = socket.socket(address.family, kind, socket.IPPROTO_ICMPV6 if ipv6 else socket.IPPROTO_ICMP)
    sock.setblocking(False)
    if sys.platform == "linux" and not raw:
        # Unprivileged sockets hear of unreachable answers only on request; raw ones see the packets.
        level, option = (socket.IPPROTO_IPV6, _RECEIVE_ERRORS_V6) if ipv6 else (socket.IPPROTO_IP, _RECEIVE_ERRORS_V4)
        sock.setsockopt(level, option, 1)
    return sock


class Series:
    """One series of echoes to an address, over a socket that open_socket made."""

    def __init__(self, sock: socket.socket, address: Address, raw: bool) -> None:
        self._sock = sock
        self._address = address
        self._raw = raw
        self._ipv6 = address.family == socket.AF_INET6
        self._identifier = secrets.randbelow(0x10000)
        self._token = secrets.token_bytes(16)
        self._sent: dict[int, float] = {}
        self._round_trips: dict[int, float] = {}
        self._unreachable: set[int] = set()

    def run(self, pace: Pace) -> Echoes:
        """Sends and collects. Raises OSError when not even the first echo can leave this machine."""
        start = time.perf_counter()
        for sequence in range(pace.count):
            self._collect(start + sequence * pace.spacing, pace.count)
            self._send(sequence)
        self._collect(time.perf_counter() + pace.patience, pace.count)
        round_trips = [self._round_trips[sequence] for sequence in sorted(self._round_trips)]
        return Echoes(len(self._sent), round_trips, len(self._unreachable))

    def _send(self, sequence: int) -> None:
        packet = echo(self._ipv6, self._identifier, sequence, self._token)
        self._sent[sequence] = time.perf_counter()
        try:
            self._sock.sendto(packet, self._address.sockaddr)
        except OSError as error:
            # The error of an earlier echo is reported by the next call on the socket, whichever that is.
            if sequence == 0 or error.errno not in UNREACHABLE_NUMBERS:
                raise
            self._unreachable.add(sequence)

    def _collect(self, until: float, count: int) -> None:
        """Takes answers until a time.perf_counter() reading, or until every echo has one."""
        while len(self._round_trips) + len(self._unreachable) < count:
            left = until - time.perf_counter()
            if left <= 0 or not select.select([self._sock], [], [], left)[0]:
                return
            self._take()

    def _take(self) -> None:
        if sys.platform == "linux" and not self._raw:
            self._take_errors()
        try:
            packet = self._sock.recv(2048)
        except OSError:
            # Either the socket was ready for its error queue only, or this is the error that stood there, which recv
            # reports once more; an echo that gets no other answer counts as lost.
            return
        now = time.perf_counter()
        with_header = not self._ipv6 and (self._raw or sys.platform == "darwin")
        body = without_ip_header(packet) if with_header else packet
        answer = answer_in(body, self._ipv6, self._identifier, self._token)
        if answer is not None:
            self._note(answer, now)

    def _take_errors(self) -> None:
        """Reads the error queue: each entry quotes the echo that found no way."""
        with contextlib.suppress(BlockingIOError):
            while True:
                quoted, *_ = self._sock.recvmsg(2048, 512, _ERROR_QUEUE)
                if len(quoted) >= 8:
                    self._note(Answer("unreachable", int.from_bytes(quoted[6:8], "big")), 0.0)

    def _note(self, answer: Answer, now: float) -> None:
        if answer.sequence not in self._sent:
            return
        if answer.kind == "reply":
            elapsed = (now - self._sent[answer.sequence]) * 1000
            self._round_trips.setdefault(answer.sequence, elapsed)  # the first of duplicates counts
            self._unreachable.discard(answer.sequence)
        elif answer.sequence not in self._round_trips:
            self._unreachable.add(answer.sequence)


def describe_permission() -> str:
    """One sentence about what would let this agent send echoes by itself."""
    if sys.platform != "linux":
        return "run the agent with the right to open ICMP sockets"
    group = os.getegid()
    return f"allow it with `sysctl net.ipv4.ping_group_range='{group} {group}'` or give the agent CAP_NET_RAW"
