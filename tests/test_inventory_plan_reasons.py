"""Why a device needs something: every reason with its sentence, and how reasons weigh."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.asset import Asset
from inventory.evidence import Evidence
from inventory.phrase import Phrase
from inventory.plan.lists import new_but_failing, old_but_fine
from inventory.plan.reasons import Reason, months_later, need, upgrade_reasons, years_later
from inventory.plan.rules import CODES, DATED, MEASURED, MeasuredCode, MeasuredRule, shipped_rules
from inventory.plan.words import because, sentence
from inventory.text import Language
from inventory.windows11 import Readiness, Rule, Shortfall, State
from tests.equipped_school import TODAY, candidates

RULES = shipped_rules()
VI, EN = Phrase(Language.VI), Phrase(Language.EN)
NEW = Asset("a-1", "computer", "PC", in_use_since=date(2026, 9, 1))
INCAPABLE = Readiness(State.NOT_CAPABLE, (Shortfall(Rule.PROCESSOR, "i3-4130"), Shortfall(Rule.TPM, "1.2")))
W10 = {"system": "Windows 10 Pro", "support_ends_on": date(2025, 10, 14)}


def reasons(asset: Asset = NEW, **measured: Any) -> list[Reason]:
    return upgrade_reasons(asset, Evidence(TODAY, **measured), RULES, TODAY)


# code -> what was measured or registered, its sentence in Vietnamese and in English
Sentences = dict[str, tuple[dict[str, Any], str, str]]
MEASURED_SENTENCES: Sentences = {
    "memory": (
        {"memory_pressed_percent": 62},
        "bộ nhớ đầy trên 90 % trong 62 % thời gian học của 30 ngày qua",
        "memory above 90% in 62% of lesson minutes over 30 days",
    ),
    "disk_space": ({"disk_free_percent": 6.2}, "ổ đĩa chỉ còn trống 6,2 %", "only 6.2% of the disk is free"),
    "disk_errors": ({"disk_errors": 1}, "ổ đĩa có 1 cung hỏng", "1 bad sector on the disk"),
    "disk_failing": (
        {"disk_failing": True},
        "ổ đĩa tự báo sắp hỏng (SMART)",
        "the disk says that it is failing (SMART)",
    ),
    "disk_worn": ({"disk_worn_percent": 93.0}, "ổ SSD đã mòn 93 %", "93% of the SSD is worn"),
    "crashes": ({"crashes": 7}, "7 lần tắt đột ngột trong 30 ngày", "7 crashes in 30 days"),
    "restarts": ({"restarts": 120}, "120 lần khởi động lại trong 30 ngày", "120 restarts in 30 days"),
    "battery": ({"battery_worn_percent": 55.5}, "pin đã chai 55,5 %", "55.5% of the battery's capacity is gone"),
    "room": (
        {"room_offline_percent": 18},
        "làm phòng mất kết nối tốt trong 18 % thời gian học của 30 ngày qua",
        "left its room without a good connection in 18% of lesson minutes over 30 days",
    ),
    "wifi": (
        {"wifi_weak_percent": 45},
        "sóng Wi-Fi yếu hơn -75 dBm trong 45 % thời gian học của 30 ngày qua",
        "Wi-Fi below -75 dBm in 45% of lesson minutes over 30 days",
    ),
    "support": (
        W10,
        "Windows 10 Pro hết cập nhật bảo mật từ 14/10/2025",
        "Windows 10 Pro has no security updates since 14 Oct 2025",
    ),
    "no_successor": (
        {**W10, "windows11": INCAPABLE},
        "Windows 10 Pro hết cập nhật bảo mật từ 14/10/2025, máy không lên được Windows 11: bộ xử lý, chip bảo mật TPM",
        "Windows 10 Pro has no security updates since 14 Oct 2025, and the PC cannot run Windows 11: processor, "
        "security chip TPM",
    ),
    "disk_full": ({"disk_full_on": TODAY}, "ổ đĩa đã đầy", "the disk is full"),
    "lamp": (
        {"lamp_hours": 4_700.0, "lamp_expected_hours": 5_000.0},
        "bóng đèn đã cháy 4.700 trên 5.000 giờ dự kiến",
        "the lamp has burned 4,700 of 5,000 expected hours",
    ),
}
REGISTERED_SENTENCES: Sentences = {
    "age": (
        {"in_use_since": date(2019, 11, 25)},
        "đã dùng 7 năm, quá thời gian sử dụng 5 năm",
        "in use for 7 years, past its useful life of 5",
    ),
    "warranty": (
        {"purchase_date": date(2024, 8, 31), "warranty_months": 18},
        "hết bảo hành từ 28/02/2026",
        "out of warranty since 28 Feb 2026",
    ),
    "condition": (
        {"condition": "damaged"},
        "tình trạng trong sổ: hư hỏng",
        "condition in the register: damaged",
    ),
}
AHEAD_SENTENCES: Sentences = {
    "age": (
        {},
        "dùng từ 01/09/2026, sẽ hết thời gian sử dụng 5 năm vào 01/09/2031",
        "in use since 1 Sep 2026, reaches its useful life of 5 years on 1 Sep 2031",
    ),
    "support": (
        {**W10, "support_ends_on": date(2027, 10, 12)},
        "Windows 10 Pro sẽ hết cập nhật bảo mật vào 12/10/2027",
        "Windows 10 Pro gets security updates until 12 Oct 2027",
    ),
    "no_successor": (
        {**W10, "support_ends_on": date(2027, 10, 12), "windows11": INCAPABLE},
        "Windows 10 Pro sẽ hết cập nhật bảo mật vào 12/10/2027, máy không lên được Windows 11: bộ xử lý, "
        "chip bảo mật TPM",
        "Windows 10 Pro gets security updates until 12 Oct 2027, and the PC cannot run Windows 11: processor, "
        "security chip TPM",
    ),
    "disk_full": (
        {"disk_full_on": date(2027, 1, 4)},
        "ổ đĩa sẽ đầy vào 04/01/2027, còn 40 ngày",
        "the disk will be full on 4 Jan 2027, in 40 days",
    ),
    "lamp": (
        {"lamp_hours": 3_000.0, "lamp_expected_hours": 5_000.0, "lamp_ends_on": date(2028, 3, 1)},
        "bóng đèn đã cháy 3.000 trên 5.000 giờ, sẽ hết vào khoảng 01/03/2028",
        "the lamp has burned 3,000 of 5,000 hours and will end about 1 Mar 2028",
    ),
    "warranty": ({}, "bảo hành đến 01/09/2028", "under warranty until 1 Sep 2028"),
}


def check(found: list[Reason], code: str, vi: str, en: str) -> None:
    reason = next(entry for entry in found if entry.code == code)
    plain = [
        text.replace("\N{NO-BREAK SPACE}", " ") for text in (sentence(reason, VI, TODAY), sentence(reason, EN, TODAY))
    ]
    assert plain == [vi, en]


@pytest.mark.parametrize("code", MEASURED_SENTENCES)
def test_what_was_measured_makes_a_sentence(code: str) -> None:
    measured, vi, en = MEASURED_SENTENCES[code]
    check(reasons(**measured), code, vi, en)


@pytest.mark.parametrize("code", REGISTERED_SENTENCES)
def test_what_is_registered_makes_a_sentence(code: str) -> None:
    registered, vi, en = REGISTERED_SENTENCES[code]
    check(reasons(replace(NEW, **registered)), code, vi, en)


@pytest.mark.parametrize("code", AHEAD_SENTENCES)
def test_what_will_come_says_when(code: str) -> None:
    measured, vi, en = AHEAD_SENTENCES[code]
    check(reasons(replace(NEW, purchase_date=date(2026, 9, 1), warranty_months=24), **measured), code, vi, en)


def test_every_reason_has_been_said() -> None:
    assert {*MEASURED_SENTENCES, *REGISTERED_SENTENCES} == set(CODES)
    assert set(AHEAD_SENTENCES) == set(DATED)


def test_what_was_not_measured_or_is_well_is_no_reason() -> None:
    bare = Asset("a-1", "computer", "PC")
    assert upgrade_reasons(bare, None, RULES, TODAY) == []
    assert reasons(bare) == []
    fine = {"memory_pressed_percent": 5, "disk_free_percent": 60, "disk_errors": 0, "disk_failing": False, "crashes": 0}
    assert reasons(bare, **fine) == []


def test_the_heaviest_reason_comes_first_and_all_are_said_in_one_line() -> None:
    found = reasons(replace(NEW, in_use_since=date(2018, 1, 1)), memory_pressed_percent=62, disk_failing=True)
    assert [reason.code for reason in found] == ["disk_failing", "memory", "age"]
    assert because(found, EN, TODAY).count("; ") == 2


def test_age_weighs_less_where_health_speaks_for_itself() -> None:
    old = replace(NEW, in_use_since=date(2018, 1, 1))
    [unmeasured], [measured] = reasons(old), reasons(old, crashes=0)
    assert (unmeasured.code, measured.code) == ("age", "age")
    assert measured.weight == RULES.age_if_measured * unmeasured.weight


@pytest.mark.parametrize(
    ("code", "measured", "believed"),
    [
        ("memory", {"memory_pressed_percent": 62.0}, 0.1),
        ("wifi", {"wifi_weak_percent": 62.0}, 0.1),
        ("room", {"room_offline_percent": 50.0, "room_days": 5}, 0.5),
        ("crashes", {"crashes": 2, "counted_days": 1}, 0.1),
        ("restarts", {"restarts": 90, "counted_days": 3}, 0.3),
        ("battery", {"battery_worn_percent": 90.0}, 1.0),
        ("disk_errors", {"disk_errors": 90}, 1.0),
    ],
)
def test_what_few_days_say_of_lessons_weighs_little(
    code: MeasuredCode, measured: dict[str, Any], believed: float
) -> None:
    full, few, enough = (
        {reason.code: reason.weight for reason in upgrade_reasons(NEW, Evidence(TODAY, **told), RULES, TODAY)}
        for told in (
            {**measured, "days": 30, "room_days": 30, "counted_days": 30, **_a_month_of(measured)},
            {"days": 1, **measured},
            {**measured, "days": 10, "room_days": 10, "counted_days": 10, **_a_month_of(measured, 10)},
        )
    )
    assert few[code] == pytest.approx(believed * full[code])
    assert enough[code] == pytest.approx(full[code])


def _a_month_of(measured: dict[str, Any], days: int = 30) -> dict[str, Any]:
    """Counts as if they went on for so many days."""
    counted = measured.get("counted_days", 0)
    return {name: measured[name] * days // counted for name in ("crashes", "restarts") if name in measured}


def test_a_system_that_is_windows_11_already_is_not_asked_whether_it_can_be() -> None:
    found = reasons(system="Windows 11 Pro", support_ends_on=date(2025, 11, 11), windows11=INCAPABLE)
    assert "support" in [reason.code for reason in found]


@given(st.sampled_from(MEASURED), st.floats(0, 300), st.floats(0, 300))
def test_worse_never_weighs_less(code: str, one: float, other: float) -> None:
    rule = RULES.measured[code]  # type: ignore[index]
    falling = rule.full < rule.starts
    better, worse = sorted((one, other), reverse=falling)
    assert 0 <= rule.weight_of(better) <= rule.weight_of(worse) <= rule.weight


def test_a_reason_weighs_a_third_where_it_begins() -> None:
    rule = MeasuredRule(20, 60, 0.6, "test", verified=True)
    assert [round(rule.weight_of(percent), 3) for percent in (19.9, 20, 40, 60, 100)] == [0, 0.2, 0.4, 0.6, 0.6]


@given(st.lists(st.floats(0, 1), max_size=6), st.floats(0, 1))
def test_more_reasons_never_mean_less_need(weights: list[float], more: float) -> None:
    found = [Reason("memory", TODAY, weight) for weight in weights]
    assert 0 <= need(found, TODAY) <= need([*found, Reason("age", TODAY, more)], TODAY) + 1e-9 <= 1 + 1e-9
    assert need([Reason("age", TODAY + timedelta(1), more)], TODAY) == 0


@pytest.mark.parametrize(
    ("months", "day"),
    [
        (0, date(2024, 1, 31)),
        (1, date(2024, 2, 29)),
        (13, date(2025, 2, 28)),
        (11, date(2024, 12, 31)),
        (12, date(2025, 1, 31)),
    ],
)
def test_months_end_where_the_calendar_does(months: int, day: date) -> None:
    assert months_later(date(2024, 1, 31), months) == day


def test_a_leap_day_is_the_first_of_march_in_other_years() -> None:
    assert years_later(date(2024, 2, 29), 5) == date(2029, 3, 1)
    assert years_later(date(2024, 2, 29), 4) == date(2028, 2, 29)


def test_old_but_fine_and_new_but_failing_are_told_from_age_and_health() -> None:
    found = candidates(300)
    old, failing = old_but_fine(found, RULES), new_but_failing(found, RULES)
    assert old
    assert failing
    assert all(entry.evidence is not None and entry.evidence.judges_health for entry in old)
    ages = {entry.tag: (TODAY - entry.asset.in_use_since).days / 365.25 for entry in found if entry.asset.in_use_since}
    assert all(ages[entry.tag] >= 5 for entry in old)
    assert all(ages[entry.tag] < 2.5 for entry in failing)
    assert not {entry.tag for entry in old} & {entry.tag for entry in failing}
    assert all(entry.reasons and entry.reasons[0].weight > 0.15 for entry in failing)


def test_one_day_is_said_as_one() -> None:
    [crash] = (entry for entry in reasons(crashes=7, days=1) if entry.code == "crashes")
    assert sentence(crash, EN, TODAY) == "7 crashes in 1 day"
    assert sentence(crash, VI, TODAY) == "7 lần tắt đột ngột trong 1 ngày"
