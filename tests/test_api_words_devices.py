"""The words that devices use: every one that an agent can say has its translation."""

import pytest

from agent.probes import pjlink_answers, printer, supplies, throughput_samples, ups
from api.words_devices import (
    ALERTS,
    BATTERY_STATES,
    COLOURS,
    INPUTS,
    LEGS,
    LEVELS,
    LIMITS,
    PART_STATES,
    PARTS,
    POWER,
    PRINTER_HEALTH,
    PRINTER_STATES,
    SOURCES,
    SUPPLIES,
    WINDOWS_11_RULES,
    Words,
    device_words,
    supply_words,
)
from inventory.windows11 import Rule
from tests.test_api_say import EN, VI

# What agents can say, by their own tables.
VOCABULARIES: list[tuple[Words, list[str]]] = [
    (POWER, list(pjlink_answers.POWER.values())),
    (INPUTS, list(pjlink_answers.INPUTS.values())),
    (PARTS, list(pjlink_answers.PARTS)),
    (PART_STATES, list(pjlink_answers.STATES.values())),
    (PRINTER_STATES, list(printer.STATES.values())),
    (PRINTER_HEALTH, list(printer.HEALTH.values())),
    (ALERTS, [*printer.ALERTS, printer.NONE]),
    (LEVELS, [supplies.level_word(level) for level in (0, -1, -2, -3)]),
    (SUPPLIES, [*supplies.KINDS.values(), "supply"]),
    (SOURCES, list(ups.OUTPUT_SOURCES.values())),
    (BATTERY_STATES, list(ups.BATTERY_STATES.values())),
    (LEGS, ["lan", "wan"]),
    (LIMITS, list(throughput_samples.LIMITS)),
]


@pytest.mark.parametrize(("words", "said"), VOCABULARIES)
def test_every_word_that_a_device_can_say_is_translated(words: Words, said: list[str]) -> None:
    assert set(words) == set(said)


def test_every_rule_of_windows_11_has_its_words() -> None:
    assert set(WINDOWS_11_RULES) == set(Rule)


@pytest.mark.parametrize(
    ("target", "vietnamese", "english"),
    [
        ("black-toner", "Mực đen", "Black toner"),
        ("waste-toner", "Hộp mực thải", "Waste toner box"),
        ("yellow-ink", "Mực nước vàng", "Yellow ink"),
        ("drum", "Trống từ", "Drum"),
        ("part-1-3", "part-1-3", "part-1-3"),
        ("", "", ""),
    ],
)
def test_supplies_are_called_as_people_call_them(target: str, vietnamese: str, english: str) -> None:
    assert (supply_words(target, VI), supply_words(target, EN)) == (vietnamese, english)
    assert set(COLOURS) == {"black", "cyan", "magenta", "yellow"}


def test_the_table_of_newest_measurements_speaks_in_words_too() -> None:
    assert device_words("printer", "alerts", "jammed, low_toner", EN) == "paper jam, toner is low"
    assert device_words("projector", "input", "rgb 1", VI) == "cổng VGA 1"
    assert device_words("projector", "resolution", "1024x768", VI) is None
    assert device_words("ups", "alarms", 3, VI) is None
