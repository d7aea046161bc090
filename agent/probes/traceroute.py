"""traceroute: the way to a target of the internet group, asked when a probe there failed: where does it break?"""

import socket
from collections.abc import Iterable
from dataclasses import dataclass

from agent.probes.deadline import Deadline
from agent.probes.finding import Finding, Task
from agent.probes.lookup import addresses_of
from agent.probes.outcomes import Unsupported
from agent.probes.scan import listening_seconds, scan
from contract.messages import Outcome, Value

LISTEN_SECONDS = 4.0
REACHED, UNREACHABLE, TIME_EXCEEDED = 0, 3, 11  # types of ICMP
LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Hop:
    """Who answered an echo that was let through `hop - 1` routers; `kind` is the type of the ICMP answer."""

    hop: int
    address: str
    kind: int


def probe(task: Task) -> list[Finding]:
    """One finding. Raises socket.gaierror, Unsupported, PermissionError, TimeoutError, BadAnswer, OSError."""
    found = addresses_of(task.target.address, 0, Deadline(task.deadline_seconds))
    ipv4 = [address.text for address in found if address.family == socket.AF_INET]
    if not ipv4:
        raise Unsupported(f"{task.target.address} has no IPv4 address: the way is followed over IPv4 only")
    task.step(f"following the way to {ipv4[0]}")
    seconds = listening_seconds(task, LISTEN_SECONDS)
    hops = [Hop(**entry) for entry in scan(task, "trace", address=ipv4[0], seconds=seconds)]
    finding = finding_of(hops)
    task.step(f"the way is {finding.fields.get('path', 'unknown: not even the first router answered')}")
    return [finding]


def finding_of(hops: Iterable[Hop]) -> Finding:
    """OK where the target answered, UNREACHABLE where somebody knew no way, else TIMEOUT; with the last hop."""
    on_the_way: list[Hop] = []
    end = TIME_EXCEEDED
    for hop in hops:
        end = hop.kind
        if end != UNREACHABLE or hop.address not in [before.address for before in on_the_way]:
            on_the_way.append(hop)  # else a router before says so again, of all that is behind it
        if end != TIME_EXCEEDED:
            break
    if not on_the_way:
        return Finding(Outcome.TIMEOUT, {"reached": False, "last_hop": 0})
    last = on_the_way[-1]
    fields: dict[str, Value] = {
        "reached": end == REACHED,
        "last_hop": last.hop,
        "last_address": last.address,
        "path": path(on_the_way),
    }
    return Finding({REACHED: Outcome.OK, UNREACHABLE: Outcome.UNREACHABLE}.get(end, Outcome.TIMEOUT), fields)


def path(hops: Iterable[Hop]) -> str:
    """The addresses in order, `*` for a hop that stayed silent before one that answered."""
    by_number = {hop.hop: hop.address for hop in hops}
    return " > ".join(by_number.get(number, "*") for number in range(1, max(by_number) + 1))[:LONGEST_TEXT]
