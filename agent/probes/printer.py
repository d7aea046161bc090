"""printer: state, alerts, pages and supplies of a printer (HOST-RESOURCES-MIB, Printer-MIB)."""

from collections.abc import Iterator

from agent.probes.finding import Finding, Task
from agent.probes.snmp_session import SnmpSession, SnmpValue, snmp_session
from agent.probes.snmp_values import count_of, distinct, slug, text, whole
from agent.probes.supplies import Supply, fields_of
from contract.messages import Outcome, Value

DEVICE_STATE, PRINTER_STATE, PRINTER_ERRORS = (f"1.3.6.1.2.1.25.3.{part}" for part in ("2.1.5", "5.1.1", "5.1.2"))
PAGES = "1.3.6.1.2.1.43.10.2.1.4"
SUPPLIES = "1.3.6.1.2.1.43.11.1.1"
COLORANT, KIND, DESCRIPTION, UNIT, CAPACITY, LEVEL = (f"{SUPPLIES}.{column}" for column in (3, 5, 6, 7, 8, 9))
COLOURS = "1.3.6.1.2.1.43.12.1.1.4"

STATES = {1: "other", 2: "unknown", 3: "idle", 4: "printing", 5: "warming_up"}
HEALTH = {1: "unknown", 2: "running", 3: "warning", 4: "testing", 5: "down"}
# hrPrinterDetectedErrorState: the first bit is the highest one of the first byte.
ALERTS = (
    "low_paper",
    "no_paper",
    "low_toner",
    "no_toner",
    "door_open",
    "jammed",
    "offline",
    "service_requested",
    "input_tray_missing",
    "output_tray_missing",
    "supply_missing",
    "output_near_full",
    "output_full",
    "input_tray_empty",
    "overdue_maintenance",
)
NONE = "none"
NOTHING_KNOWN = {"state": "unknown", "health": "unknown"}  # a computer says so of a printer that it once had


def probe(task: Task) -> list[Finding]:
    """One finding of the printer, and one of the probe `supply` for each cartridge. Raises Unsupported."""
    with snmp_session(task) as session:
        fields = state_of(session)
        supplies = list(_supplies(session))
        if not fields and supplies:
            return session.many(supplies, "")
        return session.one(fields, "this device is no printer that speaks Printer-MIB") + supplies


def state_of(session: SnmpSession) -> dict[str, Value]:
    """Words for its state and alerts, and the pages it printed in its life."""
    fields: dict[str, Value] = {}
    states = session.column(PRINTER_STATE)
    for index, state in list(states.items())[:1]:
        fields["state"] = STATES.get(whole(state) or 0, "unknown")
        health = session.column(DEVICE_STATE).get(index)
        fields["health"] = HEALTH.get(whole(health) or 0, "unknown")
        found = session.column(PRINTER_ERRORS).get(index)
        if isinstance(found, bytes):
            alerts = alerts_of(found)
            fields["alerts"], fields["alert_count"] = ", ".join(alerts) or NONE, len(alerts)
    if fields == NOTHING_KNOWN:
        fields = {}
    pages = [count for value in session.column(PAGES).values() if (count := count_of(value)) is not None]
    if pages:
        fields["pages"] = max(pages)
    return fields


def alerts_of(bits: bytes) -> list[str]:
    """The words of hrPrinterDetectedErrorState, which has one or two bytes."""
    return [
        word for place, word in enumerate(ALERTS) if place // 8 < len(bits) and bits[place // 8] & 0x80 >> place % 8
    ]


def _supplies(session: SnmpSession) -> Iterator[Finding]:
    rows = supplies_of(session)
    names = distinct({index: slug(row.name) for index, row in rows.items()})
    for index, row in rows.items():
        if fields := fields_of(row):
            yield Finding(Outcome.OK, fields, names[index], "supply")


def supplies_of(session: SnmpSession) -> dict[str, Supply]:
    """The rows of prtMarkerSuppliesTable by index, `1.1`: printer and supply."""
    levels, capacities = session.column(LEVEL), session.column(CAPACITY)
    kinds, units, names = session.column(KIND), session.column(UNIT), session.column(DESCRIPTION)
    colorants, colours = session.column(COLORANT), session.column(COLOURS)
    return {
        index: Supply(
            whole(kinds.get(index)),
            whole(level),
            whole(capacities.get(index)),
            whole(units.get(index)),
            slug(_colour(index, colorants.get(index), colours)),
            text(names.get(index)),
        )
        for index, level in levels.items()
    }


def _colour(index: str, colorant: SnmpValue | None, colours: dict[str, SnmpValue]) -> str:
    printer = index.partition(".")[0]
    return text(colours.get(f"{printer}.{whole(colorant)}"))
