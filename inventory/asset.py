"""An asset: what the school owns and wrote down, and the moves its status may make. What agents saw is kept apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

AssetKind = Literal[
    "computer", "laptop", "projector", "printer", "router", "switch", "access_point", "ups", "tv", "other"
]
Status = Literal[
    "planned",
    "ordered",
    "in_stock",
    "in_use",
    "in_repair",
    "loaned",
    "idle",
    "lost",
    "proposed_disposal",  # đề nghị xử lý
    "disposed",  # ghi giảm
    "transferred",
]
Condition = Literal["good", "worn", "damaged", "unusable"]

MOVES: Mapping[Status, frozenset[Status]] = {
    "planned": frozenset({"ordered", "in_stock", "in_use"}),
    "ordered": frozenset({"planned", "in_stock", "in_use"}),
    "in_stock": frozenset({"in_use", "loaned", "idle", "in_repair", "lost", "proposed_disposal", "transferred"}),
    "in_use": frozenset({"in_stock", "loaned", "idle", "in_repair", "lost", "proposed_disposal", "transferred"}),
    "in_repair": frozenset({"in_stock", "in_use", "idle", "proposed_disposal"}),
    "loaned": frozenset({"in_stock", "in_use", "idle", "lost"}),
    "idle": frozenset({"in_stock", "in_use", "loaned", "in_repair", "lost", "proposed_disposal", "transferred"}),
    "lost": frozenset({"in_stock", "in_use", "idle", "proposed_disposal"}),
    "proposed_disposal": frozenset({"in_stock", "in_use", "idle", "disposed", "transferred"}),
    "disposed": frozenset(),  # what left the books does not come back; a mistake is corrected by a new asset
    "transferred": frozenset(),
}
GONE: frozenset[Status] = frozenset({"disposed", "transferred"})
NOT_YET: frozenset[Status] = frozenset({"planned", "ordered"})


@dataclass(frozen=True)
class Asset:
    """One registered asset. Money is in whole VND; empty text and None mean that nobody wrote it down."""

    tag: str  # asset_tag: unique within the school, printed on the label
    kind: AssetKind
    name: str
    room: str = ""  # the room's id in school.yaml
    status: Status = "in_use"
    condition: Condition = "good"
    manufacturer: str = ""
    model: str = ""
    serial: str = ""
    country: str = ""  # where it was made, asked for by the asset book
    purchase_date: date | None = None
    in_use_since: date | None = None  # wear is counted from its year
    purchase_cost: int | None = None  # VND
    funding_source: str = ""
    supplier: str = ""
    order_number: str = ""
    invoice: str = ""
    warranty_months: int | None = None
    useful_life_years: int | None = None  # None: the rule of its kind
    custodian_role: str = ""  # a role, never a person's name
    note: str = ""
    disposal_document: str = ""  # what took it off the books: wanted when it is disposed of or transferred
    disposal_date: date | None = None
    disposal_reason: str = ""

    @property
    def owned(self) -> bool:
        """Whether the school has it now: bought, and not gone."""
        return self.status not in GONE and self.status not in NOT_YET


def may_move(before: Status, after: Status) -> bool:
    """Whether an asset's status may change so."""
    return after in MOVES[before]
