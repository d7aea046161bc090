"""Echoes on Windows by IcmpSendEcho and Icmp6SendEcho2 of iphlpapi, which need no administrator."""

import socket
import struct
import time
from typing import Any

from agent.probes.echo import Echoes, Pace
from agent.probes.lookup import Address

SUCCESS, TIMED_OUT = 0, 11010
UNREACHABLE = frozenset({11002, 11003, 11004, 11005, 11013, 1231, 1232})  # IP_DEST_*, IP_TTL_EXPIRED_TRANSIT, ERROR_*
ACCESS_DENIED = 5
_REPLY_BYTES = 512
_PAYLOAD = b"sonca measures the way"


def windows_echoes(address: Address, pace: Pace) -> Echoes:
    """A series of echoes, one after the other. Raises OSError (PermissionError included) when none can be sent."""
    import ctypes

    library = ctypes.WinDLL("iphlpapi", use_last_error=True)  # type: ignore[attr-defined]  # exists on Windows only
    ipv6 = address.family == socket.AF_INET6
    create = library.Icmp6CreateFile if ipv6 else library.IcmpCreateFile
    create.restype = ctypes.c_void_p  # a plain int would cut the handle to 32 bits
    library.IcmpCloseHandle.argtypes = [ctypes.c_void_p]
    handle = create()
    if handle in (None, ctypes.c_void_p(-1).value):
        raise ctypes.WinError(ctypes.get_last_error())  # type: ignore[attr-defined]
    try:
        return _series(lambda: _echo(library, handle, address, pace), pace)
    finally:
        library.IcmpCloseHandle(handle)


def judge(echoes: Echoes, status: int, elapsed_ms: float, whole_ms: int) -> None:
    """Enters one echo's result. Windows counts whole milliseconds, so our own clock refines it below the next one.

    Raises PermissionError when the system forbids echoes.
    """
    if status == ACCESS_DENIED:
        raise PermissionError(status, "Windows does not let this user send ICMP echoes")
    echoes.sent += 1
    if status == SUCCESS:
        echoes.round_trips.append(max(float(whole_ms), min(elapsed_ms, whole_ms + 1.0)))
    elif status in UNREACHABLE:
        echoes.unreachable += 1


def reply_status(reply: bytes, ipv6: bool) -> tuple[int, int]:
    """(status, round trip in whole ms) of an ICMP_ECHO_REPLY, or of an ICMPV6_ECHO_REPLY with its packed address."""
    if ipv6:
        status, round_trip = struct.unpack_from("<II", reply, 28)
    else:
        status, round_trip = struct.unpack_from("<II", reply, 4)
    return status, round_trip


def _series(send: Any, pace: Pace) -> Echoes:
    echoes = Echoes()
    for index in range(pace.count):
        start = time.perf_counter()
        status, whole_ms = send()
        elapsed = time.perf_counter() - start
        judge(echoes, status, elapsed * 1000, whole_ms)
        if index < pace.count - 1:
            time.sleep(max(0.0, pace.spacing - elapsed))
    return echoes


def _echo(library: Any, handle: Any, address: Address, pace: Pace) -> tuple[int, int]:
    """(status, round trip in whole ms). The calls wait one after the other, so each gets its part of the patience."""
    import ctypes

    reply = ctypes.create_string_buffer(_REPLY_BYTES)
    wait = ctypes.c_uint32(int(1000 * pace.patience / pace.count))
    size, payload = ctypes.c_uint32(_REPLY_BYTES), ctypes.c_char_p(_PAYLOAD)
    length = ctypes.c_uint16(len(_PAYLOAD))
    where = ctypes.c_void_p(handle)
    if address.family == socket.AF_INET6:
        source, target = _sockaddr_in6("::", 0), _sockaddr_in6(address.sockaddr[0], _scope(address))
        answers = library.Icmp6SendEcho2(
            where, None, None, None, source, target, payload, length, None, reply, size, wait
        )
    else:
        (target_number,) = struct.unpack("<I", socket.inet_aton(address.sockaddr[0]))
        answers = library.IcmpSendEcho(where, ctypes.c_uint32(target_number), payload, length, None, reply, size, wait)
    if not answers:
        return int(ctypes.get_last_error()), 0  # type: ignore[attr-defined]
    return reply_status(reply.raw, address.family == socket.AF_INET6)


def _scope(address: Address) -> int:
    return address.sockaddr[3] if len(address.sockaddr) == 4 else 0


def _sockaddr_in6(text: str, scope: int) -> bytes:
    return struct.pack("<HHI16sI", 23, 0, 0, socket.inet_pton(socket.AF_INET6, text.partition("%")[0]), scope)
