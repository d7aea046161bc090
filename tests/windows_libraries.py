"""Stand-ins for Windows' libraries, so that the Python around their calls has at least been run. They answer in the
layouts of Microsoft's documentation; whether Windows itself answers so has not been seen (docs/platforms.md)."""

import ctypes
import struct
from collections.abc import Callable
from typing import Any

import pytest


class Function:
    """A library function: a Python function that, as ctypes' own, lets its types be set."""

    def __init__(self, answer: Callable[..., int]) -> None:
        self.answer = answer
        self.restype: Any = ctypes.c_int
        self.argtypes: list[Any] | None = None

    def __call__(self, *arguments: Any) -> int:
        return self.answer(*arguments)


class Iphlpapi:
    """Echoes answered with the given statuses in turn, and a route by the given next hop (a SOCKADDR_INET)."""

    def __init__(self, statuses: tuple[int, ...] = (0,), next_hop: bytes = b"", route_error: int = 0) -> None:
        self.statuses, self.next_hop, self.route_error = list(statuses), next_hop, route_error
        self.closed: list[Any] = []
        self.IcmpCreateFile = self.Icmp6CreateFile = Function(
            lambda: 0x1_0000_0010
        )  # wider than an int, as handles are
        self.IcmpCloseHandle = Function(self._close)
        self.IcmpSendEcho = Function(self._send_ipv4)
        self.Icmp6SendEcho2 = Function(self._send_ipv6)
        self.GetBestRoute2 = Function(self._best_route)

    def _close(self, handle: Any) -> int:
        self.closed.append(handle)
        return 1

    def _send_ipv4(self, *arguments: Any) -> int:
        handle, address, payload, length, _, reply, size, wait = arguments
        assert handle.value == 0x1_0000_0010
        assert (len(payload.value), size.value >= 40 + length.value, 0 < wait.value < 10_000) == (
            length.value,
            True,
            True,
        )
        return self._answer(reply, struct.pack("<III", address.value, 0, 0), 4)

    def _send_ipv6(self, *arguments: Any) -> int:
        source, target, reply = arguments[4], arguments[5], arguments[9]
        assert (len(source), len(target), struct.unpack_from("<H", target)[0]) == (28, 28, 23)
        return self._answer(reply, bytes(36), 28)

    def _answer(self, reply: Any, packet: bytes, status_at: int) -> int:
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        if status:
            ctypes.set_last_error(status)  # type: ignore[attr-defined]
            return 0
        filled = bytearray(packet)
        struct.pack_into("<II", filled, status_at, 0, 3)
        ctypes.memmove(reply, bytes(filled), len(filled))
        return 1

    def _best_route(self, *arguments: Any) -> int:
        destination, row = arguments[3], arguments[5]
        (family,) = struct.unpack_from("<H", destination.value + bytes(2))
        if self.route_error or (self.next_hop and struct.unpack_from("<H", self.next_hop)[0] != family):
            return self.route_error or 1168
        ctypes.memmove(ctypes.addressof(row) + 44, self.next_hop or bytes(28), 28)
        return 0


class Wlanapi:
    """One Wi-Fi card with these attributes (WLAN_CONNECTION_ATTRIBUTES), or the given error for every question."""

    def __init__(self, attributes: bytes = b"", connected: bool = True, error: int = 0) -> None:
        name = "Intel(R) Wi-Fi 6 AX201".encode("utf-16-le").ljust(512, b"\0")
        state = struct.pack("<I", 1 if connected else 4)
        self._list = ctypes.create_string_buffer(struct.pack("<II", 1, 0) + bytes(range(16)) + name + state)
        self._values = {
            7: ctypes.create_string_buffer(attributes, len(attributes) or 1),
            8: ctypes.create_string_buffer(struct.pack("<I", 36), 4),
            0x10000101: ctypes.create_string_buffer(_statistics(1_000, 40, 2), 368),
            0x10000102: ctypes.create_string_buffer(struct.pack("<i", -57), 4),
        }
        self._error = error
        self.freed = self.closed = 0
        self.WlanOpenHandle = Function(lambda *_: 0)
        self.WlanCloseHandle = Function(self._close)
        self.WlanFreeMemory = Function(self._free)
        self.WlanEnumInterfaces = Function(self._enumerate)
        self.WlanQueryInterface = Function(self._query)

    def _close(self, *_: Any) -> int:
        self.closed += 1
        return 0

    def _free(self, *_: Any) -> int:
        self.freed += 1
        return 0

    def _enumerate(self, _handle: Any, _reserved: Any, found: Any) -> int:
        found._obj.value = ctypes.addressof(self._list)
        return 0

    def _query(self, *arguments: Any) -> int:
        _, guid, what, _, size, found, _ = arguments
        assert guid == bytes(range(16))
        if self._error:
            return self._error
        size._obj.value, found._obj.value = len(self._values[what]), ctypes.addressof(self._values[what])
        return 0


def _statistics(sent: int, repeated: int, failed: int) -> bytes:
    """A WLAN_STATISTICS of one radio."""
    return bytes(216) + struct.pack("<IIQQQQ", 1, 0, sent, 0, failed, repeated).ljust(152, b"\0")


def install(monkeypatch: pytest.MonkeyPatch, **libraries: Any) -> None:
    """Makes ctypes find these libraries, and the last error that they set."""
    last = [0]
    monkeypatch.setattr(ctypes, "WinDLL", lambda name, **_: libraries[name], raising=False)
    monkeypatch.setattr(ctypes, "set_last_error", lambda number: last.__setitem__(0, number), raising=False)
    monkeypatch.setattr(ctypes, "get_last_error", lambda: last[0], raising=False)
    monkeypatch.setattr(ctypes, "WinError", lambda number: OSError(number, "Windows error"), raising=False)
