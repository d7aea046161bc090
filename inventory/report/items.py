"""What the first year of the plan buys, line by line: the same for the proposal, the annex and the attached data."""

from collections.abc import Iterable
from dataclasses import dataclass

from inventory.asset import AssetKind
from inventory.phrase import Phrase
from inventory.plan.options import Option
from inventory.plan.result import Planned
from inventory.plan.words import said
from inventory.report import texts
from inventory.report.data import ReportData
from inventory.text import capital
from inventory.words import KINDS


@dataclass(frozen=True)
class Item:
    """Actions that are the same but for the device."""

    kind: AssetKind
    option: Option
    tags: tuple[str, ...]

    @property
    def amount(self) -> int:
        return self.option.price * len(self.tags)


def first_year(data: ReportData) -> list[Planned]:
    """What the plan does in its first school year."""
    return [action for action in data.plan.actions if action.year == data.plan.request.first_year]


def items_of(data: ReportData) -> list[Item]:
    """The actions of the first year that cost money, the same ones together, the dearest lines first."""
    grouped: dict[tuple[AssetKind, str, int], list[Planned]] = {}
    for action in first_year(data):
        if action.option.price:
            kind = data.plan.candidates[action.tag].asset.kind
            grouped.setdefault((kind, action.option.id, action.option.price), []).append(action)
    items = [
        Item(kind, actions[0].option, tuple(action.tag for action in actions))
        for (kind, _, _), actions in grouped.items()
    ]
    return sorted(items, key=lambda item: (-item.amount, item.tags))


def total(items: Iterable[Item]) -> int:
    """VND."""
    return sum(item.amount for item in items)


def work(item: Item, phrase: Phrase) -> str:
    """What is done, as a line of the table: "Mua mới máy tính"."""
    parts = said(item.option, phrase)
    return capital(phrase(texts.WORK_OF[item.option.action], kind=KINDS[item.kind], parts=parts))
