"""The register of the replayed day: examples/assets.xlsx imported, and a plan of which some has come."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from inventory.asset import Asset
from inventory.importing.plan import plan_import
from inventory.importing.read import read_table
from inventory.register import Act, Register
from tests.example_workbook import FILE, example_day

BUYER = "kế toán"


def fill_register(register: Register, site: str, now: int) -> None:
    """As a school does it: a list comes in, then three laptops are planned; one is ordered, one has come."""
    today = datetime.fromtimestamp(now / 1000, UTC).date()
    rooms = {room.id: room.name or room.id for room in example_day().school.rooms}
    plan = plan_import(read_table(FILE), {}, rooms, today)
    assert plan.refused == []
    register.save(site, [change.after for change in plan.changes], Act(BUYER, now - 2_000))
    wanted = [
        Asset(f"KH-{number}", "laptop", f"Máy xách tay mới {number}", status="planned", purchase_cost=14_000_000,
              funding_source="Xã hội hóa", purchase_date=today + timedelta(250 * number))
        for number in range(3)
    ]  # fmt: skip
    register.save(site, wanted, Act(BUYER, now - 1_000))
    bought = today - timedelta(30)
    come = replace(wanted[0], status="in_use", purchase_date=bought, in_use_since=bought, warranty_months=12)
    register.save(site, [come, replace(wanted[1], status="ordered")], Act(BUYER, now))
