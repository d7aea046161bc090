"""The upgrade plan of a school from its register and its stores, for pages, documents and the command alike."""

from datetime import date

from collector.store.evidence import Sources, StoredEvidence
from inventory.plan.candidates import Candidate, candidates_of
from inventory.plan.make import Method, make_plan
from inventory.plan.prices import PriceList, shipped_prices
from inventory.plan.request import PlanRequest
from inventory.plan.result import Plan
from inventory.plan.rules import Rules, shipped_rules


def school_candidates(
    sources: Sources,
    request: PlanRequest,
    now: int,
    *,
    rules: Rules | None = None,
    prices: PriceList | None = None,
    as_of: date | None = None,
) -> list[Candidate]:
    """Every owned asset with its reasons and options, by what was measured up to `as_of` (default: the request's day).

    This asks the stores; `make_plan` for another what-if of the same years needs only its answer. Raises
    StoreUnavailable.
    """
    evidence = StoredEvidence(sources, now).all(as_of or request.today)
    assets = sources.register.assets(sources.school.site)
    return candidates_of(assets, evidence, rules or shipped_rules(), prices or shipped_prices(), request)


def plan_of(
    sources: Sources,
    request: PlanRequest,
    now: int,
    *,
    rules: Rules | None = None,
    prices: PriceList | None = None,
    as_of: date | None = None,
    method: Method = "auto",
) -> Plan:
    """The plan. Raises PlanTrouble for a wish that cannot be met, and StoreUnavailable."""
    found = school_candidates(sources, request, now, rules=rules, prices=prices, as_of=as_of)
    return make_plan(found, request, method=method)
