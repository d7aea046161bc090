"""Age alone misleads: what is old but fine may stay, what is new but failing may not. Pure."""

from collections.abc import Iterable

from inventory.plan.candidates import Candidate
from inventory.plan.reasons import need, served_since, useful_years
from inventory.plan.rules import ReasonCode, Rules

_BY_AGE: frozenset[ReasonCode] = frozenset({"age", "warranty"})
# What an update or another system mends does not make a new device a failing one.
_NO_FAILURE: frozenset[ReasonCode] = _BY_AGE | {"support", "no_successor"}


def old_but_fine(candidates: Iterable[Candidate], rules: Rules) -> list[Candidate]:
    """Past their useful life, measured, and healthy: the oldest first. What was not measured is not called fine."""
    fine = [
        candidate
        for candidate in candidates
        if candidate.evidence is not None
        and candidate.evidence.judges_health
        and _age(candidate) >= useful_years(candidate.asset, rules)
        and _need_but(_BY_AGE, candidate) < rules.lists.fine_below
    ]
    return sorted(fine, key=lambda candidate: (-_age(candidate), candidate.tag))


def new_but_failing(candidates: Iterable[Candidate], rules: Rules) -> list[Candidate]:
    """Younger than half of their useful life, and failing by what was measured: the worst first."""
    failing = [
        candidate
        for candidate in candidates
        if candidate.evidence is not None
        and served_since(candidate.asset) is not None
        and _age(candidate) < useful_years(candidate.asset, rules) / 2
        and _need_but(_NO_FAILURE, candidate) >= rules.lists.failing_from
    ]
    return sorted(failing, key=lambda candidate: (-_need_but(_NO_FAILURE, candidate), candidate.tag))


def _age(candidate: Candidate) -> float:
    """Years, as of the evidence; 0 when nobody wrote down since when it serves."""
    since = served_since(candidate.asset)
    if since is None or candidate.evidence is None:
        return 0.0
    return (candidate.evidence.as_of - since).days / 365.25


def _need_but(codes: frozenset[ReasonCode], candidate: Candidate) -> float:
    if candidate.evidence is None:
        return 0.0
    others = [reason for reason in candidate.reasons if reason.code not in codes]
    return need(others, candidate.evidence.as_of)
