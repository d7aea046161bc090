"""Who made a network card, by the list of the IEEE that scapy brings along."""

from scapy.config import conf

LONGEST = 60


def vendor(mac: str) -> str:
    """The maker's name; empty for an address of no maker, or one that the list does not have."""
    name = str(conf.manufdb.lookup(mac)[1])
    return "" if name.lower() == mac else name[:LONGEST]
