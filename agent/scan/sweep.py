"""Asks every address of the segment by ARP who has it."""

from ipaddress import IPv4Network
from typing import Any

from scapy.layers.l2 import ARP, Ether
from scapy.sendrecv import srp

from agent.scan.vendors import vendor

NOBODY = "0.0.0.0"  # noqa: S104 - a sender without an address, not one to listen on
BROADCAST = "ff:ff:ff:ff:ff:ff"
ROUNDS = 2  # a broadcast over Wi-Fi is sent once and may be lost
PAUSE_SECONDS = 0.004  # 250 a second: access points send broadcasts at their slowest rate
LISTEN_SECONDS = 1.0


def answer(interface: str, mac: str, own: str, network: str) -> list[dict[str, Any]]:
    """Every pair of address and hardware address that answered, with the maker. Raises OSError."""
    asked = [str(address) for address in IPv4Network(network).hosts()]
    heard: set[tuple[str, str]] = set()
    for _ in range(ROUNDS):
        silent = set(asked) - {address for address, _ in heard}
        heard |= _round(interface, mac, own, [address for address in asked if address in silent])
    return [{"address": address, "mac": found, "vendor": vendor(found)} for address, found in sorted(heard)]


def _round(interface: str, mac: str, own: str, addresses: list[str]) -> set[tuple[str, str]]:
    questions = [Ether(src=mac, dst=BROADCAST) / _who_has(mac, own, address) for address in addresses]
    answered, _ = srp(questions, iface=interface, timeout=LISTEN_SECONDS, inter=PAUSE_SECONDS, multi=True, verbose=0)
    return {(reply.psrc, reply.hwsrc.lower()) for _, reply in answered}


def _who_has(mac: str, own: str, address: str) -> ARP:
    """The own address is asked for without naming it as the sender's, or others would note it (RFC 5227)."""
    return ARP(op="who-has", hwsrc=mac, psrc=NOBODY if address == own else own, pdst=address)
