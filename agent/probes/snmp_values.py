"""What devices answer by SNMP, as plain values: they send wrong types, padding and unprintable bytes."""

import re
from collections.abc import Mapping

from agent.probes.snmp_session import SnmpValue

MAX_NAME = 48
MAX_TEXT = 120


def whole(value: SnmpValue | None) -> int | None:
    """A number that is one."""
    return value if type(value) is int else None


def count_of(value: SnmpValue | None) -> int | None:
    """A number from zero on: below it devices hide words (-1 other, -2 unknown, -3 some)."""
    return value if type(value) is int and value >= 0 else None


def text(value: SnmpValue | None) -> str:
    """Printable text, bounded; empty when there is none. Older devices do not send UTF-8."""
    if not isinstance(value, bytes):
        return ""
    try:
        found = value.decode("utf-8")
    except UnicodeDecodeError:
        found = value.decode("latin-1")
    plain = "".join(letter if letter.isprintable() else " " for letter in found)
    return " ".join(plain.split())[:MAX_TEXT].strip()


def mac(value: SnmpValue | None) -> str:
    """`00:11:22:33:44:55`; empty for anything but six bytes that are not all zero."""
    return value.hex(":") if isinstance(value, bytes) and len(value) == 6 and any(value) else ""


def slug(name: str) -> str:
    """A name as a target is called: `GigabitEthernet0/1` -> `gigabitethernet0-1`; may be empty."""
    return re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")[:MAX_NAME].rstrip("-")


def distinct(names: Mapping[str, str]) -> dict[str, str]:
    """Names by index, each once: those that are empty or stand twice get their index."""
    found = list(names.values())
    return {
        index: name if name and found.count(name) == 1 else f"{name or 'part'}-{slug(index)}"
        for index, name in names.items()
    }


def percent(part: float, whole_: float) -> float | None:
    """0 to 100 with one decimal; None where it makes no sense."""
    return round(100 * part / whole_, 1) if 0 <= part <= whole_ and whole_ > 0 else None
