"""The principal's page and the plan page as pure functions of a made-up school's records."""

import dataclasses
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.asking_plan import Asked, Wishes, plan_with
from api.plans import SchoolPlan
from api.problems import Problem
from api.view import plan as view
from api.view import principal
from api.view.bars import HEIGHT, WIDTH, Bar, bars
from api.view.wishes import form_of, wished
from inventory.plan.make import make_plan
from inventory.plan.prices import shipped_prices
from inventory.plan.request import Pot
from inventory.plan.rules import shipped_rules
from inventory.plan.what_if import difference
from inventory.report.period import parse_period
from inventory.report.worn import worn_out
from inventory.school import Room, School
from tests.equipped_school import MILLION, ROOMS, candidates, request
from tests.report_record import record
from tests.test_api_say import EN, VI, plain

DATA = record(count=60, millions=60)
NAMES = DATA.room_names
SCHOOL = School("hoa-mai", "Hoa Mai", tuple(Room(f"room-{place}", f"Lớp {place}") for place in range(ROOMS)))
CANDIDATES = candidates(60, asked=request(60))
FOUND = SchoolPlan(
    SCHOOL,
    0,
    CANDIDATES,
    make_plan(CANDIDATES, request(60), method="greedy"),
    shipped_rules(),
    shipped_prices(),
    None,
)
PLANNED = next(action for action in FOUND.plan.actions if action.option.price)


def test_five_numbers_are_those_of_the_report() -> None:
    told = principal.numbers(DATA)
    assert (told.connected, told.rooms_good, told.rooms_measured) == (96.4, 17, 19)
    assert (told.assets, told.without_price) == (60, 0)
    assert told.value == sum(entry.asset.purchase_cost or 0 for entry in DATA.plan.candidates.values())
    assert told.attention == len(worn_out(DATA)) > 0
    assert (told.budget, told.planned) == (60 * MILLION, DATA.plan.spent(2027))
    assert told.needed > told.budget
    assert told.past_life > 0
    assert told.wearing_out > 0


def test_with_enough_money_the_plan_does_what_is_needed() -> None:
    rich = record(count=20, millions=10_000)
    assert principal.needed(rich) == principal.needed(record(count=20, millions=1)) > 0


def test_what_works_poorly_begins_with_the_worst_room_and_says_why() -> None:
    poor, ahead, buy = principal.lists(DATA, "hoa-mai", VI)
    assert [(entry.name, entry.href, plain(entry.told)) for entry in poor[:2]] == [
        ("Nhà trẻ 1", "/rooms/hoa-mai/room-3", "Có kết nối 71,2 % thời gian học; dây mạng của phòng"),
        ("Nhà trẻ 2", "/rooms/hoa-mai/room-7", "Có kết nối 88 % thời gian học; dây mạng của phòng"),
    ]
    assert [entry.id for entry in poor[2:]][: len(worn_out(DATA))] == [entry.tag for entry in worn_out(DATA)]
    assert any(entry.new for entry in poor)
    assert all(entry.told for entry in [*poor, *ahead])
    assert sum(entry.price or 0 for entry in buy) == DATA.plan.spent(2027)
    prices = [entry.price or 0 for entry in buy]
    assert prices == sorted(prices, reverse=True)


def test_what_wears_out_next_lies_ahead_and_the_soonest_comes_first() -> None:
    for entry in principal.wearing_out(DATA, EN):
        begins = [reason.begins for reason in DATA.plan.candidates[entry.id].reasons if reason.code != "warranty"]
        assert any(DATA.issued < day < date(2028, 9, 1) for day in begins)


def test_a_day_below_the_goal_says_so_in_words() -> None:
    drawn = principal.days_chart(DATA, VI)
    assert drawn is not None
    assert [(bar.low, plain(bar.said)) for bar in drawn.bars[:3]] == [
        (False, "96,5 %"),
        (False, "95 %"),
        (True, "93,5 %, dưới mục tiêu"),
    ]
    assert plain(drawn.summary) == "20 ngày học, thấp nhất 90,5 %, cao nhất 96,5 %"
    assert principal.days_chart(dataclasses.replace(DATA, days=()), VI) is None


def test_money_by_year_is_the_plans() -> None:
    years = principal.years_money(DATA)
    assert [year.name for year in years] == ["2027-2028", "2028-2029", "2029-2030", "2030-2031"]
    assert sum(year.planned for year in years) == DATA.plan.cost


@pytest.mark.parametrize(
    ("today", "written"),
    [
        (date(2026, 11, 25), ["2026-11", "2026-10", "2026-2027-1", "2026-2027"]),
        (date(2027, 1, 16), ["2027-01", "2026-12", "2026-2027-2", "2026-2027"]),
        (date(2027, 9, 1), ["2027-09", "2027-08", "2027-2028-1", "2027-2028"]),
    ],
)
def test_usual_periods_have_begun(today: date, written: list[str]) -> None:
    assert list(principal.periods(today)) == written
    assert all(parse_period(period).first <= today for period in written)


@given(st.lists(st.floats(0, 200), min_size=1, max_size=60), st.floats(1, 150))
def test_bars_stay_inside_their_chart_and_keep_their_order(values: list[float], top: float) -> None:
    drawn = bars("title", "summary", [Bar(str(value), value, str(value)) for value in values], top, ("100", "0"))
    assert drawn is not None
    assert sum(bool(label) for label in drawn.labels) <= 6
    for x, y, width, height in drawn.places:
        assert -0.1 <= x <= x + width <= WIDTH + 0.2
        assert -0.1 <= y <= y + height <= HEIGHT + 0.2
    assert [place[0] for place in drawn.places] == sorted(place[0] for place in drawn.places)


def test_years_hold_every_action_with_its_sums_and_its_reasons() -> None:
    shown = view.years(FOUND.plan, NAMES, VI)
    assert sum(len(year.lines) for year in shown) == len(FOUND.plan.actions)
    assert plain(shown[0].budget) == "60.000.000 đồng"
    assert shown[0].share == pytest.approx(100 * FOUND.plan.spent(2027) / (60 * MILLION))
    assert all(line.why and line.done and line.money for year in shown for line in year.lines)


def test_every_asset_with_a_reason_has_its_options_and_what_the_plan_says() -> None:
    shown = view.details(FOUND.plan, NAMES, EN)
    assert [detail.line.tag for detail in shown] == sorted(
        (entry.tag for entry in CANDIDATES if entry.reasons),
        key=lambda tag: (-sum(FOUND.plan.candidates[tag].needs), tag),
    )
    assert all(detail.ways[0].done == "Keep" and detail.reasons and detail.line.why for detail in shown)


def test_what_is_left_out_says_why_and_is_not_planned() -> None:
    out = {line.tag for line in view.left_out(FOUND.plan, NAMES, VI)}
    assert out
    assert not out & {action.tag for action in FOUND.plan.actions}
    money, more = view.next_money(FOUND.plan, NAMES, VI)
    assert plain(money) == "10.000.000 đồng"
    assert {line.tag for line in more} <= out
    old, new = view.misleading(FOUND.plan, FOUND.rules, NAMES, VI)
    assert old
    assert new


def asked(**wishes: Any) -> Asked:
    return plan_with(FOUND, Wishes(**wishes))


def test_without_a_wish_the_plan_is_the_schools_own() -> None:
    assert asked().plan is FOUND.plan
    assert asked().change is None


def test_wishes_change_the_plan_and_the_change_is_told() -> None:
    less = asked(percent=90)
    assert less.plan.request.pots[0].amount == 54 * MILLION
    assert less.change is not None
    told = view.change(less.change, less.plan.needed, VI)
    assert (told.covered[0], told.cost[0]) == ("−", "−")
    kept = asked(pins=(f"{PLANNED.tag}=keep@2027",))
    assert kept.plan.of(PLANNED.tag).pinned  # type: ignore[union-attr]
    assert asked(excluded=(PLANNED.tag,)).plan.of(PLANNED.tag) is None
    assert asked(rooms_first=("room-3",)).plan.request.rooms_first == ("room-3",)
    assert asked(budget=0).plan.cost == 0
    same = view.change(difference(FOUND.plan, FOUND.plan), FOUND.plan.needed, EN)
    assert (same.covered, plain(same.cost), same.added, same.dropped, same.moved) == ("0%", "0 VND", (), (), ())


@pytest.mark.parametrize(
    ("wish", "word", "sentence", "hint"),
    [
        ({"rooms_first": ("attic",)}, "bad_parameter", "the school has no room “attic”", "The rooms are: room-0"),
        ({"excluded": ("TS-9",)}, "bad_parameter", "the register has no asset “TS-9”", "like TS-0000"),
        ({"pins": ("TS-0001",)}, "bad_parameter", "“TS-0001” says nothing", "like TS-014=replace@2027"),
        ({"pins": ("TS-9=keep@2027",)}, "bad_parameter", "the register has no asset “TS-9”", "as in the register"),
        ({"pins": ("TS-0001=keep@1999",)}, "bad_parameter", "1999 is no year of the plan", "2027 to 2030"),
        ({"pins": ("TS-0001=move@2027",)}, "bad_parameter", "TS-0001 has no action “move”", "It can be: keep"),
        ({"budget": 1, "pins": (f"{PLANNED.tag}=replace@2027",)}, "too_dear", "does not pay for", "Let one of them go"),
    ],
)
def test_a_wish_that_cannot_be_met_says_what_can(wish: dict[str, Any], word: str, sentence: str, hint: str) -> None:
    with pytest.raises(Problem) as caught:
        asked(**wish)
    problem = caught.value
    assert (problem.status, problem.word) == (422, word)
    assert sentence in EN(problem.sentence, **problem.values)
    assert hint in EN(problem.hint, **problem.values)


def test_every_wish_stands_in_the_address_and_can_be_taken_back() -> None:
    wishes = Wishes(110, 5, ("room-1", "room-2"), ("TS-0001=keep@2027",), ("TS-0002",))
    assert wishes.path("/plan/x") == (
        "/plan/x?budget_percent=110&budget=5&room_first=room-1&room_first=room-2&pin=TS-0001%3Dkeep%402027"
        "&exclude=TS-0002"
    )
    assert Wishes().path("/plan/x") == "/plan/x"
    shown = wished(wishes, FOUND.rooms, EN)
    assert [plain(wish.said) for wish in shown] == [
        "5 VND each school year",
        "110% of the money",
        "Lớp 1 first",
        "Lớp 2 first",
        "TS-0001: keep in 2027-2028",
        "without TS-0002",
    ]
    assert shown[2].without.rooms_first == ("room-2",)
    assert [wish.without for wish in wished(Wishes(90), FOUND.rooms, EN)] == [Wishes()]
    assert wishes.and_exclude("TS-0001").pins == ()
    assert wishes.and_pin("TS-0002", "keep", 2028).excluded == ()


def test_the_form_offers_what_there_is() -> None:
    form = form_of(FOUND, Wishes(120), VI)
    assert [percent for percent, _ in form.percents] == [90, 100, 110, 120]
    assert len(form.rooms) == ROOMS
    assert form.years[0] == (2027, "2027-2028")
    assert {tag for tag, _ in form.assets} == {entry.tag for entry in CANDIDATES if entry.reasons}


def test_a_year_tells_its_sources_and_what_is_free_has_none() -> None:
    both = (Pot(2027, 20 * MILLION, "Ngân sách"), Pot(2027, 5 * MILLION, pays_for=("repair",)))
    asked = dataclasses.replace(request(20), pots=both)
    plan = make_plan(candidates(60, asked=asked), asked, method="greedy")
    [first, *later] = view.years(plan, NAMES, VI)
    assert [plain(pot).partition(":")[0] for pot in first.pots] == ["Ngân sách", "nguồn khác"]
    spent, left = (VI.money(amount) for amount in (plan.spent(2027, ""), plan.left(both[1])))
    told = f"nguồn khác: chi {spent} trong {VI.money(5 * MILLION)}, còn {left} (chỉ để sửa chữa, nâng cấp)"
    assert plain(first.pots[1]) == plain(told)
    assert all(year.pots == () for year in later)
    lines = [line for year in (first, *later) for line in year.lines]
    assert {bool(line.source) for line in lines if plain(line.money) == "không tốn tiền"} == {False}
