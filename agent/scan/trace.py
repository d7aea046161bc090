"""Follows the way to an address: echoes that may pass one router more each time."""

import os
from typing import Any

from scapy.config import conf
from scapy.layers.inet import ICMP, IP
from scapy.sendrecv import sr
from scapy.supersocket import L3RawSocket

ECHO_REPLY, UNREACHABLE, TIME_EXCEEDED = 0, 3, 11
MOST_HOPS = 24
PAUSE_SECONDS = 0.02
LISTEN_SECONDS = 2.0
ASKED_AGAIN = 1


def answer(address: str, seconds: float) -> list[dict[str, Any]]:
    """Who answered from which hop, one entry a hop, `kind` being ICMP's type. Raises OSError."""
    conf.L3socket = L3RawSocket  # the system finds the next hop; scapy would fall back to broadcasting
    own = os.getpid() & 0xFFFF
    echoes = [IP(dst=address, ttl=hop, id=own) / ICMP(id=own, seq=hop) for hop in range(1, MOST_HOPS + 1)]
    listen = min(LISTEN_SECONDS, seconds / (1 + ASKED_AGAIN))
    answered, _ = sr(echoes, timeout=listen, inter=PAUSE_SECONDS, retry=ASKED_AGAIN, verbose=0)
    return sorted(
        (
            {"hop": sent.ttl, "address": reply.src, "kind": int(reply[ICMP].type)}
            for sent, reply in answered
            if ICMP in reply and reply[ICMP].type in (ECHO_REPLY, UNREACHABLE, TIME_EXCEEDED)
        ),
        key=lambda entry: int(entry["hop"]),
    )
