"""ICMP echo packets of IPv4 and IPv6, and what comes back for them."""

import struct
from dataclasses import dataclass
from typing import Literal

ECHO_V4, REPLY_V4, UNREACHABLE_V4, EXCEEDED_V4 = 8, 0, 3, 11
ECHO_V6, REPLY_V6, UNREACHABLE_V6, EXCEEDED_V6 = 128, 129, 1, 3
_HEADER = struct.Struct("!BBHHH")


@dataclass(frozen=True, slots=True)
class Answer:
    """A packet about one of our echoes. An unreachable one quotes it, often without its payload."""

    kind: Literal["reply", "unreachable"]
    sequence: int


def echo(ipv6: bool, identifier: int, sequence: int, token: bytes) -> bytes:
    """An echo request. The kernel fills in the checksum of IPv6, and the identifier of unprivileged sockets."""
    kind = ECHO_V6 if ipv6 else ECHO_V4
    packet = _HEADER.pack(kind, 0, 0, identifier, sequence) + token
    return packet if ipv6 else _HEADER.pack(kind, 0, checksum(packet), identifier, sequence) + token


def checksum(data: bytes) -> int:
    """The Internet checksum (RFC 1071)."""
    padded = data + b"\0" * (len(data) % 2)
    total: int = sum(struct.unpack(f"!{len(padded) // 2}H", padded))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def answer_in(packet: bytes, ipv6: bool, identifier: int, token: bytes) -> Answer | None:
    """What an ICMP packet (without its own IP header) says about our echoes; None when it is about something else.

    A reply is ours when it carries our token, since the kernel replaces the identifier of unprivileged sockets.
    """
    if len(packet) < _HEADER.size:
        return None
    kind, _, _, _, sequence = _HEADER.unpack_from(packet)
    if kind == (REPLY_V6 if ipv6 else REPLY_V4):
        return Answer("reply", sequence) if packet[_HEADER.size :] == token else None
    if kind not in ((UNREACHABLE_V6, EXCEEDED_V6) if ipv6 else (UNREACHABLE_V4, EXCEEDED_V4)):
        return None
    quoted = packet[_HEADER.size :]
    quoted = quoted[40:] if ipv6 else without_ip_header(quoted)
    return _quoted_answer(quoted, ECHO_V6 if ipv6 else ECHO_V4, identifier)


def without_ip_header(packet: bytes) -> bytes:
    """What an IPv4 packet carries; raw sockets deliver it with its header."""
    return packet[(packet[0] & 0x0F) * 4 :] if packet and packet[0] >> 4 == 4 else b""


def _quoted_answer(quoted: bytes, kind: int, identifier: int) -> Answer | None:
    if len(quoted) < _HEADER.size:
        return None
    quoted_kind, _, _, quoted_identifier, sequence = _HEADER.unpack_from(quoted)
    ours = quoted_kind == kind and quoted_identifier == identifier
    return Answer("unreachable", sequence) if ours else None
