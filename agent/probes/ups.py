"""ups: an uninterruptible power supply that speaks UPS-MIB (RFC 1628)."""

from agent.probes.finding import Finding, Task
from agent.probes.snmp_session import snmp_session
from agent.probes.snmp_values import count_of
from contract.messages import Value

UPS = "1.3.6.1.2.1.33.1"
BATTERY_STATE, SECONDS_ON_BATTERY, MINUTES_LEFT, CHARGE = (f"{UPS}.2.{part}.0" for part in (1, 2, 3, 4))
VOLTAGE, TEMPERATURE = f"{UPS}.2.5.0", f"{UPS}.2.7.0"
OUTPUT_SOURCE, ALARMS = f"{UPS}.4.1.0", f"{UPS}.6.1.0"
LOADS, INPUT_VOLTAGES = f"{UPS}.4.4.1.5", f"{UPS}.3.3.1.3"

BATTERY_STATES = {1: "unknown", 2: "normal", 3: "low", 4: "depleted"}
OUTPUT_SOURCES = {1: "other", 2: "none", 3: "mains", 4: "bypass", 5: "battery", 6: "booster", 7: "reducer"}
MOST_MINUTES, MOST_LOAD, MOST_VOLTS = 100_000, 1_000, 1_000


def probe(task: Task) -> list[Finding]:
    """One finding without a target. Raises Unsupported for what is not a UPS."""
    with snmp_session(task) as session:
        found = session.get(
            BATTERY_STATE, SECONDS_ON_BATTERY, MINUTES_LEFT, CHARGE, VOLTAGE, TEMPERATURE, OUTPUT_SOURCE, ALARMS
        )
        known = {oid: number for oid, value in found.items() if (number := count_of(value)) is not None}
        fields = fields_of(known)
        if fields:
            loads = [count_of(value) for value in session.column(LOADS).values()]
            fields |= _largest("load_percent", loads, MOST_LOAD)
            volts = [count_of(value) for value in session.column(INPUT_VOLTAGES).values()]
            fields |= _largest("input_volts", volts, MOST_VOLTS)
        return session.one(fields, "this device is no UPS that speaks UPS-MIB")


def fields_of(known: dict[str, int]) -> dict[str, Value]:
    """From the scalars by object identifier."""
    fields: dict[str, Value] = {}
    source, seconds = OUTPUT_SOURCES.get(known.get(OUTPUT_SOURCE, 0)), known.get(SECONDS_ON_BATTERY)
    if source is not None:
        fields["output_source"] = source
    if source is not None or seconds is not None:
        fields["on_battery"] = source == "battery" or bool(seconds)
    if state := BATTERY_STATES.get(known.get(BATTERY_STATE, 0)):
        fields["battery_state"] = state
    if known.get(CHARGE, 101) <= 100:
        fields["charge_percent"] = known[CHARGE]
    least = 0 if fields.get("on_battery") else 1  # on mains 0 minutes are what those say that do not know
    if least <= known.get(MINUTES_LEFT, -1) <= MOST_MINUTES:
        fields["minutes_left"] = known[MINUTES_LEFT]
    if ALARMS in known:
        fields["alarms"] = known[ALARMS]
    if 0 < known.get(VOLTAGE, 0) <= 10 * MOST_VOLTS:
        fields["battery_volts"] = round(known[VOLTAGE] / 10, 1)
    if 0 < known.get(TEMPERATURE, 0) < 150:  # 0 is what those without a sensor say
        fields["temperature_celsius"] = known[TEMPERATURE]
    return fields


def _largest(name: str, values: list[int | None], most: int) -> dict[str, Value]:
    """The phase that is worst off."""
    known = [value for value in values if value is not None and value <= most]
    return {name: max(known)} if known else {}
