"""What a probe and a field of the catalogue are, and the kinds of fields there are."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The type of a field, in the words of docs and API."""

    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Field:
    """One measured value. `decimals` is the resolution of a NUMBER: agents round to it and stores keep it exactly."""

    name: str
    kind: Kind
    unit: str
    english: str
    vietnamese: str
    decimals: int = 0
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class Probe:
    """What can be measured in one go. `targets` says what its target names, empty when it has none."""

    name: str
    english: str
    vietnamese: str
    fields: Mapping[str, Field]
    targets: str = ""


def percent(name: str, english: str, vietnamese: str) -> Field:
    return Field(name, Kind.NUMBER, "%", english, vietnamese, 1, 0, 100)


def milliseconds(name: str, english: str, vietnamese: str) -> Field:
    return Field(name, Kind.NUMBER, "ms", english, vietnamese, 2, 0, 10_000_000)


def count(name: str, english: str, vietnamese: str, unit: str = "") -> Field:
    return Field(name, Kind.INTEGER, unit, english, vietnamese, 0, 0, 2**53)


def size(name: str, english: str, vietnamese: str) -> Field:
    return count(name, english, vietnamese, "B")


def seconds(name: str, english: str, vietnamese: str) -> Field:
    return count(name, english, vietnamese, "s")


def number(
    name: str, unit: str, english: str, vietnamese: str, decimals: int, low: float | None, high: float | None
) -> Field:
    return Field(name, Kind.NUMBER, unit, english, vietnamese, decimals, low, high)


def yes_no(name: str, english: str, vietnamese: str) -> Field:
    return Field(name, Kind.BOOLEAN, "", english, vietnamese)


def text(name: str, english: str, vietnamese: str) -> Field:
    return Field(name, Kind.TEXT, "", english, vietnamese)


def probe(name: str, english: str, vietnamese: str, targets: str, *fields: Field) -> Probe:
    return Probe(name, english, vietnamese, {field.name: field for field in fields}, targets)
