"""`sonca agent discover SUBNET`: what answers on a network, as a table and as settings that are ready to use.

It sends one datagram to each address so that the system asks for its hardware address, and then asks who is there: by
SNMP, by PJLink and by mDNS. It writes nothing, and nothing that it finds is sent anywhere.
"""

import ipaddress
import re
import socket
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from ipaddress import IPv4Network
from pathlib import Path

from agent.discover_printers import printers_on
from agent.equipment_snmp import OBJECT_ID as SYSTEM_OBJECT_ID
from agent.equipment_snmp import SERVICES, SYSTEM, identity, maker_of
from agent.polled import PROBES_OF, PolledDevice
from agent.probes.finding import Task
from agent.probes.outcomes import BadAnswer, Unsupported
from agent.probes.pjlink_search import search_projectors
from agent.probes.snmp_session import snmp_session
from agent.probes.snmp_values import text
from agent.snmp_settings import SnmpSettings
from contract.messages import Target
from contract.trouble import Trouble

LARGEST = 22  # a /22 has 1022 addresses
ASKED_AT_ONCE = 48
POKE_PORT = 9  # discard: what it says to the datagram does not matter, the question who has the address does
ASK_SECONDS = 2.0
PJLINK_PORT = 4352
ARP_TABLE = "/proc/net/arp"
COMPLETE = 0x2


@dataclass(frozen=True, slots=True)
class Found:
    """One address where somebody answered. `ways` are the protocols that it speaks, in the order of settings."""

    address: str
    kind: str = ""  # in the words of school.yaml; empty: only its hardware address is known
    description: str = ""
    mac: str = ""
    ways: tuple[str, ...] = ()


def subnet(written: str, *, large: bool = False) -> IPv4Network:
    """The subnet that a person wrote, `192.168.1.0/24`. Raises Trouble for what must not be scanned."""
    try:
        network = ipaddress.IPv4Network(written, strict=False)
    except ValueError as error:
        raise Trouble(f"{written[:60]!r} is not a subnet", "write one like 192.168.1.0/24") from error
    if not network.is_private:
        raise Trouble(f"{network} is not a private network", "scan only the school's own network")
    if network.prefixlen < LARGEST and not large:
        hint = "scan the parts where devices are, or add --large if you mean it"
        raise Trouble(f"{network} has {network.num_addresses} addresses, more than a /{LARGEST}", hint)
    return network


def discover(network: IPv4Network, snmp: SnmpSettings | None, tell: Callable[[str], None]) -> list[Found]:
    """Everybody who answers, by address. Takes seconds; on a network of other machines all addresses are asked."""
    poke(network)
    near = neighbours(network)
    tell(f"{len(near)} addresses answered for themselves")
    asked = sorted(near or map(str, network.hosts()), key=ipaddress.IPv4Address)
    with ThreadPoolExecutor(ASKED_AT_ONCE) as pool:
        printers = pool.submit(printers_on, network)
        projectors = pool.submit(projectors_on, network)
        found = list(pool.map(lambda address: ask(address, snmp), asked))
    named = printers.result()
    known = {entry.address: entry for entry in found}
    for address, name in named.items():
        known[address] = with_printer(known.get(address, Found(address)), name)
    for address, mac in projectors.result().items():
        known[address] = as_projector(known.get(address, Found(address)))
        near.setdefault(address, mac)
    told = [replace(entry, mac=near.get(entry.address, "")) for entry in known.values()]
    return sorted(
        (entry for entry in told if entry.kind or entry.mac), key=lambda entry: ipaddress.ip_address(entry.address)
    )


def with_printer(found: Found, name: str) -> Found:
    """What SNMP told goes before what the printer announced."""
    return replace(found, kind=found.kind or "printer", description=found.description or name)


def ask(address: str, snmp: SnmpSettings | None) -> Found:
    """Whether somebody there speaks PJLink or SNMP."""
    found = Found(address)
    if speaks_pjlink(address):
        found = replace(found, kind="projector", ways=("pjlink",))
    told = _told_by_snmp(address, snmp) if snmp is not None else None
    if told is not None:
        kind, description = told
        found = replace(found, kind=found.kind or kind, description=description, ways=(*found.ways, "snmp"))
    return found


def projectors_on(network: IPv4Network) -> dict[str, str]:
    """Address -> hardware address of the projectors of class 2 that answer a PJLink search by broadcast."""
    try:
        found = search_projectors([str(network.broadcast_address)], ASK_SECONDS)
    except OSError:  # another network takes no broadcast: each of its addresses is asked anyhow
        return {}
    return {entry.address: entry.mac for entry in found if ipaddress.ip_address(entry.address) in network}


def as_projector(found: Found) -> Found:
    """One whose only session is taken does not greet, but it answers a search."""
    return found if "pjlink" in found.ways else replace(found, kind="projector", ways=("pjlink", *found.ways))


def speaks_pjlink(address: str) -> bool:
    """A projector greets whoever connects; nothing is asked of it."""
    try:
        with socket.create_connection((address, PJLINK_PORT), ASK_SECONDS) as connection:
            return connection.recv(32).startswith(b"PJLINK ")
    except OSError:
        return False


def poke(network: IPv4Network) -> None:
    """One datagram to each address, so that the system asks for its hardware address."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setblocking(False)
        for address in network.hosts():
            try:
                sock.sendto(b"", (str(address), POKE_PORT))
            except OSError:  # no route, or nobody there: the table of neighbours will say
                continue


def neighbours(network: IPv4Network, table: str | None = None) -> dict[str, str]:
    """Address -> hardware address, of those that answered for themselves; empty where the system has no such table."""
    if table is None:
        table = _table_after_a_while()
    found = {}
    for line in table.splitlines()[1:]:
        words = line.split()
        if len(words) >= 4 and int(words[2], 16) & COMPLETE and ipaddress.ip_address(words[0]) in network:
            found[words[0]] = words[3].lower()
    return found


def as_table(found: Iterable[Found]) -> str:
    """One line a device."""
    rows = [("address", "kind", "speaks", "hardware address", "what it says")]
    rows += [(entry.address, entry.kind or "?", " ".join(entry.ways), entry.mac, entry.description) for entry in found]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[4]]) for row in rows
    ]
    return "\n".join(line.rstrip() for line in lines)


def as_settings(found: Iterable[Found], keys: Mapping[str, str], agent: str) -> str:
    """Lines for agent.yaml and school.yaml of what can be polled. `keys`: protocol -> what stands after its key."""
    devices, register, counted = [], [], dict[str, int]()
    for entry in found:
        ways = [way for way in entry.ways if way in PROBES_OF and way in keys]
        if not ways:
            continue
        counted[entry.kind] = counted.get(entry.kind, 0) + 1
        name = f"{entry.kind.replace('_', '-')}-{counted[entry.kind]}"
        devices += [f"  - id: {name}", f"    address: {entry.address}"]
        devices[-2] += f"  # {_comment(entry.description)}" if entry.description else ""
        devices += [f"    {way}: {keys[way]}" for way in ways]
        register.append(f"#   - {{id: {name}, kind: {entry.kind}, reported_by: [{agent}]}}")
    if not devices:
        return ""
    head = "# For school.yaml, in the rooms where these devices stand:"
    return "\n".join([head, *register, "# For agent.yaml of the sentinel:", "devices:", *devices, ""])


def _told_by_snmp(address: str, snmp: SnmpSettings | None) -> tuple[str, str] | None:
    task = Task(Target("", "", "snmp", address), ASK_SECONDS, device=PolledDevice("found", address, snmp=snmp))
    try:
        with snmp_session(task) as session:
            system = session.get(SYSTEM, SYSTEM_OBJECT_ID, SERVICES)
            if not system:
                return None
            kind, own = identity(session, system)
    except (OSError, BadAnswer):
        return None
    except Unsupported as error:
        raise Trouble(str(error), "or leave out --community-file") from error
    model = own.get("model") or text(system.get(SYSTEM)) or maker_of(system.get(SYSTEM_OBJECT_ID))
    return kind, str(model)


def _comment(description: str) -> str:
    return re.sub(r"[^\w .,:;()/+-]", "", description)[:60]


def _table_after_a_while() -> str:
    time.sleep(ASK_SECONDS)  # the system asks three times, a second apart
    try:
        return Path(ARP_TABLE).read_text(encoding="ascii")
    except OSError:
        return ""
