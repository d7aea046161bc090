"""What of a watched device is bad now, for the live page."""

from dataclasses import replace

import pytest

from api.say import Say
from api.text import Language
from api.view.faults import faults
from api.view.site import SiteRows, site_now
from collector.store.protocol import DAY_MS, Share, StoredMeasurement
from contract.messages import Outcome, Value
from inventory.school import Device, Room, School

NOW = 1_795_658_481_000
PROJECTOR = Device("projector-1", name="Máy chiếu", kind="projector", reported_by=("pc-1",))
SCHOOL = School("hoa-mai", "Hoa Mai", (Room("mam-1", "Mầm 1", devices=(Device("pc-1"), PROJECTOR)),))
VI, EN = (Say(language, SCHOOL.zone) for language in (Language.VI, Language.EN))


SITE = site_now(SCHOOL, SiteRows(NOW, 1, (), (), (), Share(), (), (), ()))


def told(**fields: Value) -> StoredMeasurement:
    return StoredMeasurement("hoa-mai", "projector-1", "projector", "", NOW - 1_000, Outcome.OK, 1.0, fields)


def test_a_part_that_failed_is_told_in_words() -> None:
    [fault] = faults(SITE, [told(power="on", lamp_state="error", fan_state="warning")], VI)
    assert fault.device.device is PROJECTOR
    assert fault.told == "Bóng đèn: hỏng"
    assert faults(SITE, [told(power="on", lamp_state="error")], EN)[0].told == "Lamp: failed"


def test_what_only_needs_a_look_or_is_well_is_no_fault() -> None:
    assert faults(SITE, [told(power="on", lamp_state="warning")], VI) == []
    assert faults(SITE, [told(power="on", lamp_state="ok")], VI) == []


@pytest.mark.parametrize("days", [1, 30])
def test_what_was_said_days_ago_is_no_fault_of_now(days: int) -> None:
    old = replace(told(power="on", lamp_state="error"), taken_at=NOW - days * DAY_MS)
    assert faults(SITE, [old], VI) == []


def test_a_device_that_is_in_no_school_file_is_nobodys_fault() -> None:
    assert faults(SITE, [replace(told(power="on", lamp_state="error"), device="somebody")], VI) == []
