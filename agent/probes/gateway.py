"""The gateway of this machine, found in the system's routing table."""

import re
import socket
import struct
import sys
from pathlib import Path

from agent.probes.program import output_of

ROUTES = Path("/proc/net/route")
ROUTES_IPV6 = Path("/proc/net/ipv6_route")
_UP, _GATEWAY, _REJECT = 0x1, 0x2, 0x200


def default_gateway() -> str | None:
    """Address of the default gateway (IPv4 if there is one, else IPv6), or None without any. Raises OSError."""
    if sys.platform == "win32":
        from agent.probes.gateway_windows import windows_gateway

        return windows_gateway()
    if ROUTES.exists():
        # A kernel built without IPv6 has no such file.
        ipv6 = ROUTES_IPV6.read_text() if ROUTES_IPV6.exists() else ""
        return ipv4_gateway(ROUTES.read_text()) or ipv6_gateway(ipv6)
    return _bsd_gateway("-inet") or _bsd_gateway("-inet6")


def ipv4_gateway(table: str) -> str | None:
    """The gateway with the lowest metric in the text of /proc/net/route."""
    found: list[tuple[int, str]] = []
    for line in table.splitlines()[1:]:
        columns = line.split()
        if len(columns) < 8 or columns[1] != "00000000" or columns[7] != "00000000":
            continue
        flags, metric = _hexadecimal(columns[3]), columns[6]
        if flags is not None and flags & _UP and flags & _GATEWAY and metric.isascii() and metric.isdigit():
            address = _hexadecimal(columns[2])
            if address:
                # The kernel prints the address as a number of this machine's own byte order.
                found.append((int(metric), socket.inet_ntoa(struct.pack("=I", address))))
    return min(found)[1] if found else None


def ipv6_gateway(table: str) -> str | None:
    """The gateway with the lowest metric in the text of /proc/net/ipv6_route, link-local ones with `%interface`."""
    found: list[tuple[int, str]] = []
    for line in table.splitlines():
        columns = line.split()
        if len(columns) < 10 or columns[0] != "0" * 32 or columns[1] != "00" or len(columns[4]) != 32:
            continue
        hop, metric, flags = (_hexadecimal(columns[index]) for index in (4, 5, 8))
        if hop and metric is not None and flags is not None and flags & _GATEWAY and not flags & _REJECT:
            address = socket.inet_ntop(socket.AF_INET6, hop.to_bytes(16, "big"))
            found.append((metric, f"{address}%{columns[9]}" if address.startswith("fe80:") else address))
    return min(found)[1] if found else None


def bsd_gateway(output: str) -> str | None:
    """The gateway in what `route -n get default` prints on macOS and BSD."""
    match = re.search(r"^\s*gateway:\s*([0-9A-Fa-f.:]+(?:%\w+)?)\s*$", output, re.MULTILINE)
    return match[1] if match else None


def _bsd_gateway(family: str) -> str | None:
    output, _ = output_of(["route", "-n", "get", family, "default"], 2.0)
    return bsd_gateway(output)


def _hexadecimal(word: str) -> int | None:
    """The number, when it has at most 32 hexadecimal digits and nothing else."""
    return int(word, 16) if re.fullmatch(r"[0-9A-Fa-f]{1,32}", word) else None
