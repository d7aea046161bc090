"""Makes the plan: what people settled comes first, then what the money that is left covers most need with. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from inventory.plan import exact
from inventory.plan.bound import bound_of
from inventory.plan.candidates import Candidate
from inventory.plan.greedy import Chosen, Job, greedy
from inventory.plan.pins import known_as, pinned, without_pinned
from inventory.plan.request import PlanRequest, Pot
from inventory.plan.result import Plan, Planned

Method = Literal["auto", "greedy", "exact"]
FIRST = 1_000  # how much more a room that goes first weighs: more than anything else could
SECONDS = 5.0  # that HiGHS may take: on a busy machine it finds less in them, and not always the same


def make_plan(
    candidates: Sequence[Candidate], request: PlanRequest, *, method: Method = "auto", seconds: float | None = None
) -> Plan:
    """The plan. `auto` takes HiGHS where it is installed; it is never worse than the greedy one. A room that goes first
    is settled by the greedy rule: beside it, all else would be less than what HiGHS may miss.

    Raises PlanTrouble for a wish that cannot be met: an unknown device, an action it does not have, too little money.
    """
    known = {candidate.tag: candidate for candidate in candidates}
    for tag in request.excluded:
        known_as(known, tag, "excluded")
    settled = [pinned(known, pin, request) for pin in request.pins]
    stages = without_pinned(request, settled)
    jobs = _jobs(candidates, request)
    chosen = _by_rule(jobs, stages, request)
    bound = float(bound_of(jobs, stages))
    by_solver = (method == "exact" or (method == "auto" and exact.available())) and not request.rooms_first
    if by_solver:
        better, lower = exact.solve(jobs, stages, request.index_of, chosen, SECONDS if seconds is None else seconds)
        chosen, bound = max(chosen, better, key=lambda plan: _worth(plan, request)), min(bound, lower)
    actions = [*settled, *(_planned(entry, request) for entry in chosen)]
    sure = sum(action.points for action in settled)
    return Plan(
        request,
        known,
        tuple(sorted(actions, key=lambda action: (action.year, action.tag))),
        # Rooms that go first count a thousandfold where plans are compared, so such a bound says nothing in points.
        None if request.rooms_first else max(round(bound) + sure, sum(action.points for action in actions)),
        "exact" if by_solver else "greedy",
    )


def _by_rule(jobs: Sequence[Job], stages: Sequence[Pot], request: PlanRequest) -> list[Chosen]:
    """Rooms that go first are served as if there were no others; the money that they leave serves the others."""
    first = greedy([job for job in jobs if job.boost > 1], stages, request.index_of)
    left = [
        replace(pot, amount=pot.amount - sum(chosen.offer.option.price for chosen in first if chosen.pot == pot))
        for pot in stages
    ]
    return first + greedy([job for job in jobs if job.boost == 1], left, request.index_of)


def _jobs(candidates: Iterable[Candidate], request: PlanRequest) -> list[Job]:
    """The devices that are still to be decided, with what may be planned without a person: nothing past a ceiling."""
    decided = request.excluded | {pin.tag for pin in request.pins}
    jobs = []
    for candidate in candidates:
        offers = tuple(
            offer for offer in candidate.offers if offer.option.by_itself and offer.option.donor not in request.excluded
        )
        if candidate.tag not in decided and offers:
            jobs.append(Job(candidate.tag, offers, FIRST if candidate.asset.room in request.rooms_first else 1))
    return jobs


def _planned(chosen: Chosen, request: PlanRequest) -> Planned:
    points = chosen.offer.gains[request.index_of(chosen.pot.year)]
    return Planned(chosen.job.tag, chosen.pot.year, chosen.pot.source, chosen.offer.option, points)


def _worth(plan: Iterable[Chosen], request: PlanRequest) -> int:
    return sum(chosen.worth(request.index_of) for chosen in plan)
