"""A plan as plain data, for programs: the same in the data of a document, in JSON of a command and of the API."""

from collections.abc import Iterable
from typing import Any

from inventory.phrase import Phrase
from inventory.plan.candidates import Candidate
from inventory.plan.explain import why, why_not
from inventory.plan.lists import new_but_failing, old_but_fine
from inventory.plan.reasons import Reason
from inventory.plan.result import Plan
from inventory.plan.rules import Rules
from inventory.plan.words import said, sentence


def plain_plan(plan: Plan, rules: Rules, phrase: Phrase) -> dict[str, Any]:
    """All of it, with every asset's reasons and, where nothing is planned for one, why not."""
    candidates = list(plan.candidates.values())
    return {
        "as_of": plan.request.today.isoformat(),
        "plan": plain_actions(plan, phrase),
        "assets": [_asset(plan, entry, phrase) for entry in candidates],
        "old_but_fine": [entry.tag for entry in old_but_fine(candidates, rules)],
        "new_but_failing": [entry.tag for entry in new_but_failing(candidates, rules)],
    }


def plain_actions(plan: Plan, phrase: Phrase) -> dict[str, Any]:
    """Money and actions; amounts in VND."""
    return {
        "method": plan.method,
        "first_year": plan.request.first_year,
        "years": plan.request.years,
        "needed_points": plan.needed,
        "covered_points": plan.covered,
        "bound_points": plan.bound,
        "cost_vnd": plan.cost,
        "budgets": [
            {"year": pot.year, "source": pot.source, "vnd": pot.amount, "left_vnd": plan.left(pot)}
            for pot in plan.request.pots
        ],
        "actions": [
            {
                "tag": action.tag,
                "year": action.year,
                "source": action.source,
                "action": action.option.action,
                "parts": [part.id for part in action.option.parts],
                "said": said(action.option, phrase),
                "price_vnd": action.option.price,
                "points": action.points,
                "why": why(plan, action).said(phrase),
            }
            for action in plan.actions
        ],
    }


def plain_reasons(reasons: Iterable[Reason], plan: Plan, phrase: Phrase) -> list[dict[str, Any]]:
    return [
        {
            "code": reason.code,
            "begins": reason.begins.isoformat(),
            "weight": round(reason.weight, 3),
            "sentence": sentence(reason, phrase, plan.request.today),
        }
        for reason in reasons
    ]


def _asset(plan: Plan, entry: Candidate, phrase: Phrase) -> dict[str, Any]:
    return {
        "tag": entry.tag,
        "kind": entry.asset.kind,
        "name": entry.asset.name,
        "room": entry.asset.room,
        "need_points": list(entry.needs),
        "reasons": plain_reasons(entry.reasons, plan, phrase),
        "options": [
            {
                "action": offer.option.action,
                "said": said(offer.option, phrase),
                "price_vnd": offer.option.price,
                "over_ceiling_vnd": offer.option.over_ceiling,
                "points_by_year": list(offer.gains),
            }
            for offer in entry.offers
        ],
        "why_not": None if plan.of(entry.tag) else why_not(plan, entry.tag).said(phrase),
    }
