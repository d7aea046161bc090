"""docs/simulator.md says what the code says."""

import argparse
import re
from pathlib import Path

from sonca.simulate.equipment import UUID_PREFIX
from sonca.simulate.faults import FaultKind, read_fault
from sonca.simulate.settings import add_arguments
from sonca.simulate.voice import SOFTWARE
from sonca.simulate.watched import SERIAL_PREFIX

TEXT = (Path(__file__).parent.parent / "docs" / "simulator.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading."""
    section = TEXT.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_every_option_stands_in_the_table_with_its_default() -> None:
    parser = argparse.ArgumentParser(add_help=False)
    add_arguments(parser)
    told = {row[0].strip("`"): row[1].strip("`") for row in rows("Options")}
    assert list(told) == [action.option_strings[0] for action in parser._actions]
    for action in parser._actions:
        if action.dest not in ("devices", "fault"):
            default = action.default
            assert told[action.option_strings[0]] == (f"{default:g}" if isinstance(default, float) else str(default))


def test_every_fault_stands_in_the_table_with_its_usual_time() -> None:
    assert [row[0].strip("`") for row in rows("Faults")] == list(FaultKind)
    for name, _, usual, _ in rows("Faults"):
        fault = read_fault(name.strip("`"))
        if fault.minute is None:
            assert usual == "always"
        else:
            assert usual == f"{fault.minute // 60:02}:{fault.minute % 60:02}, {fault.lasts} minutes"


def test_every_example_of_a_fault_can_be_read() -> None:
    examples = set(re.findall(r"(?<=[ `])[a-z]+-[a-z]+(?::[a-z-]+)?@[0-9:]{5}\+[0-9hm]+", TEXT))
    assert len(examples) == 2
    assert all(read_fault(example).minute for example in examples)


def test_the_marks_are_those_of_the_code() -> None:
    for mark in (SERIAL_PREFIX, UUID_PREFIX, SOFTWARE):
        assert f"`{mark}`" in TEXT
