"""Who has which IP address on the simulated school's network: each device one of its own, and always the same."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from sonca.simulate.chance import Chance

GATEWAY, SERVER = IPv4Address("192.168.1.1"), IPv4Address("192.168.1.10")
CAMERA, BOX, ROGUE = (IPv4Address(f"192.168.1.{number}") for number in (201, 214, 254))  # strangers, some days
MOST_TELEPHONES = 28
NO_ADDRESS = IPv4Interface("0.0.0.0/0")  # of a device that stands in no school yet
_SMALLEST = IPv4Network("192.168.1.0/24")
_KEPT = (GATEWAY, SERVER, CAMERA, BOX, ROGUE)


def leased(chances: Sequence[Chance]) -> list[IPv4Interface]:
    """An address for each: the one that its chance draws, or the next that nobody has, as a DHCP server gives them."""
    network = network_for(len(chances))
    first, size = int(network.network_address), network.num_addresses
    taken = {*map(int, _KEPT), first, int(network.broadcast_address)}
    found = []
    for chance in chances:
        place = chance.named("address").word() % size
        while first + place in taken:
            place = (place + 1) % size
        taken.add(first + place)
        found.append(IPv4Interface((first + place, network.prefixlen)))
    return found


def network_for(devices: int) -> IPv4Network:
    """A /24 where they all fit into it with strangers and telephones, else the smallest network around it that does."""
    needed = devices + MOST_TELEPHONES + len(_KEPT) + 2  # the first and the last address are nobody's
    network = _SMALLEST
    while network.num_addresses < needed:
        network = network.supernet()
    return network
