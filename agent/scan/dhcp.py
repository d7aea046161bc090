"""Asks who hands out addresses: a DISCOVER is sent and offers are read, no lease is taken."""

import secrets
from typing import Any

from scapy.config import conf
from scapy.layers.dhcp import BOOTP, DHCP
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Ether
from scapy.packet import Packet
from scapy.sendrecv import srp

from agent.scan.vendors import vendor

NOBODY = "0.0.0.0"  # noqa: S104 - a sender without an address, not one to listen on
BROADCAST = "ff:ff:ff:ff:ff:ff"
TO_ALL = 0x8000  # offers are broadcast: this machine has an address already, and would not hear them at another
ASKED_TWICE_AFTER_SECONDS = 1.5
WANTED = (1, 3, 6, 51, 54)  # subnet, router, name servers, lease time, server


def answer(interface: str, mac: str, seconds: float) -> list[dict[str, Any]]:
    """Each server that offered something: its address, hardware address, maker and what it offered. Raises OSError.

    The machine's own hardware address is named: a server keeps the address it offers for a while, and so always the
    same one, instead of running out of them.
    """
    conf.checkIPaddr = False  # offers come from addresses that were not asked
    question = _discover(mac, secrets.randbits(32))
    listen = max(seconds - ASKED_TWICE_AFTER_SECONDS, 0.5)
    answered, _ = srp(
        [question, question], iface=interface, timeout=listen, inter=ASKED_TWICE_AFTER_SECONDS, multi=True, verbose=0
    )
    offers = {(offer["server"], offer["mac"]): offer for _, reply in answered for offer in _offers(reply)}
    return [offer for _, offer in sorted(offers.items())]


def _discover(mac: str, transaction: int) -> Packet:
    options = [("message-type", "discover"), ("param_req_list", list(WANTED)), "end"]
    return (
        Ether(src=mac, dst=BROADCAST)
        / IP(src=NOBODY, dst="255.255.255.255")
        / UDP(sport=68, dport=67)
        / BOOTP(chaddr=bytes.fromhex(mac.replace(":", "")), xid=transaction, flags=TO_ALL)
        / DHCP(options=options)
    )


def _offers(reply: Packet) -> list[dict[str, Any]]:
    """One, or none where it is something else."""
    if DHCP not in reply:
        return []
    options = {option[0]: option[1] for option in reply[DHCP].options if isinstance(option, tuple)}
    if options.get("message-type") != 2:
        return []
    mac = reply[Ether].src.lower()
    server = str(options.get("server_id", reply[IP].src))
    return [{"server": server, "mac": mac, "vendor": vendor(mac), "router": str(options.get("router", ""))}]
