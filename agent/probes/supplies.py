"""What is left in a printer's cartridges (Printer-MIB, RFC 3805). Pure: a percentage only where one exists.

Real printers answer level -3 ("at least one unit remains") with capacity -2 ("unknown"). Nothing can be divided there,
so such a supply has a word and no number.
"""

from dataclasses import dataclass

from contract.messages import Value

OTHER, UNKNOWN, SOME = -1, -2, -3
UNIT_PERCENT = 19
KINDS = {
    3: "toner",
    4: "waste-toner",
    5: "ink",
    6: "ink",
    7: "ribbon",
    8: "waste-ink",
    9: "drum",
    10: "developer",
    11: "fuser-oil",
    12: "wax",
    15: "fuser",
    18: "cleaner",
    20: "transfer-unit",
    21: "toner",
    32: "staples",
}


@dataclass(frozen=True, slots=True)
class Supply:
    """One row of prtMarkerSuppliesTable, None where the device did not tell. A waste box tells the room left in it."""

    kind: int | None
    level: int | None
    capacity: int | None
    unit: int | None
    colour: str = ""
    description: str = ""

    @property
    def name(self) -> str:
        """`black-toner`: made of what stays when the cartridge is changed, unlike its description."""
        kind = KINDS.get(self.kind or 0, "supply")
        return f"{self.colour}-{kind}" if self.colour else kind


def fields_of(supply: Supply) -> dict[str, Value]:
    """`level_percent` where it exists, else the word `level`; nothing when the device did not tell a level at all."""
    if supply.level is None:
        return {}
    fields: dict[str, Value] = {}
    level = level_percent(supply)
    if level is not None:
        fields["level_percent"] = level
    else:
        fields["level"] = level_word(supply.level)
    if supply.description:
        fields["description"] = supply.description
    return fields


def level_percent(supply: Supply) -> float | None:
    """0 to 100; None where the device does not know the level or the capacity, or where the two cannot be true."""
    level, capacity = supply.level, supply.capacity
    if level is None or level < 0:
        return None
    if capacity is not None and capacity > 0:
        return round(100 * level / capacity, 1) if level <= capacity else None
    return float(level) if supply.unit == UNIT_PERCENT and level <= 100 else None


def level_word(level: int) -> str:
    """What remains to be said without a number."""
    if level == 0:
        return "empty"
    if level == OTHER:
        return "unlimited"
    return "some_remaining" if level == SOME or level > 0 else "unknown"
