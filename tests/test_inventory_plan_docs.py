"""docs/plan.md and docs/reports.md say what the code says."""

from typing import get_args

from inventory.plan import exact
from inventory.plan.candidates import POINTS
from inventory.plan.options import Action
from inventory.plan.prices import shipped_prices
from inventory.plan.rules import CODES
from tests import markdown
from tests.tree import ROOT

PLAN = (ROOT / "docs" / "plan.md").read_text(encoding="utf-8")


def test_every_reason_and_every_action_is_explained() -> None:
    [reasons] = markdown.tables(markdown.section(PLAN, "Reasons"))
    assert [row[0] for row in reasons] == [f"`{code}`" for code in CODES]
    [actions] = markdown.tables(markdown.section(PLAN, "Options"))
    assert [row[0] for row in actions] == [f"`{action}`" for action in get_args(Action)]
    assert all(row[1] for row in (*reasons, *actions))


def test_the_numbers_are_those_of_the_code() -> None:
    text = " ".join(PLAN.split())
    assert f"up to {shipped_prices().repair_at_most_percent:g} % of the price of a new device" in text
    assert f"of no use any more has {POINTS:,} a year" in text
    assert f"Its own gap of {100 * exact.GAP:g} %" in text
