"""A report's records as plain data: what is attached to the PDF, for whoever wants to count again. No personal data."""

from typing import Any

from inventory.phrase import Phrase
from inventory.plan.candidates import Candidate
from inventory.plan.plain import plain_actions, plain_reasons
from inventory.report.data import ReportData
from inventory.report.items import items_of, total

FORMAT = 1  # raise it when a key changes its meaning


def plain_data(data: ReportData, phrase: Phrase) -> dict[str, Any]:
    """JSON-ready, in one language where it holds sentences; amounts in VND, days as YYYY-MM-DD."""
    return {
        "format": FORMAT,
        "school": data.school,
        "simulated": data.simulated,
        "issued": data.issued.isoformat(),
        "period": {"first": data.period.first.isoformat(), "last": data.period.last.isoformat()},
        "classrooms_connected_percent": data.connected_percent,
        "rooms": [
            {
                "id": room.id,
                "name": room.name,
                "classroom": room.classroom,
                "connected_percent": room.connected_percent,
                "dark_percent": room.dark_percent,
                "cause": phrase(room.cause),
            }
            for room in data.rooms
        ],
        "days": [{"day": entry.day.isoformat(), "connected_percent": entry.percent} for entry in data.days],
        "assets": [_asset(entry, data, phrase) for entry in data.plan.candidates.values()],
        "plan": plain_actions(data.plan, phrase),
        "proposed_vnd": total(items_of(data)),
    }


def _asset(entry: Candidate, data: ReportData, phrase: Phrase) -> dict[str, Any]:
    asset = entry.asset
    return {
        "tag": asset.tag,
        "kind": asset.kind,
        "name": asset.name,
        "room": asset.room,
        "condition": asset.condition,
        "in_use_since": asset.in_use_since.isoformat() if asset.in_use_since else None,
        "purchase_cost_vnd": asset.purchase_cost,
        "reasons": plain_reasons(entry.reasons, data.plan, phrase),
    }
