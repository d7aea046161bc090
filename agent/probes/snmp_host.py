"""snmp_host: processor, memory and storage of a device that offers HOST-RESOURCES-MIB (RFC 2790)."""

from collections.abc import Iterator
from dataclasses import dataclass

from agent.probes.finding import Finding, Task
from agent.probes.snmp_session import SnmpSession, snmp_session
from agent.probes.snmp_values import count_of, distinct, percent, slug, text
from contract.messages import Outcome, Value

PROCESSOR_LOAD = "1.3.6.1.2.1.25.3.3.1.2"
STORAGE = "1.3.6.1.2.1.25.2.3.1"
TYPE, DESCRIPTION, UNIT, SIZE, USED = (f"{STORAGE}.{column}" for column in (2, 3, 4, 5, 6))
TYPES = "1.3.6.1.2.1.25.2.1"
RAM, SWAP, FIXED_DISK = f"{TYPES}.2", f"{TYPES}.3", f"{TYPES}.4"
# Linux counts these as used, though programs can have them back at any time.
GIVEN_BACK = ("memory buffers", "cached memory")
NO_DISKS = ("/proc", "/sys", "/dev", "/run")


@dataclass(frozen=True, slots=True)
class Storage:
    """One row of hrStorageTable; sizes in bytes."""

    index: str
    kind: str
    name: str
    size: int
    used: int


def probe(task: Task) -> list[Finding]:
    """One finding for processor and memory, and one of the probe `snmp_storage` for each disk. Raises Unsupported."""
    with snmp_session(task) as session:
        loads = [load for value in session.column(PROCESSOR_LOAD).values() if (load := count_of(value)) is not None]
        rows = storages(session)
        fields = memory(rows)
        if loads:
            fields["cpu_percent"] = round(min(100.0, sum(loads) / len(loads)), 1)
        disks = list(_disks(rows))
        if not fields and disks:
            return session.many(disks, "")
        return session.one(fields, "this device tells of no processor, memory or storage") + disks


def storages(session: SnmpSession) -> list[Storage]:
    """The rows that are complete and make sense. Sizes past 2^31 units come as negative numbers from some."""
    kinds, names, units = session.column(TYPE), session.column(DESCRIPTION), session.column(UNIT)
    sizes, used = session.column(SIZE), session.column(USED)
    found = []
    for index, kind in kinds.items():
        numbers = [count_of(column.get(index)) for column in (units, sizes, used)]
        unit, size, taken = numbers
        if isinstance(kind, str) and unit and size and taken is not None:
            found.append(Storage(index, kind, text(names.get(index)), unit * size, unit * taken))
    return found


def memory(rows: list[Storage]) -> dict[str, Value]:
    """Memory and swap. A device may list several kinds of memory: the largest is what it has."""
    fields: dict[str, Value] = {}
    ram = max((row for row in rows if row.kind == RAM), key=lambda row: row.size, default=None)
    swap = max((row for row in rows if row.kind == SWAP), key=lambda row: row.size, default=None)
    if ram is not None:
        given_back = sum(row.used for row in rows if row.name.lower() in GIVEN_BACK)
        fields["memory_total_bytes"] = ram.size
        used = percent(max(0, ram.used - given_back), ram.size)
        if used is not None:
            fields["memory_used_percent"] = used
    if swap is not None and (used := percent(swap.used, swap.size)) is not None:
        fields["swap_used_percent"] = used
    return fields


def _disks(rows: list[Storage]) -> Iterator[Finding]:
    disks = {row.index: row for row in rows if row.kind == FIXED_DISK and not row.name.startswith(NO_DISKS)}
    names = distinct({index: slug(row.name) or "root" for index, row in disks.items()})
    for index, row in disks.items():
        fields: dict[str, Value] = {"disk_total_bytes": row.size, "disk_free_bytes": max(0, row.size - row.used)}
        used = percent(row.used, row.size)
        if used is not None:
            fields["disk_used_percent"] = used
        yield Finding(Outcome.OK, fields, names[index], "snmp_storage")
