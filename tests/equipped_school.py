"""A made-up school's assets with their evidence: chosen by chance from a seed, so that each seed is always the same."""

from datetime import date, timedelta
from random import Random
from typing import Any

from inventory.asset import Asset, AssetKind
from inventory.evidence import Evidence
from inventory.plan.candidates import Candidate, candidates_of
from inventory.plan.prices import shipped_prices
from inventory.plan.request import PlanRequest, Pot
from inventory.plan.rules import shipped_rules
from inventory.windows11 import Readiness, Rule, Shortfall, State
from inventory.words import KINDS as NAMES

TODAY = date(2026, 11, 25)
MILLION = 1_000_000
KINDS: tuple[tuple[AssetKind, int], ...] = (
    ("computer", 50),
    ("laptop", 15),
    ("projector", 10),
    ("printer", 8),
    ("switch", 5),
    ("access_point", 6),
    ("tv", 4),
    ("ups", 2),
)
ROOMS = 20


def request(millions: int = 50, years: int = 4, **more: Any) -> PlanRequest:
    """So many million VND in each year, beginning with the school year 2027-2028."""
    return PlanRequest(TODAY, 2027, years, tuple(Pot(2027 + year, millions * MILLION) for year in range(years)), **more)


def equipped(count: int, seed: int = 1) -> tuple[list[Asset], dict[str, Evidence]]:
    """So many assets in twenty rooms, and what was measured about each by its tag."""
    chance = Random(seed)
    assets = [_asset(chance, place) for place in range(count)]
    return assets, {asset.tag: _evidence(chance, asset.kind) for asset in assets}


def candidates(count: int, seed: int = 1, asked: PlanRequest | None = None) -> list[Candidate]:
    """The same, ready to be planned by the rules and prices that come with SonCa."""
    assets, evidence = equipped(count, seed)
    return candidates_of(assets, evidence, shipped_rules(), shipped_prices(), asked or request())


def _asset(chance: Random, place: int) -> Asset:
    [kind] = chance.choices([kind for kind, _ in KINDS], [weight for _, weight in KINDS])
    since = TODAY - timedelta(chance.randint(100, 4_000))
    return Asset(
        f"TS-{place:04d}",
        kind,
        f"{NAMES[kind].vi} {place}",
        room=f"room-{place % ROOMS}",
        status=chance.choices(("in_use", "idle"), (95, 5))[0],
        condition=chance.choices(("good", "worn", "damaged", "unusable"), (70, 20, 8, 2))[0],
        purchase_date=since,
        in_use_since=since,
        purchase_cost=chance.randint(2, 20) * MILLION,
        warranty_months=24,
    )


def _evidence(chance: Random, kind: AssetKind) -> Evidence:
    shared: dict[str, Any] = {"used_percent": chance.uniform(0, 90), "crashes": chance.choice((0, 0, 0, 0, 9))}
    if kind in ("computer", "laptop"):
        shared |= _pc(chance)
    if kind in ("laptop", "ups"):
        shared["battery_worn_percent"] = chance.uniform(0, 90)
    if kind == "projector":
        ends = TODAY + timedelta(chance.randint(10, 2_000))
        shared |= {"lamp_hours": chance.uniform(0, 6_000), "lamp_expected_hours": 5_000.0, "lamp_ends_on": ends}
    if kind in ("switch", "access_point"):
        shared["room_offline_percent"] = chance.uniform(0, 30)
    return Evidence(TODAY, **shared)


def _pc(chance: Random) -> dict[str, Any]:
    return {
        "memory_pressed_percent": chance.choice((None, chance.uniform(0, 80))),
        "disk_free_percent": chance.uniform(2, 80),
        "disk_errors": chance.choice((0, 0, 0, 0, 40)),
        "system": "Windows 10 Pro",
        "support_ends_on": chance.choice((date(2025, 10, 14), date(2027, 10, 12), date(2029, 10, 12))),
        "windows11": chance.choice(
            (Readiness(State.CAPABLE), Readiness(State.NOT_CAPABLE, (Shortfall(Rule.TPM, "1.2"),)))
        ),
    }
