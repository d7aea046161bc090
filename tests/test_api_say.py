"""Times, numbers and values as each language writes them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.say import Say
from api.text import Language, Text
from contract.metrics import PROBES

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
VI, EN = Say(Language.VI, HERE), Say(Language.EN, HERE)
NOON = int(datetime(2026, 11, 25, 5, 0, tzinfo=UTC).timestamp() * 1000)  # noon in Vietnam
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_numbers_are_written_as_each_language_writes_them() -> None:
    assert (VI.number(1234.56), EN.number(1234.56)) == ("1.234,6", "1,234.6")
    assert (VI.number(12.0), VI.number(7), VI.number(-3), VI.number(1000)) == ("12", "7", "-3", "1.000")
    text = Text("Mất gói {loss} %", "{loss}% lost")
    assert (VI(text, loss=12.5), EN(text, loss=12.5)) == ("Mất gói 12,5\u00a0%", "12.5% lost")


def test_english_knows_one_from_many() -> None:
    text = Text("{count} máy", "{count} devices", "1 device")
    assert [EN(text, count=count) for count in (0, 1, 2)] == ["0 devices", "1 device", "2 devices"]
    assert VI(text, count=1) == "1 máy"


@pytest.mark.parametrize(
    ("at", "vietnamese", "english"),
    [
        (NOON - 5 * MINUTE, "11:55", "11:55"),
        (NOON - 13 * HOUR, "23:00 24/11", "23:00, 24 Nov"),
        (NOON - 400 * DAY, "12:00 21/10/2025", "12:00, 21 Oct 2025"),
    ],
)
def test_a_moment_is_as_short_as_it_stays_clear(at: int, vietnamese: str, english: str) -> None:
    assert (VI.moment(at, NOON), EN.moment(at, NOON)) == (vietnamese, english)


def test_times_are_those_of_the_school() -> None:
    assert VI.clock(NOON) == "12:00"
    assert Say(Language.VI, ZoneInfo("UTC")).clock(NOON, seconds=True) == "05:00:00"
    assert VI.iso(NOON) == "2026-11-25T12:00:00+07:00"


@pytest.mark.parametrize(
    ("length", "vietnamese", "english"),
    [
        (0, "dưới 1 phút", "under a minute"),
        (59_999, "dưới 1 phút", "under a minute"),
        (25 * MINUTE, "25 phút", "25 min"),
        (2 * HOUR + 5 * MINUTE, "2 giờ 5 phút", "2 hr 5 min"),
        (3 * DAY + 5 * MINUTE, "3 ngày", "3 days"),
        (DAY + HOUR + MINUTE, "1 ngày 1 giờ", "1 day 1 hr"),
    ],
)
def test_durations_name_their_two_largest_units(length: int, vietnamese: str, english: str) -> None:
    assert (plain(VI.duration(length)), plain(EN.duration(length))) == (vietnamese, english)


@pytest.mark.parametrize(
    ("probe", "field", "value", "vietnamese", "english"),
    [
        ("ping", "loss_percent", 12.0, "12 %", "12%"),
        ("ping", "round_trip_ms", 12.34, "12,3 ms", "12.3 ms"),
        ("host", "memory_total_bytes", 8 * 2**30, "8 GB", "8 GB"),
        ("disk", "disk_free_bytes", 700 * 2**20, "700 MB", "700 MB"),
        ("agent", "outbox_bytes", 512, "512 byte", "512 byte"),
        ("host", "uptime_seconds", 7_500, "2 giờ 5 phút", "2 hr 5 min"),
        ("host", "battery_plugged", True, "có", "yes"),
        ("web", "captive", False, "không", "no"),
        ("wifi", "network_name", "Lớp <1>", "Lớp <1>", "Lớp <1>"),
        ("wifi", "signal_dbm", -61.0, "-61 dBm", "-61 dBm"),
        ("web", "certificate_days", 12.4, "12 ngày", "12 days"),
        ("ping", "sent", 5, "5", "5"),
    ],
)
def test_a_value_carries_its_unit(
    probe: str, field: str, value: bool | float | str, vietnamese: str, english: str
) -> None:
    measured = PROBES[probe].fields[field]
    assert (plain(VI.value(measured, value)), plain(EN.value(measured, value))) == (vietnamese, english)


@given(st.integers(0, 2**53))
def test_a_size_has_at_most_four_digits_before_the_comma(count: int) -> None:
    number = plain(EN.size(count)).split(" ")[0].replace(",", "")
    assert float(number) < 10_000
    assert float(number) > 0 or count == 0
