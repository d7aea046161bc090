"""A register with little in it, for tests."""

from collections.abc import Sequence
from datetime import date

from inventory.asset import Asset
from inventory.register import Act, Register

SITE = "hoa-mai"
NOW = 1_795_000_000_000  # 2026-11-18
ACT = Act("kế toán", NOW)

PC = Asset(
    "TS-001",
    "computer",
    "Máy tính lớp Mầm 1",
    room="mam-1",
    manufacturer="Dell",
    model="OptiPlex 3070",
    serial="7XK2M03",
    country="Trung Quốc",
    purchase_date=date(2023, 8, 15),
    in_use_since=date(2023, 9, 5),
    purchase_cost=13_500_000,
    funding_source="Ngân sách",
)
PROJECTOR = Asset(
    "TS-002", "projector", "Máy chiếu lớp Chồi 1", room="choi-1", model="EB-X06", purchase_cost=14_200_000
)


def saved(register: Register, assets: Sequence[Asset] = (PC, PROJECTOR)) -> Register:
    """The register, with these assets in it."""
    register.save(SITE, assets, ACT)
    return register
