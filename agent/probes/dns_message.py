"""DNS messages (RFC 1035): the question for one kind of address, and what an answer to it holds."""

import struct
from dataclasses import dataclass

from agent.probes.outcomes import BadAnswer

A, AAAA = 1, 28
NO_ERROR, SERVER_FAILED, NAME_NOT_FOUND, REFUSED = 0, 2, 3, 5
_HEADER = struct.Struct("!HHHHHH")
_IS_ANSWER, _TRUNCATED, _RECURSION_DESIRED = 0x8000, 0x0200, 0x0100
_INTERNET = 1


@dataclass(frozen=True, slots=True)
class Answer:
    """`code` is the response code, `addresses` counts the records of the kind asked for."""

    code: int
    truncated: bool
    addresses: int


def question(identifier: int, name: str, kind: int) -> bytes:
    """A query with recursion desired. Raises ValueError for what cannot be a name."""
    header = _HEADER.pack(identifier, _RECURSION_DESIRED, 1, 0, 0, 0)
    return header + _encoded(name) + struct.pack("!HH", kind, _INTERNET)


def read_answer(packet: bytes, query: bytes) -> Answer | None:
    """The answer in a packet; None when it does not answer `query` (a stray or forged one: keep waiting).

    Raises BadAnswer when it does but cannot be read.
    """
    if len(packet) < _HEADER.size or packet[:2] != query[:2]:
        return None
    _, flags, questions, answers, _, _ = _HEADER.unpack_from(packet)
    if not flags & _IS_ANSWER:
        return None
    code, truncated, asked = flags & 0x000F, bool(flags & _TRUNCATED), query[_HEADER.size :]
    if questions == 0 and code != NO_ERROR:  # some servers leave the question out when they cannot help
        return Answer(code, truncated, 0)
    end = _HEADER.size + len(asked)
    if questions != 1 or packet[_HEADER.size : end].lower() != asked.lower():
        return None
    (kind,) = struct.unpack_from("!H", asked, len(asked) - 4)
    try:
        return Answer(code, truncated, 0 if truncated else _count(packet, end, answers, kind))
    except (struct.error, IndexError) as error:
        raise BadAnswer("the name server's answer ends in the middle of a record") from error


def _count(packet: bytes, at: int, records: int, kind: int) -> int:
    found = 0
    for _ in range(records):
        at = _after_name(packet, at)
        record_kind, _, _, length = struct.unpack_from("!HHIH", packet, at)
        at += 10 + length
        if at > len(packet):
            raise IndexError("record data beyond the end")
        found += record_kind == kind and length == (4 if kind == A else 16)
    return found


def _after_name(packet: bytes, at: int) -> int:
    """The position behind a name: labels up to the root, or up to a pointer (two bytes, not followed)."""
    while True:
        length = packet[at]
        if length >= 0xC0:
            return at + 2
        at += 1 + length
        if length == 0:
            return at


def _encoded(name: str) -> bytes:
    plain = name.rstrip(".")
    labels = (plain.encode("ascii") if plain.isascii() else plain.encode("idna")).split(b".")
    if not all(0 < len(label) < 64 for label in labels) or sum(map(len, labels)) + len(labels) > 254:
        raise ValueError(f"{name!r} cannot be a host name")
    return b"".join(bytes((len(label),)) + label for label in labels) + b"\0"
