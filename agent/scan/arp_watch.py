"""Listens who says that the gateway's address is his; sends nothing."""

from typing import Any

from scapy.config import conf
from scapy.data import ETH_P_ARP
from scapy.layers.l2 import ARP
from scapy.packet import Packet
from scapy.sendrecv import sniff

from agent.scan.vendors import vendor


def answer(interface: str, gateway: str, known: str, seconds: float) -> list[dict[str, Any]]:
    """The hardware addresses that claimed the address, with their makers. Raises OSError.

    Ends early at the first one that is not the `known` one; an empty `known` is nobody's.
    """
    claims: set[str] = set()

    def is_foreign(packet: Packet) -> bool:
        if ARP not in packet or packet[ARP].psrc != gateway:
            return False
        claims.add(packet[ARP].hwsrc.lower())
        return bool(known) and claims != {known}

    with conf.L2listen(iface=interface, type=ETH_P_ARP) as socket:
        sniff(opened_socket=socket, timeout=seconds, store=False, stop_filter=is_foreign)
    return [{"mac": mac, "vendor": vendor(mac)} for mac in sorted(claims)]
