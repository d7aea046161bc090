"""The JSON of the register, what is answered and what is taken, typed and described for OpenAPI.

Days are YYYY-MM-DD, money is in whole VND; what nobody wrote down is empty or null.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from api.answers import Answer, ErrorAnswer, OfSite, time_of
from inventory.asset import AssetKind, Condition, Status
from inventory.match import MatchState
from inventory.register_links import Verdict
from inventory.stocktake import Finding


class RefusedField(Answer):
    field: str
    sentence: str
    hint: str


class RefusedAnswer(ErrorAnswer):
    """Nothing was written. `fields` names all that has to be corrected."""

    fields: list[RefusedField] = Field(default=[], description="each field that was refused, and what to do")


class AssetAnswer(Answer):
    """One asset, with the register's own names."""

    tag: str
    kind: AssetKind
    name: str
    room: str = Field(description="the room's id in school.yaml")
    status: Status
    condition: Condition
    manufacturer: str
    model: str
    serial: str
    country: str
    purchase_date: date | None
    in_use_since: date | None
    purchase_cost: int | None = Field(description="VND")
    funding_source: str
    supplier: str
    order_number: str
    invoice: str
    warranty_months: int | None
    useful_life_years: int | None = Field(description="null: the rule of its kind")
    custodian_role: str = Field(description="a role, never a person's name")
    note: str
    disposal_document: str
    disposal_date: date | None
    disposal_reason: str
    stamp: str = Field(description="differs when anything of it does; send it with a change")


class AssetsAnswer(OfSite):
    count: int = Field(description="how many fit, on all pages")
    value: int = Field(description="their cost in all, VND")
    without_cost: int = Field(description="how many of them have no cost written down")
    page: int
    pages: int
    assets: list[AssetAnswer]


class ReasonedLink(Answer):
    device: str
    score: int
    reasons: list[str]
    since: int = time_of("since when it is linked")


class ComparedAnswer(Answer):
    field: str
    registered: str
    seen: str
    word: str = Field(description="whether they agree")


class StayAnswer(Answer):
    room: str
    since: int = time_of("from")
    until: int | None = time_of("until; null: it is there now")


class EventAnswer(Answer):
    """One entry of the log; `before` and `after` hold only what differs."""

    at: int = time_of("when it was written")
    tag: str
    who: str = Field(description="`web`, `api`, with a role that nobody checked; SonCa; or who used the command")
    what: str = Field(description="registered, moved, status, changed, linked or unlinked")
    document: str
    before: dict[str, Any]
    after: dict[str, Any]


class OneAssetAnswer(OfSite, AssetAnswer):
    """An asset with the device that it is, and what happened to it."""

    wear_percent: float | None = Field(
        description="of its cost that wears in a year, by its useful life or that of its kind; null: their file is bad"
    )
    eol_date: date | None = Field(description="the end of that life; null: nobody wrote down since when it is used")
    may_become: list[Status] = Field(description="where its status may go")
    link: ReasonedLink | None = Field(description="null: no device that is seen is this asset")
    compared: list[ComparedAnswer] = Field(description="what is registered beside what was seen")
    stays: list[StayAnswer]
    events: list[EventAnswer] = Field(description="the newest first, at most 200")


class WorthAnswer(Answer):
    """A fixed asset in the books of a year: cost = worn + left."""

    tag: str
    name: str
    category: str = Field(description="the group it stands in, by the rules of wear")
    cost: int = Field(description="VND")
    percent: float = Field(description="of its cost that wears in a year")
    worn_this_year: int = Field(description="VND")
    worn: int = Field(description="VND, since it was put to use")
    left: int = Field(description="VND")
    gone: bool = Field(description="it left the books in this year: in S24-H, not in C55-HD and not in the sums")


class SumsAnswer(Answer):
    """Of what is in the books at the end of the year, VND: a row of sums of C55-HD."""

    name: str
    count: int
    cost: int
    worn_this_year: int
    worn: int
    left: int


class BooksAnswer(OfSite):
    """As of the 31 December of a year."""

    year: int
    first_year: int | None = Field(description="of the first book; null: of no asset is known since when it is used")
    threshold_vnd: int = Field(description="the cost from which on an item is a fixed asset")
    categories: list[SumsAnswer]
    total: SumsAnswer
    fixed: list[WorthAnswer]
    tools: list[str] = Field(description="tags of what costs less: no fixed asset")
    incomplete: list[str] = Field(description="tags of assets without a cost or a day: in no book until they have both")


# Judged by the register itself, whose sentences say what is wrong with a value.
NumberOrText = Annotated[Any, WithJsonSchema({"anyOf": [{"type": "integer"}, {"type": "string"}, {"type": "null"}]})]


class Asking(BaseModel):
    """What a program sends to change something. `role` goes into the log, unchecked: `api: ROLE`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    role: str = Field(default="", max_length=40)


class AssetFields(BaseModel):
    """Fields of an asset, by the register's own names. Text is read as in a form: money may be `13.500.000`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: str | None = None
    name: str | None = None
    room: str | None = None
    status: str | None = Field(default=None, description="moves by the table of docs/register.md only")
    condition: str | None = None
    manufacturer: str | None = None
    model: str | None = None
    serial: str | None = None
    country: str | None = None
    purchase_date: str | None = None
    in_use_since: str | None = None
    purchase_cost: NumberOrText = None
    funding_source: str | None = None
    supplier: str | None = None
    order_number: str | None = None
    invoice: str | None = None
    warranty_months: NumberOrText = None
    useful_life_years: NumberOrText = None
    custodian_role: str | None = None
    note: str | None = None
    disposal_document: str | None = None
    disposal_date: str | None = None
    disposal_reason: str | None = None


class NewAsset(Asking):
    tag: str
    fields: AssetFields
    document: str = Field(default="", max_length=300, description="by which paper, for the log")
    device: str = Field(default="", description="a device that it is, which is kept as a person's decision")


class ChangeOfAsset(Asking):
    """Fields that are not named stay as they are; null takes a value away."""

    stamp: str = Field(description="of the asset as it was read; refused when somebody changed it since")
    fields: AssetFields
    document: str = Field(default="", max_length=300, description="by which paper, for the log")


class ImportOfAssets(Asking):
    """All rows, or none. Headers and words may be Vietnamese or English, as in a workbook."""

    rows: list[dict[str, Any]] = Field(description="one object for each asset: header -> value")
    dry_run: bool = Field(default=True, description="true: only say what would change")
    document: str = Field(default="", max_length=300)


class ImportedRow(Answer):
    row: int = Field(description="counted from 1")
    tag: str
    new: bool
    changed: list[str] = Field(description="the fields that differ")


class ImportAnswer(OfSite):
    written: bool
    unchanged: int
    rows: list[ImportedRow]


class RefusedRow(Answer):
    row: int
    column: str
    value: str
    sentence: str
    hint: str


class RefusedImport(ErrorAnswer):
    """Nothing was written. `rows` names each cell that has to be corrected."""

    rows: list[RefusedRow]


class OptionAnswer(Answer):
    """An asset that a device could be."""

    tag: str
    score: int
    conflict: bool = Field(description="something speaks against it")
    reasons: list[str]


class MatchAnswer(Answer):
    device: str
    state: MatchState
    tag: str = Field(description="only where it is linked")
    score: int
    reasons: list[str]
    options: list[OptionAnswer] = Field(description="the best first")


class CloneAnswer(Answer):
    kind: str
    value: str
    devices: list[str]


class DecisionAnswer(Answer):
    at: int = time_of("when it was said")
    device: str
    verdict: Verdict
    tag: str
    who: str


class MatchingAnswer(OfSite):
    devices: list[MatchAnswer]
    clones: list[CloneAnswer] = Field(description="agents that show one identity at the same time")
    decisions: list[DecisionAnswer] = Field(description="what people said, the newest first")


class NewDecision(Asking):
    """A person's word about a device: it goes before all evidence."""

    device: str
    verdict: Verdict = Field(description="same: it is this asset; different: it is not; not_ours: none of the school's")
    tag: str = Field(default="", description="of the asset, but for not_ours")


class SightingAnswer(Answer):
    room: str = Field(description="a room's id; empty: not said; `-`: looked for and not found")
    at: int = time_of("when it was seen")
    by: str = Field(description="`agent`, or who said so")
    note: str


class LineAnswer(Answer):
    tag: str
    finding: Finding
    name: str = Field(description="empty: not registered")
    room: str = Field(description="the room it is registered in")
    sighting: SightingAnswer | None


class StocktakeAnswer(Answer):
    number: int
    started_at: int = time_of("when it began")
    who: str
    closed_at: int | None = time_of("when it was closed; null: it is open")


class StocktakesAnswer(OfSite):
    stocktakes: list[StocktakeAnswer] = Field(description="the newest first")


class OneStocktakeAnswer(OfSite, StocktakeAnswer):
    found: int
    moved: int
    missing: int
    unexpected: int
    lines: list[LineAnswer]


class NewStocktake(Asking):
    """Begins one with what agents saw."""


class EndOfStocktake(Asking):
    """Closes it: nothing can be added afterwards."""


class NewSighting(Asking):
    tag: str = Field(min_length=1, max_length=40)
    found: Literal["here", "missing"] = Field(default="here", description="missing: looked for, and it is nowhere")
    room: str = Field(default="", description="a room's id; empty: not said")
    note: str = Field(default="", max_length=300)
