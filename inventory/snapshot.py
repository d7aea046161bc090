"""The register on one day, as boards show it: every asset with its age and its reasons, and sums of each kind. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import get_args

from inventory.asset import NOT_YET, Asset, AssetKind, Condition
from inventory.evidence import Evidence
from inventory.plan.explain import school_year
from inventory.plan.reasons import (
    Reason,
    months_later,
    need,
    served_since,
    upgrade_reasons,
    useful_years,
    years_later,
)
from inventory.plan.request import FIRST_MONTH
from inventory.plan.rules import CODES, ReasonCode, Rules

SOON_MONTHS = 12  # a warranty that ends within them is still worth a call
_KINDS: tuple[AssetKind, ...] = get_args(AssetKind)
_CONDITIONS: tuple[Condition, ...] = get_args(Condition)
_BY_AGE = frozenset({"age", "warranty"})


@dataclass(frozen=True, slots=True)
class AssetToday:
    """One asset on one day; None is what nobody wrote down.

    `counted`: the school has it, and knows where. `years_left` of its useful life is below 0 when it is past it.
    `reasons` hold already, the heaviest first; `needy`: by them it wants repair or replacement, as in the report.
    """

    asset: Asset
    counted: bool
    age_years: float | None
    years_left: float | None
    past_life: bool
    warranty_ends: date | None
    warranty_ending: bool
    reasons: tuple[ReasonCode, ...] = ()
    need: float = 0.0
    needy: bool = False
    plan_year: str = ""  # the school year for which it was planned, `2027-2028`; empty where nobody planned it


@dataclass(frozen=True, slots=True)
class KindToday:
    """Sums over the counted assets of one kind; `age_years` is their mean."""

    kind: AssetKind
    devices: int
    age_years: float | None
    past_life: int
    warranty_ending: int
    purchase_cost: int
    needy: int
    conditions: Mapping[Condition, int]


def snapshot(
    assets: Iterable[Asset], planned: Collection[str], evidence: Mapping[str, Evidence], rules: Rules, today: date
) -> list[AssetToday]:
    """All assets. `planned` are the tags of those that were planned or ordered at some time; `evidence` by tag."""
    return [_today(asset, asset.tag in planned, evidence.get(asset.tag), rules, today) for asset in assets]


def by_kind(entries: Sequence[AssetToday]) -> list[KindToday]:
    """Every kind there is, those too of which the school has none: what was 1 yesterday has to become 0."""
    return [_sum(kind, [entry for entry in entries if entry.counted and entry.asset.kind == kind]) for kind in _KINDS]


def by_reason(entries: Iterable[AssetToday]) -> dict[ReasonCode, int]:
    """How many assets have each reason, every reason that there is."""
    counted = Counter(code for entry in entries for code in entry.reasons)
    return {code: counted[code] for code in CODES}


def _today(asset: Asset, planned: bool, evidence: Evidence | None, rules: Rules, today: date) -> AssetToday:
    counted = asset.owned and asset.status != "lost"
    since, warranty = served_since(asset), _warranty_ends(asset)
    life_ends = years_later(since, useful_years(asset, rules)) if since and counted else None
    old = life_ends is not None and life_ends <= today
    reasons = upgrade_reasons(asset, evidence, rules, today) if counted else []
    held = [reason for reason in reasons if reason.begins <= today]
    weight, fine = need(held, today), rules.lists.fine_below
    healthy = evidence is not None and evidence.judges_health and need(_but_age(held), today) < fine
    return AssetToday(
        asset,
        counted,
        _years(since, today) if since and counted else None,
        _years(today, life_ends) if life_ends else None,
        old,
        warranty,
        counted and warranty is not None and today <= warranty <= months_later(today, SOON_MONTHS),
        # That a device past its useful life has no warranty goes without saying.
        tuple(reason.code for reason in held if not (old and reason.code == "warranty")),
        weight,
        weight >= fine and not (old and healthy),
        _plan_year(asset) if planned or asset.status in NOT_YET else "",
    )


def _but_age(reasons: Iterable[Reason]) -> list[Reason]:
    return [reason for reason in reasons if reason.code not in _BY_AGE]


def _warranty_ends(asset: Asset) -> date | None:
    if asset.purchase_date is None or asset.warranty_months is None:
        return None
    return months_later(asset.purchase_date, asset.warranty_months)


def _years(since: date, until: date) -> float:
    return round((until - since).days / 365.25, 1)


def _plan_year(asset: Asset) -> str:
    day = asset.purchase_date or asset.in_use_since
    return school_year(day.year - (day.month < FIRST_MONTH)) if day else "?"


def _sum(kind: AssetKind, entries: Sequence[AssetToday]) -> KindToday:
    ages = [entry.age_years for entry in entries if entry.age_years is not None]
    conditions = Counter(entry.asset.condition for entry in entries)
    return KindToday(
        kind,
        len(entries),
        round(sum(ages) / len(ages), 1) if ages else None,
        sum(entry.past_life for entry in entries),
        sum(entry.warranty_ending for entry in entries),
        sum(entry.asset.purchase_cost or 0 for entry in entries),
        sum(entry.needy for entry in entries),
        {condition: conditions[condition] for condition in _CONDITIONS},
    )
