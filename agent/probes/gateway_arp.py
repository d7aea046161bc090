"""gateway_arp: listens for a while whether another device says that it is the gateway (ARP spoofing)."""

from agent.probes.finding import Finding, Task
from agent.probes.own_subnet import ARP_TABLE, hardware_address, watched
from agent.probes.scan import listening_seconds, scan
from contract.mac import canonical_mac
from contract.messages import Outcome, Value

WATCH_SECONDS = 20.0  # tools that lie repeat their lie every few seconds, or the truth would come back

# (interface, gateway) -> its hardware address as this agent first saw it: a lie from before a run is still one after.
_first_seen: dict[tuple[str, str], str] = {}


def probe(task: Task) -> list[Finding]:
    """One finding; nothing is sent. UNREACHABLE without a gateway.

    Raises Unsupported, PermissionError, TimeoutError, BadAnswer, OSError.
    """
    segment, subnet = watched(task)
    if subnet.gateway is None:
        return [Finding(Outcome.UNREACHABLE)]
    here = (subnet.interface, subnet.gateway)
    in_table = hardware_address(subnet.gateway, subnet.interface, ARP_TABLE.read_text(encoding="ascii"))
    expected = canonical_mac(segment.settings.gateway_mac or "") or _first_seen.get(here, "")
    seconds = listening_seconds(task, WATCH_SECONDS)
    task.step(f"the system has {subnet.gateway} at {in_table or 'no hardware address'}; listening for {seconds:g} s")
    known = expected or in_table
    heard = scan(task, "arp_watch", interface=subnet.interface, gateway=subnet.gateway, known=known, seconds=seconds)
    vendors = {entry["mac"]: entry["vendor"] for entry in heard}
    fields = fields_of(expected, in_table, vendors)
    if fields["gateway_macs"] == 1:
        # What was one device all the time is the gateway from now on, be it a new one: it is told once.
        _first_seen[here] = str(fields["gateway_mac"])
    return [Finding(Outcome.OK, fields)]


def fields_of(expected: str, in_table: str, heard: dict[str, str]) -> dict[str, Value]:
    """The fields of the catalogue. `heard`: hardware address that claimed the gateway's address -> its maker."""
    seen = {*heard, in_table} - {""}
    right = expected or in_table or min(seen, default="")
    foreign = sorted(seen - {right})
    fields: dict[str, Value] = {"gateway_macs": len(seen), "mac_changed": bool(expected and foreign)}
    if foreign:
        claims = [f"{mac} ({heard[mac]})" if heard.get(mac) else mac for mac in foreign]
        fields["claimed_by"] = ", ".join(claims)[:200]
    shown = right if right in seen or not foreign else foreign[0]
    return {**fields, "gateway_mac": shown} if shown else fields
