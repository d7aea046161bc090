"""The plan by HiGHS, where the extra `plan` is installed: the same choice as an integer program, with a bound."""

import importlib.util
from collections.abc import Callable, Sequence
from typing import Any

from inventory.plan.greedy import Chosen, Job
from inventory.plan.request import Pot

GAP = 0.003  # of the best that is possible: closer costs time and buys nothing


def available() -> bool:
    """Whether HiGHS is installed."""
    return importlib.util.find_spec("highspy") is not None


def solve(
    jobs: Sequence[Job],
    stages: Sequence[Pot],
    index_of: Callable[[int], int],
    start: Sequence[Chosen],
    seconds: float,
) -> tuple[list[Chosen], float]:
    """The best plan found in that time, and what no plan can exceed. `start` is where the search begins."""
    choices = [
        Chosen(job, offer, pot)
        for job in jobs
        for offer in job.offers
        for pot in stages
        if offer.first <= index_of(pot.year) and pot.pays(offer.option.action) and offer.option.price <= pot.amount
    ]
    if not choices:
        return [], 0.0
    model = _model(choices, [chosen.worth(index_of) for chosen in choices], stages, seconds)
    taken = {chosen.key for chosen in start}
    _begin_with(model, [float(chosen.key in taken) for chosen in choices])
    model.run()
    values = model.getSolution().col_value  # none at all, where the time was too short for any
    found = [chosen for chosen, value in zip(choices, values, strict=False) if value > 0.5]
    # Its numbers are floating: a choice of 0.9999995 counts as whole, and may cost some VND more than there are.
    return found if _is_paid(found, stages) else list(start), -float(model.getInfo().mip_dual_bound)


def _is_paid(found: Sequence[Chosen], stages: Sequence[Pot]) -> bool:
    return all(sum(c.offer.option.price for c in found if c.pot == pot) <= pot.amount for pot in stages)


def _model(choices: Sequence[Chosen], worth: Sequence[int], stages: Sequence[Pot], seconds: float) -> Any:
    """One column a choice; one row a device (at most one action) and one a pot (no more than its money)."""
    import highspy

    rows = {tag: row for row, tag in enumerate(dict.fromkeys(chosen.job.tag for chosen in choices))}
    pots = {pot: len(rows) + row for row, pot in enumerate(stages)}
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(choices), len(rows) + len(pots)
    program.sense_ = highspy.ObjSense.kMinimize
    program.col_cost_ = [-float(points) for points in worth]
    program.col_lower_, program.col_upper_ = [0.0] * len(choices), [1.0] * len(choices)
    program.row_lower_ = [-highspy.kHighsInf] * program.num_row_
    program.row_upper_ = [1.0] * len(rows) + [float(pot.amount) for pot in stages]
    matrix = program.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kColwise
    matrix.start_ = list(range(0, 2 * len(choices) + 1, 2))
    matrix.index_ = [row for c in choices for row in (rows[c.job.tag], pots[c.pot])]
    matrix.value_ = [value for c in choices for value in (1.0, float(c.offer.option.price))]
    program.integrality_ = [highspy.HighsVarType.kInteger] * len(choices)

    class Silent(highspy.Highs):
        """Else it says its name on the standard output, where a plan in JSON stands."""

        def enableCallbacks(self) -> None:
            self.setOptionValue("output_flag", False)
            super().enableCallbacks()  # type: ignore[no-untyped-call]

    model: Any = Silent()  # type: ignore[no-untyped-call]
    for option, value in (("time_limit", seconds), ("mip_rel_gap", GAP), ("threads", 1)):
        model.setOptionValue(option, value)
    model.passModel(program)
    return model


def _begin_with(model: Any, values: list[float]) -> None:
    import highspy

    solution = highspy.HighsSolution()
    solution.col_value = values
    model.setSolution(solution)
