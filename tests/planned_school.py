"""A served school with a register of sixteen made-up assets and a plan.yaml, for tests of the pages of its plan."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from inventory.register import Register
from tests.api_server import Served, running_api, settings_for
from tests.equipped_school import equipped
from tests.registered import saved
from tests.school_day import make_school_day
from tests.tree import ROOT

PLAN = "budgets:\n  - {amount: 60000000}\n"
REPORT = (ROOT / "examples" / "report.yaml").read_text(encoding="utf-8")


@contextlib.contextmanager
def planned_school(folder: Path, state_url: str = "") -> Iterator[Served]:
    """`hoa-mai` with all that its plan and documents need, and its address; `state_url` as of `make_school_day`."""
    day = make_school_day(folder, hours=0.2, state_url=state_url)
    rooms = [room.id for room in day.school.rooms]
    assets, _ = equipped(16)
    assets = [replace(asset, room=rooms[place % len(rooms)]) for place, asset in enumerate(assets)]
    saved(Register(day.state_url).open(), assets).close()
    (folder / "plan.yaml").write_text(PLAN, encoding="utf-8")
    (folder / "report.yaml").write_text(REPORT, encoding="utf-8")
    with running_api(settings_for(folder, "hoa-mai", state_url=day.state_url)) as address:
        yield Served(day, address)
    day.close()
