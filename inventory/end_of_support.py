"""When an operating system stops receiving security updates, from a dated table with its sources.

Nothing is guessed: a system that the table does not have is unknown, and a day that only one source gave is marked.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from contract.settings_file import read_settings
from contract.shapes import BadShape, BadValue, Between, check_distinct
from inventory.school import Date

SHIPPED = Path(__file__).parent / "end_of_support.yaml"


def check_source(text: str) -> None:
    """Raises BadValue unless it is an https address, where a person can look the day up."""
    if not text.startswith("https://") or " " in text:
        raise BadValue(f"{text[:60]!r} is not a source", "give the page that says it, like https://example.vn/")


def check_filled(text: str) -> None:
    """Raises BadValue for a text that would match everything."""
    if not text.strip():
        raise BadValue("is empty", "write what systems call themselves, like Windows 11")


Filled = Annotated[str, check_filled]


@dataclass(frozen=True)
class Extension:
    """Updates after the end, until `ends`. `dollars`: what a school pays for a PC and a year, in US$, where known."""

    name: Filled
    ends: Date
    verified: bool
    dollars: Annotated[float, Between(0, 10_000)] | None = None


@dataclass(frozen=True)
class EndOfSupport:
    """One row: `ends` is the last day of free security updates. `verified`: two independent places agree on it."""

    name: Filled
    full_names: tuple[Filled, ...]
    version: Filled
    ends: Date
    source: Annotated[str, check_source]
    verified: bool
    extended: tuple[Extension, ...] = ()


@dataclass(frozen=True)
class SupportTable:
    """All rows, and the day on which they were looked up."""

    as_of: Date
    systems: tuple[EndOfSupport, ...]


def end_of_support(full_name: str, version: str, table: SupportTable | None = None) -> EndOfSupport | None:
    """The row of a system by the names in its equipment report; None when it is unknown.

    `full_name` as the system writes it (`Microsoft Windows 10 Pro`), `version` as it counts (`10.0.19045`). The
    table is the shipped one unless another is given.
    """
    matching = [
        (len(name), row)
        for row in (table or shipped_table()).systems
        if version == row.version or version.startswith(f"{row.version}.")
        for name in row.full_names
        if _holds(full_name, name)
    ]
    return max(matching, key=lambda entry: entry[0])[1] if matching else None


def read_support_table(path: Path) -> SupportTable:
    """The table at `path`, checked. Raises SettingsError with file, line, key and hint."""
    return read_settings(path, SupportTable, _check)


@cache
def shipped_table() -> SupportTable:
    """The table that comes with SonCa."""
    return read_support_table(SHIPPED)


def _holds(full_name: str, name: str) -> bool:
    """Whether the words of `name` stand in it side by side: Windows 1 is not in Windows 10."""
    return f" {name.casefold()} " in f" {' '.join(full_name.casefold().split())} "


def _check(table: SupportTable) -> None:
    for index, row in enumerate(table.systems):
        if not row.full_names:
            raise BadShape(f"systems[{index}].full_names", "names no system", hint="for example [Windows 11]")
        ends = [row.ends, *(step.ends for step in row.extended)]
        for step in range(1, len(ends)):
            if ends[step] <= ends[step - 1]:
                problem = f"{ends[step]} does not come after {ends[step - 1]}"
                raise BadShape(f"systems[{index}].extended[{step - 1}].ends", problem, hint="list them in their order")
    check_distinct(
        (f"systems[{index}].full_names[{position}]", f"{name} {row.version}")
        for index, row in enumerate(table.systems)
        for position, name in enumerate(row.full_names)
    )
