"""The default gateway on Windows, by GetBestRoute2 of iphlpapi (Vista and later, no administrator needed)."""

import socket
import struct

NO_ROUTE = (1168, 1231, 1232)  # ERROR_NOT_FOUND, ERROR_NETWORK_UNREACHABLE, ERROR_HOST_UNREACHABLE
ROUTE_ROW_BYTES = 104  # MIB_IPFORWARD_ROW2
_NEXT_HOP_AT = 44  # after NET_LUID (8), NET_IFINDEX (4) and IP_ADDRESS_PREFIX (32)
_AF_INET, _AF_INET6 = 2, 23

# The route to a far address is the default route; no packet is sent to these.
_FAR_AWAY = (
    struct.pack("<HH4s20x", _AF_INET, 0, bytes((8, 8, 8, 8))),
    struct.pack("<HHI16sI", _AF_INET6, 0, 0, bytes.fromhex("20014860486000000000000000008888"), 0),
)


def windows_gateway() -> str | None:
    """IPv4 if there is one, else IPv6, else None. Raises OSError."""
    return next((gateway for gateway in map(_best_gateway, _FAR_AWAY) if gateway), None)


def next_hop(row: bytes) -> str | None:
    """The next hop in a MIB_IPFORWARD_ROW2, None when the route goes straight onto the link."""
    if len(row) < _NEXT_HOP_AT + 28:
        return None
    (family,) = struct.unpack_from("<H", row, _NEXT_HOP_AT)
    if family == _AF_INET:
        address = row[_NEXT_HOP_AT + 4 : _NEXT_HOP_AT + 8]
        return socket.inet_ntoa(address) if any(address) else None
    if family != _AF_INET6:
        return None
    address = row[_NEXT_HOP_AT + 8 : _NEXT_HOP_AT + 24]
    (interface,) = struct.unpack_from("<I", row, 8)
    if not any(address):
        return None
    text = socket.inet_ntop(socket.AF_INET6, address)
    return f"{text}%{interface}" if text.startswith("fe80:") else text


def _best_gateway(destination: bytes) -> str | None:
    import ctypes

    row, source = ctypes.create_string_buffer(ROUTE_ROW_BYTES), ctypes.create_string_buffer(28)
    library = ctypes.WinDLL("iphlpapi")  # type: ignore[attr-defined]  # exists on Windows only
    status = library.GetBestRoute2(None, 0, None, ctypes.c_char_p(destination), 0, row, source)
    if status in NO_ROUTE:
        return None
    if status:
        raise OSError(status, f"GetBestRoute2 failed with error {status}")
    return next_hop(row.raw)
