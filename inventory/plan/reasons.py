"""Why a device needs something: each reason with the numbers that it rests on. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from inventory.asset import Asset, Condition
from inventory.evidence import MEMORY_FULL_PERCENT, WIFI_WEAK_DBM, Evidence
from inventory.phrase import Filling
from inventory.plan.rules import DatedCode, MeasuredCode, ReasonCode, Rules
from inventory.text import all_of
from inventory.windows11 import State
from inventory.words import CONDITIONS, WINDOWS11_RULES

MONTH_DAYS = 30  # counts are judged as if they were of 30 days
_CONDITIONS: Mapping[Condition, float] = {"good": 0, "worn": 1, "damaged": 2, "unusable": 3}
_LIMITS: Mapping[MeasuredCode, Mapping[str, float]] = {
    "memory": {"full": round(MEMORY_FULL_PERCENT)},
    "wifi": {"weak": -WIFI_WEAK_DBM},
}
_OF_LESSONS: frozenset[MeasuredCode] = frozenset({"memory", "room", "wifi"})
LAMP_DUE = 0.9  # of its expected hours: from here on a spare one is worth buying, forecast or not


@dataclass(frozen=True)
class Reason:
    """`begins`: holds from this day on; what was measured holds already. `values` fill its sentence."""

    code: ReasonCode
    begins: date
    weight: float
    values: Mapping[str, Filling] = field(default_factory=dict)


def upgrade_reasons(asset: Asset, evidence: Evidence | None, rules: Rules, today: date) -> list[Reason]:
    """Every reason, present and foreseen, the heaviest first. What was not measured is no reason."""
    measured = evidence is not None and evidence.judges_health
    found = [*_registered(asset, rules, today, measured), *(_observed(evidence, rules) if evidence else ())]
    return sorted((reason for reason in found if reason.weight > 0), key=lambda reason: (-reason.weight, reason.code))


def need(reasons: Iterable[Reason], by: date) -> float:
    """How much a device needs something, by the reasons that hold on that day: 0 is not at all, 1 is wholly.

    Reasons add up as independent chances do, so that many small ones never exceed one.
    """
    spared = 1.0
    for reason in reasons:
        if reason.begins <= by:
            spared *= 1 - reason.weight
    return 1 - spared


def useful_years(asset: Asset, rules: Rules) -> int:
    return asset.useful_life_years or rules.life[asset.kind].years


def served_since(asset: Asset) -> date | None:
    return asset.in_use_since or asset.purchase_date


def years_later(day: date, years: int) -> date:
    """The same day some years later; 1 March for a 29 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _registered(asset: Asset, rules: Rules, today: date, measured: bool) -> Iterator[Reason]:
    since, years = served_since(asset), useful_years(asset, rules)
    if since is not None:
        served = max(0.0, round((today - since).days / 365.25, 1))
        weight = rules.dated["age"].weight * (rules.age_if_measured if measured else 1)
        yield Reason("age", years_later(since, years), weight, {"since": since, "served": served, "years": years})
    if asset.purchase_date is not None and asset.warranty_months is not None:
        ends = months_later(asset.purchase_date, asset.warranty_months)
        yield _dated(rules, "warranty", ends, ends=ends)
    yield _measured(rules, "condition", today, _CONDITIONS[asset.condition], condition=CONDITIONS[asset.condition])


def months_later(day: date, months: int) -> date:
    """The same day some months later, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(day.day - 1), first_of_next - timedelta(1))


def _observed(evidence: Evidence, rules: Rules) -> Iterator[Reason]:
    yield from _ratios(evidence, rules)
    yield from _counts(evidence, rules)
    yield from _support(evidence, rules)
    yield from _lamp(evidence, rules)
    if evidence.disk_full_on is not None:
        days = max(0, (evidence.disk_full_on - evidence.as_of).days)
        yield _dated(rules, "disk_full", evidence.disk_full_on, ends=evidence.disk_full_on, days=days)


def _ratios(evidence: Evidence, rules: Rules) -> Iterator[Reason]:
    room_days = evidence.room_days or evidence.days
    told: Iterable[tuple[MeasuredCode, float | None]] = (
        ("memory", evidence.memory_pressed_percent),
        ("disk_space", evidence.disk_free_percent),
        ("disk_worn", evidence.disk_worn_percent),
        ("battery", evidence.battery_worn_percent),
        ("room", evidence.room_offline_percent),
        ("wifi", evidence.wifi_weak_percent),
    )
    for code, percent in told:
        if percent is not None:
            days = room_days if code == "room" else evidence.days
            values = {"percent": round(percent, 1), "days": days, **_LIMITS.get(code, {})}
            reason = _measured(rules, code, evidence.as_of, percent, **values)
            yield _believed(reason, rules, days) if code in _OF_LESSONS else reason


def _counts(evidence: Evidence, rules: Rules) -> Iterator[Reason]:
    if evidence.disk_failing:
        yield _measured(rules, "disk_failing", evidence.as_of, 1)
    if evidence.disk_errors is not None:
        yield _measured(rules, "disk_errors", evidence.as_of, evidence.disk_errors, count=evidence.disk_errors)
    happened: Iterable[tuple[MeasuredCode, int | None]] = (
        ("crashes", evidence.crashes),
        ("restarts", evidence.restarts),
    )
    for code, count in happened:
        if count is not None:
            days = evidence.counted_days or evidence.days
            in_a_month = count * MONTH_DAYS / max(1, days)
            yield _believed(_measured(rules, code, evidence.as_of, in_a_month, count=count, days=days), rules, days)


def _support(evidence: Evidence, rules: Rules) -> Iterator[Reason]:
    ends = evidence.support_ends_on
    if ends is None:
        return
    readiness = evidence.windows11
    if readiness is not None and readiness.state is State.NOT_CAPABLE and "Windows 11" not in evidence.system:
        lacks = [WINDOWS11_RULES[shortfall.rule] for shortfall in readiness.failing]
        yield _dated(rules, "no_successor", ends, system=evidence.system, ends=ends, lacks=all_of(lacks))
    else:
        yield _dated(rules, "support", ends, system=evidence.system, ends=ends)


def _lamp(evidence: Evidence, rules: Rules) -> Iterator[Reason]:
    hours, expected = evidence.lamp_hours, evidence.lamp_expected_hours
    if hours is None or not expected:
        return
    due = evidence.as_of if hours >= LAMP_DUE * expected else None
    begins = min((day for day in (due, evidence.lamp_ends_on) if day is not None), default=None)
    if begins is not None:
        yield _dated(
            rules, "lamp", begins, hours=hours, expected=expected, ends=evidence.lamp_ends_on or evidence.as_of
        )


def _measured(rules: Rules, code: MeasuredCode, as_of: date, measured: float, **values: Filling) -> Reason:
    return Reason(code, as_of, rules.measured[code].weight_of(measured), values)


def _believed(reason: Reason, rules: Rules, days: int) -> Reason:
    """What may have been a bad day: the first hours of a new school would else buy it an access point."""
    return replace(reason, weight=reason.weight * min(1.0, days / rules.enough_days))


def _dated(rules: Rules, code: DatedCode, begins: date, **values: Filling) -> Reason:
    return Reason(code, begins, rules.dated[code].weight, values)
