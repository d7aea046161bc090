"""Rules that judge what devices answer: pure, so any answer can be tried."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.probes import printer, ups
from agent.probes.snmp_host import RAM, Storage, memory
from agent.probes.snmp_values import MAX_NAME, MAX_TEXT, count_of, distinct, mac, percent, slug, text, whole
from agent.probes.supplies import Supply, fields_of, level_percent
from contract.metrics import PROBES, Misfit, fitted

VALUES = st.one_of(st.binary(max_size=300), st.integers(), st.floats(), st.text())
NUMBERS = st.none() | st.integers(-5, 200) | st.integers(-(2**31), 2**31 - 1)


@given(VALUES)
def test_no_answer_breaks_the_readers(value: bytes | int | float | str) -> None:
    shown = text(value)
    assert len(shown) <= MAX_TEXT
    assert shown.isprintable()
    assert mac(value) == "" or len(mac(value)) == 17
    assert (whole(value) is None) == (type(value) is not int)
    assert (count_of(value) or 0) >= 0


def test_text_of_old_and_careless_devices_is_read() -> None:
    assert text(b"Kyocera\0\0  ECOSYS\r\nP2040dn ") == "Kyocera ECOSYS P2040dn"
    assert text("Máy in phòng 3".encode()) == "Máy in phòng 3"
    assert text(b"Drucker f\xfcr alle") == "Drucker für alle"
    assert text(7) == ""


@pytest.mark.parametrize(
    ("name", "found"),
    [("GigabitEthernet0/1", "gigabitethernet0-1"), ("Cổng 1", "c-ng-1"), ("///", ""), ("x" * 99, "x" * 48)],
)
def test_a_name_becomes_a_target(name: str, found: str) -> None:
    assert slug(name) == found


@given(st.dictionaries(st.from_regex(r"[0-9]{1,3}(\.[0-9]{1,3})?", fullmatch=True), st.text(max_size=60).map(slug)))
def test_every_part_has_a_name_of_its_own(names: dict[str, str]) -> None:
    found = distinct(names)
    assert found.keys() == names.keys()
    assert all(found.values())
    assert all(found[index] == name for index, name in names.items() if list(names.values()).count(name) == 1 and name)
    assert all(len(name) <= MAX_NAME + 8 for name in found.values())


def test_two_ports_of_one_name_are_told_apart_by_their_index() -> None:
    assert distinct({"1": "eth", "2": "eth", "7": "wan", "9": ""}) == {
        "1": "eth-1",
        "2": "eth-2",
        "7": "wan",
        "9": "part-9",
    }


@given(st.builds(Supply, NUMBERS, NUMBERS, NUMBERS, NUMBERS))
def test_a_supply_has_a_percentage_or_a_word_and_never_both(supply: Supply) -> None:
    fields = fields_of(supply)
    assert not isinstance(fitted(PROBES["supply"], fields), Misfit)
    assert len({"level", "level_percent"} & fields.keys()) == (0 if supply.level is None else 1)
    if "level_percent" in fields:
        assert supply.level is not None
        assert 0 <= supply.level <= max(100, supply.capacity or 0)
        assert supply.capacity is None or supply.capacity > 0 or supply.unit == 19


@given(st.integers(1, 2**31 - 1), st.data())
def test_a_percentage_is_the_part_of_the_capacity(capacity: int, data: st.DataObject) -> None:
    level = data.draw(st.integers(0, capacity))
    assert level_percent(Supply(3, level, capacity, 7)) == pytest.approx(100 * level / capacity, abs=0.051)


@pytest.mark.parametrize(
    ("level", "capacity", "fields"),
    [
        (-3, -2, {"level": "some_remaining"}),
        (-2, -2, {"level": "unknown"}),
        (-1, -1, {"level": "unlimited"}),
        (-3, 100, {"level": "some_remaining"}),
        (-2, 100, {"level": "unknown"}),
        (0, -2, {"level": "empty"}),
        (1200, -2, {"level": "some_remaining"}),
        (50, 200, {"level_percent": 25.0}),
        (0, 200, {"level_percent": 0.0}),
        (201, 200, {"level": "some_remaining"}),
        (None, 200, {}),
    ],
)
def test_real_printers_levels_become_numbers_or_words(
    level: int | None, capacity: int, fields: dict[str, object]
) -> None:
    assert fields_of(Supply(3, level, capacity, 7)) == fields


@given(st.binary(max_size=6))
def test_alerts_are_words_for_the_bits_that_are_set(bits: bytes) -> None:
    whole_ = int.from_bytes((bits + bytes(2))[:2], "big") & 0xFFFE  # the last bit means nothing
    assert len(printer.alerts_of(bits)) == whole_.bit_count()


@given(
    st.dictionaries(
        st.sampled_from(
            [f"1.3.6.1.2.1.33.1.{part}.0" for part in ("2.1", "2.2", "2.3", "2.4", "2.5", "2.7", "4.1", "6.1")]
        ),
        st.integers(0, 2**32),
    )
)
def test_no_ups_tells_what_the_catalogue_does_not_take(known: dict[str, int]) -> None:
    assert not isinstance(fitted(PROBES["ups"], ups.fields_of(known)), Misfit)


@given(st.floats(-1e12, 1e12), st.floats(-1e12, 1e12))
def test_a_percentage_is_between_0_and_100_or_none(part: float, all_: float) -> None:
    found = percent(part, all_)
    assert found is None or 0 <= found <= 100


def test_memory_that_linux_gives_back_is_not_used() -> None:
    rows = [
        Storage("1", RAM, "Physical memory", 1000, 900),
        Storage("6", "other", "Memory buffers", 1000, 100),
        Storage("7", "other", "Cached memory", 1000, 300),
    ]
    assert memory(rows)["memory_used_percent"] == 50.0
