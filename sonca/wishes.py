"""What `sonca plan` and `sonca report` are asked for beside a period: which school, what money, which wishes.

Loads nothing of the server before the options are read, so that --help works on any machine.
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from contract.trouble import Trouble

if TYPE_CHECKING:
    from inventory.plan.settings import Budget, PlanSettings


def add_wishes(parser: ArgumentParser) -> None:
    """The options that say which school is meant, and what its plan may cost."""
    parser.add_argument("--site", default="", help="the school, where the settings name several")
    parser.add_argument(
        "--plan",
        type=Path,
        default=Path("plan.yaml"),
        help="money and wishes: see docs/settings.md (default ./plan.yaml)",
    )
    parser.add_argument(
        "--budget",
        nargs="+",
        metavar="[YEAR=]VND",
        help="money of each school year, or of one (2027=60000000), in place of that of plan.yaml",
    )


def wishes(options: Namespace) -> "PlanSettings":
    """plan.yaml, with the money of --budget in place of its own. Raises SettingsError and Trouble."""
    from inventory.plan.settings import PlanSettings, read_plan_settings

    if not options.budget:
        if not options.plan.exists():
            hint = "write plan.yaml as in examples/, or give the money of each school year: --budget 60000000"
            raise Trouble(f"{options.plan}: there is no such file, and a plan needs money", hint)
        return read_plan_settings(options.plan)
    budgets = tuple(map(_budget, options.budget))
    if not options.plan.exists():
        return PlanSettings(budgets)
    settings = read_plan_settings(options.plan)
    return PlanSettings(**{**vars(settings), "budgets": budgets})


def _budget(written: str) -> "Budget":
    from inventory.plan.settings import Budget

    year, sign, amount = written.rpartition("=")
    if not amount.isdecimal() or (sign and not year.isdecimal()):
        raise Trouble(f"--budget {written}: is no money", "write whole VND: 60000000, or 2027=60000000 for one year")
    return Budget(int(amount), int(year) if sign else None)
