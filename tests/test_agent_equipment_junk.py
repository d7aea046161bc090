"""Identifiers that prove nothing are marked, true ones are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.equipment_junk import is_junk_mac, is_junk_name, is_junk_serial, is_junk_uuid, junk_paths


@pytest.mark.parametrize(
    "serial",
    [
        "To Be Filled By O.E.M.", "System Serial Number", "Default string", "0", "00000000", "0000-0000", "XXXXXXX",
        "1111111", "0101010101", "0123456789", "12345", "123456789", "1234567890", "", "  ", "None", "Not Specified",
        "INVALID", "SN-12345", "empty", "(null string)", "OEM_Serial", ".......", "9876543210"[::-1],
    ],
)  # fmt: skip
def test_a_placeholder_serial_is_junk(serial: str) -> None:
    assert is_junk_serial(serial)


@pytest.mark.parametrize("serial", ["7XK2J53", "5CD0123ABC", "PF1A2B3C", "CNU1234567", "VNB3K12345", "20180731"])
def test_a_real_serial_is_not_junk(serial: str) -> None:
    assert not is_junk_serial(serial)


@pytest.mark.parametrize(
    "uuid",
    [
        "03000200-0400-0500-0006-000700080009", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", "2", "not a uuid",
        "00000000-0000-0000-0000-000000000000", "01010101-0101-0101-0101-010101010101",
        "00000000-0000-0000-0000-0000000000FF", "6AB5B300-538D-1014-9FB5-B0684D007B53",
    ],
)  # fmt: skip
def test_a_shared_uuid_is_junk(uuid: str) -> None:
    assert is_junk_uuid(uuid)
    assert is_junk_uuid(uuid.lower())


def test_a_real_uuid_is_not_junk() -> None:
    assert not is_junk_uuid("4C4C4544-0058-4B10-8032-B7C04F4A3533")


@pytest.mark.parametrize(
    "mac",
    ["00:00:00:00:00:00", "FF-FF-FF-FF-FF-FF", "00:50:56:C0:00:08", "0a:00:27:00:00:00", "02:fc:00:00:00:01", "x", ""],
)
def test_an_address_that_is_shared_or_chosen_by_software_is_junk(mac: str) -> None:
    assert is_junk_mac(mac)


@pytest.mark.parametrize("mac", ["a4:bb:6d:12:34:56", "00-1B-21-AA-BB-CC", "00:50:56:12:34:56"])
def test_an_address_from_a_maker_is_not_junk(mac: str) -> None:
    assert not is_junk_mac(mac)


def test_names_that_say_nothing_are_junk() -> None:
    assert all(map(is_junk_name, ("System manufacturer", "To be filled by O.E.M.", "*", "All Series", " - ")))
    assert not any(map(is_junk_name, ("Dell Inc.", "Latitude 3410", "Máy tính FPT Elead")))


def test_the_report_names_the_paths_of_its_junk() -> None:
    content = {
        "bios": {"ssn": "System Serial Number", "smodel": "Latitude 3410", "msn": "0"},
        "hardware": {"uuid": "03000200-0400-0500-0006-000700080009", "memory": 4096},
        "networks": [{"mac": "a4:bb:6d:12:34:56"}, {"mac": "02:00:00:00:00:01"}, {"description": "eth2"}],
        "memories": [{"serialnumber": "00000000"}],
    }
    assert junk_paths(content) == (
        "bios.ssn",
        "bios.msn",
        "hardware.uuid",
        "networks[1].mac",
        "memories[0].serialnumber",
    )


@given(st.text(max_size=60))
def test_no_text_breaks_the_judges(text: str) -> None:
    for judge in (is_junk_serial, is_junk_uuid, is_junk_mac, is_junk_name):
        assert judge(text) in (True, False)
