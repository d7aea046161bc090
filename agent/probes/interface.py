"""interface: each port of a device that speaks SNMP (IF-MIB): its link, its traffic, its errors."""

import threading
import time
from collections.abc import Mapping

from agent.probes.counters import OCTETS, PortCounters, Sample, rates
from agent.probes.finding import Finding, Task
from agent.probes.snmp_session import SnmpSession, SnmpValue, snmp_session
from agent.probes.snmp_values import count_of, distinct, slug, text, whole
from contract.messages import Outcome, Value

SYS_UP_TIME = "1.3.6.1.2.1.1.3.0"
IF, IFX = "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1"
DESCRIPTION, TYPE, SPEED, ENABLED, STATE = (f"{IF}.{column}" for column in (2, 3, 5, 7, 8))
NAME, HIGH_SPEED, CONNECTOR, DISCONTINUITY = (f"{IFX}.{column}" for column in (1, 15, 17, 19))
OCTET_COLUMNS = {64: (f"{IFX}.6", f"{IFX}.10"), 32: (f"{IF}.10", f"{IF}.16")}
TROUBLES = {
    "receive_errors": f"{IF}.14",
    "send_errors": f"{IF}.20",
    "receive_discards": f"{IF}.13",
    "send_discards": f"{IF}.19",
}

# IANAifType: Ethernet in its spellings, Wi-Fi, PPP, DSL, fibre, mobile. The others are made of software.
PHYSICAL = frozenset({6, 23, 26, 62, 69, 71, 94, 97, 117, 168, 230, 238, 243, 244, 250})
UP, DOWN, NOT_PRESENT, LOWER_DOWN = 1, 2, 6, 7
NO_CONNECTOR = 2
MOST_PORTS = 256
FASTEST_MBPS = 1_000_000
Columns = Mapping[str, Mapping[str, SnmpValue]]


class Samples:
    """The sample before of each device, for the rates. Probes of several devices run at the same time."""

    def __init__(self) -> None:
        self._last: dict[str, Sample] = {}
        self._lock = threading.Lock()

    def swap(self, device: str, sample: Sample) -> Sample | None:
        """Keeps the sample and returns the one before."""
        with self._lock:
            before, self._last[device] = self._last.get(device), sample
            return before


_samples = Samples()


def probe(task: Task) -> list[Finding]:
    """One finding a port, its target the port's name; rates from the second run on. Raises Unsupported without any."""
    assert task.device is not None
    with snmp_session(task) as session:
        ports = ports_of(session)
        links, speeds = link_states(session), link_speeds(session)
        sample = take_sample(session, ports)
        before = _samples.swap(f"{task.device.id} {task.device.address}", sample)
        findings = []
        for port, name in ports.items():
            fields: dict[str, Value] = {**links.get(port, {}), **rates(before, sample, port, speeds.get(port))}
            if speeds.get(port) and fields.get("link_up"):
                fields["link_speed_mbps"] = speeds[port]
            if fields:
                findings.append(Finding(Outcome.OK, fields, name))
        return session.many(findings, "this device tells of no network ports")


def ports_of(session: SnmpSession) -> dict[str, str]:
    """The real ports, at most MOST_PORTS: index -> name."""
    descriptions, kinds = session.column(DESCRIPTION), session.column(TYPE)
    names, connectors = session.column(NAME), session.column(CONNECTOR)
    real = [port for port in descriptions if is_real(whole(kinds.get(port)), whole(connectors.get(port)))]
    return distinct({port: slug(text(names.get(port)) or text(descriptions[port])) for port in real[:MOST_PORTS]})


def is_real(kind: int | None, connector: int | None) -> bool:
    """Whether a port is one of hardware. A device that does not tell the kind is believed."""
    return (kind is None or kind in PHYSICAL) and connector != NO_CONNECTOR


def link_states(session: SnmpSession) -> dict[str, dict[str, Value]]:
    """`link_up` and `enabled` by port, without what it does not know."""
    states, enabled = session.column(STATE), session.column(ENABLED)
    found: dict[str, dict[str, Value]] = {}
    for port, state in states.items():
        fields: dict[str, Value] = {}
        if state in (UP, DOWN, NOT_PRESENT, LOWER_DOWN):
            fields["link_up"] = state == UP
        if enabled.get(port) in (UP, DOWN):
            fields["enabled"] = enabled[port] == UP
        found[port] = fields
    return found


def link_speeds(session: SnmpSession) -> dict[str, int]:
    """Mbit/s by port. The older column ends at 4.3 Gbit/s; in the newer one some switches tell bits all the same."""
    old, new = session.column(SPEED), session.column(HIGH_SPEED)
    found = {port: speed for port, value in new.items() if (speed := count_of(value)) and speed <= FASTEST_MBPS}
    known = {port: count_of(value) or 0 for port, value in old.items() if value != 2**32 - 1}
    return {**found, **{port: speed // 1_000_000 for port, speed in known.items() if speed >= 1_000_000}}


def take_sample(session: SnmpSession, ports: Mapping[str, str]) -> Sample:
    """The counters of these ports as they are now."""
    ticks = whole(session.get(SYS_UP_TIME).get(SYS_UP_TIME))
    at = time.monotonic()
    wide = tuple(session.column(root) for root in OCTET_COLUMNS[64])
    bits = 64 if any(wide) else 32
    octets = wide if bits == 64 else tuple(session.column(root) for root in OCTET_COLUMNS[32])
    columns = dict(zip(OCTETS, octets, strict=True))
    columns |= {name: session.column(root) for name, root in TROUBLES.items()}
    breaks = session.column(DISCONTINUITY)
    return Sample(at, ticks, {port: _counters(port, bits, columns, whole(breaks.get(port))) for port in ports})


def _counters(port: str, bits: int, columns: Columns, discontinuity: int | None) -> PortCounters:
    counted = {name: count for name, column in columns.items() if (count := count_of(column.get(port))) is not None}
    return PortCounters(bits, counted, discontinuity)
