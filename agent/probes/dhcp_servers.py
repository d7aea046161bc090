"""dhcp_servers: who hands out addresses on the segment, and which of them the settings do not allow."""

from collections.abc import Iterable
from dataclasses import dataclass

from agent.probes.finding import Finding, Task
from agent.probes.own_subnet import watched
from agent.probes.scan import listening_seconds, scan
from contract.mac import canonical_mac
from contract.messages import Outcome, Value

LISTEN_SECONDS = 8.0  # servers ask around first whether an address is free
LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Offer:
    """What one server offered; `router` is the gateway that it would give."""

    server: str
    mac: str
    vendor: str = ""
    router: str = ""

    def __str__(self) -> str:
        return f"{self.server} {self.mac}{f' ({self.vendor})' if self.vendor else ''}"


def probe(task: Task) -> list[Finding]:
    """One finding; nobody answering is a finding too. No lease is taken.

    Raises Unsupported, PermissionError, TimeoutError, BadAnswer, OSError.
    """
    segment, subnet = watched(task)
    listen = listening_seconds(task, LISTEN_SECONDS)
    task.step(f"sending a DISCOVER from {subnet.interface} and reading offers for {listen:g} s")
    offers = [
        Offer(**entry) for entry in scan(task, "dhcp", interface=subnet.interface, mac=subnet.mac, seconds=listen)
    ]
    allowed = segment.settings.allowed_dhcp or ((subnet.gateway,) if subnet.gateway else ())
    task.step(f"allowed are {', '.join(allowed) or 'none'}")
    for offer in offers:
        task.step(f"{offer} offers an address, with {offer.router or 'no'} gateway")
    return [Finding(Outcome.OK, fields_of(offers, allowed))]


def fields_of(offers: Iterable[Offer], allowed: Iterable[str]) -> dict[str, Value]:
    """The fields of the catalogue. Without a word about what is allowed nothing is called rogue."""
    offers, allowed = list(offers), list(allowed)
    fields: dict[str, Value] = {"servers": len(offers)}
    if offers:
        fields["offered_by"] = ", ".join(sorted({offer.server for offer in offers}))[:LONGEST_TEXT]
    if allowed:
        rogue = [offer for offer in offers if is_rogue(offer, offers, allowed)]
        fields["rogue_servers"] = len(rogue)
        if rogue:
            fields["rogue"] = ", ".join(map(str, rogue))[:LONGEST_TEXT]
    return fields


def is_rogue(offer: Offer, offers: Iterable[Offer], allowed: Iterable[str]) -> bool:
    """Whether nobody allowed it. Two under one allowed address are both doubted, unless one's hardware is allowed:

    a router that somebody brought from home often has the very address of the school's.
    """
    macs = {canonical_mac(entry) for entry in allowed}
    if offer.mac in macs:
        return False
    of_one_address = {other.mac for other in offers if other.server == offer.server}
    return offer.server not in allowed or len(of_one_address) > 1
