"""The JSON answers about the plan and the principal's page, typed and described for OpenAPI. Money is whole VND."""

from datetime import date

from pydantic import Field

from api.answers import Answer, OfSite
from inventory.asset import AssetKind
from inventory.plan.options import Action
from inventory.plan.rules import ReasonCode

FIRST = Field(description="2027 is the school year 2027-2028")


class NoticeAnswer(Answer):
    """What has to be done first; the rest of the answer holds without it."""

    error: str = Field(description="one word for programs", examples=["no_budget"])
    sentence: str
    hint: str = Field(description="what to do about it")


class PotAnswer(Answer):
    year: int = FIRST
    source: str
    vnd: int
    left_vnd: int = Field(description="what the plan does not spend")


class ActionAnswer(Answer):
    """One line of the plan."""

    tag: str
    year: int = FIRST
    source: str = Field(description="who pays; empty where money has one source")
    action: Action
    parts: list[str]
    said: str = Field(description="the action, for people")
    price_vnd: int
    points: int = Field(description="need covered until the end of the plan")
    why: str


class ActionsAnswer(Answer):
    method: str = Field(description="greedy or exact (HiGHS); what-if is always greedy")
    first_year: int = FIRST
    years: int
    needed_points: int = Field(description="all need of all years; 10,000 is one useless device for a year of lessons")
    covered_points: int
    bound_points: int | None = Field(description="what no plan of this money covers more than; null: not known")
    cost_vnd: int
    budgets: list[PotAnswer]
    actions: list[ActionAnswer]


class ReasonAnswer(Answer):
    code: ReasonCode
    begins: date = Field(description="holds from this day on")
    weight: float = Field(description="0 to 1")
    sentence: str


class OptionAnswer(Answer):
    action: Action
    said: str
    price_vnd: int
    over_ceiling_vnd: int = Field(description="by how much it is dearer than may be paid, else 0")
    points_by_year: list[int] = Field(description="need covered to the end, when done in that year of the plan")


class PlannedAssetAnswer(Answer):
    tag: str
    kind: AssetKind
    name: str
    room: str
    need_points: list[int] = Field(description="in each year while nothing is done")
    reasons: list[ReasonAnswer]
    options: list[OptionAnswer]
    why_not: str | None = Field(description="why nothing is planned for it; null: something is")


class PlanChangeAnswer(Answer):
    """What the wishes change against the plan without them."""

    covered_points: int = Field(description="more, or less")
    cost_vnd: int = Field(description="more, or less")
    added: list[str] = Field(description="tags of actions that come")
    dropped: list[str] = Field(description="tags of actions that go")
    moved: list[str] = Field(description="tags of actions that are done in another year")


class NextAnswer(Answer):
    """What a little more money in the first year would buy, while all else stays."""

    vnd: int
    tags: list[str]


class PlanAnswer(OfSite):
    """The upgrade plan, with what somebody tries."""

    notice: NoticeAnswer | None
    as_of: date
    plan: ActionsAnswer
    change: PlanChangeAnswer | None = Field(description="null: nothing is tried")
    next_money: NextAnswer
    assets: list[PlannedAssetAnswer]
    old_but_fine: list[str] = Field(description="tags: past their useful life, measured, healthy")
    new_but_failing: list[str] = Field(description="tags: younger than half of it, and failing")


class PeriodAnswer(Answer):
    period: str = Field(description="a month 2026-11, a term 2026-2027-1, a school year 2026-2027")
    first: date
    last: date
    name: str


class ListedAnswer(Answer):
    """A room or an asset, and what is said about it."""

    id: str
    name: str
    room: str = Field(description="empty for a room")
    told: str
    new_but_failing: bool
    price_vnd: int | None = Field(description="null: it is not about buying")


class DayAnswer(Answer):
    label: str = Field(description="day and month of the day, or of the first of the week or month")
    connected_percent: float


class YearMoneyAnswer(Answer):
    year: int = FIRST
    budget_vnd: int
    planned_vnd: int


class DocumentAnswer(Answer):
    document: str = Field(description="bao-cao (report), to-trinh (proposal) or phu-luc (annex)")
    format: str
    address: str


class PrincipalAnswer(OfSite):
    """The numbers of the principal's page."""

    notice: NoticeAnswer | None
    period: PeriodAnswer
    connected_percent: float | None = Field(description="classrooms in lesson time; null: nothing was measured")
    classrooms_good: int = Field(description="those that reach the goal")
    classrooms_measured: int
    goal_percent: int
    assets: int
    assets_value_vnd: int = Field(description="what they were bought for")
    assets_without_price: int
    need_attention: int = Field(description="assets with a reason that holds now")
    past_useful_life: int
    wearing_out: int = Field(description="assets that reach an end until the next school year is over")
    next_year: int = FIRST
    needed_vnd: int = Field(description="for all that needs something now, were there enough money")
    budget_vnd: int
    planned_vnd: int
    poor_now: list[ListedAnswer]
    wearing_out_next: list[ListedAnswer]
    to_buy: list[ListedAnswer]
    days: list[DayAnswer]
    years: list[YearMoneyAnswer]
    documents: list[DocumentAnswer]
    documents_notice: NoticeAnswer | None = Field(description="why the documents cannot be made; null: they can")
