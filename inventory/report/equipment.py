"""The report on equipment and connectivity (Báo cáo): what works, what wears out, what is planned."""

from collections.abc import Sequence
from typing import get_args

from inventory.asset import AssetKind, Condition
from inventory.phrase import Phrase
from inventory.plan.explain import NEXT_MONEY, school_year, would_buy
from inventory.plan.words import said
from inventory.report import texts
from inventory.report.connectivity import GOAL_PERCENT, connectivity, failing_rooms, measured_classrooms
from inventory.report.data import ReportData
from inventory.report.document import Block, Chart, Column, Document, Heading, Paragraph, Table
from inventory.report.frame import framed
from inventory.report.settings import ReportSettings
from inventory.report.worn import MOST_NAMED, worn, worn_out
from inventory.text import capital
from inventory.words import CONDITIONS, KINDS

WORTH_SAYING = 0.05  # of a gap: the greedy rule's own bound is often too rough to mean anything


def equipment_report(data: ReportData, settings: ReportSettings, phrase: Phrase) -> Document:
    """The whole document in one language. Raises SettingsError when the settings lack that language."""
    period, school = phrase(data.period.name), settings.wording(phrase.language).issuer
    opening = phrase(texts.REPORT_OPENING, school=school, period=period, first=data.period.first, last=data.period.last)
    blocks: list[Block] = [
        Paragraph(opening),
        Heading(phrase(texts.SUMMARY)),
        *_summary(data, phrase),
        Heading(phrase(texts.CONNECTIVITY)),
        *connectivity(data, phrase),
        Heading(phrase(texts.EQUIPMENT)),
        *_equipment(data, phrase),
        Heading(phrase(texts.WORN)),
        *worn(data, phrase),
        Heading(phrase(texts.PLAN)),
        *_plan(data, phrase),
        Paragraph(phrase(texts.CLOSING, period=period, school=school)),
    ]
    subject = phrase(texts.REPORT_SUBJECT, period=period)
    return framed("bao-cao", texts.REPORT, "BC", settings.report_number, subject, blocks, data, settings, phrase)


def _summary(data: ReportData, phrase: Phrase) -> list[Paragraph]:
    assets = [entry.asset for entry in data.plan.candidates.values()]
    bad = sum(asset.condition in ("damaged", "unusable") for asset in assets)
    rooms = measured_classrooms(data)
    plan = data.plan
    lines = [
        phrase(texts.SUM_NOT_MEASURED)
        if data.connected_percent is None
        else phrase(texts.SUM_CONNECTED, percent=data.connected_percent),
        phrase(texts.SUM_ROOMS, goal=GOAL_PERCENT, good=len(rooms) - len(failing_rooms(data)), whole=len(rooms)),
        phrase(texts.SUM_ASSETS, whole=len(assets), bad=bad),
        phrase(texts.SUM_NEED, count=len(worn_out(data))),
        phrase(
            texts.SUM_PLAN,
            years=plan.request.years,
            percent=100 * plan.share,
            money=phrase.money(plan.cost),
        ),
    ]
    return [Paragraph(line, "item") for line in lines]


def _equipment(data: ReportData, phrase: Phrase) -> list[Block]:
    kinds: Sequence[AssetKind] = get_args(AssetKind)
    conditions: Sequence[Condition] = get_args(Condition)
    assets = [entry.asset for entry in data.plan.candidates.values()]
    columns = (
        Column(phrase(texts.PLACE), 7, "center"),
        Column(phrase(texts.KIND), 29),
        Column(phrase(texts.COUNT), 16, "right"),
        *(Column(capital(phrase(CONDITIONS[condition])), 12, "right") for condition in conditions),
    )
    counted: list[tuple[str, list[int]]] = []
    for kind in kinds:
        of_kind = [asset for asset in assets if asset.kind == kind]
        if of_kind:
            each = [sum(asset.condition == condition for asset in of_kind) for condition in conditions]
            counted.append((capital(phrase(KINDS[kind])), [len(of_kind), *each]))
    rows = tuple((str(place), name, *map(str, counts)) for place, (name, counts) in enumerate(counted, 1))
    sums = (str(sum(counts[column] for _, counts in counted)) for column in range(1 + len(conditions)))
    table = Table(phrase(texts.KINDS_TABLE), columns, rows, (phrase(texts.TOTAL), "", *sums))
    return [table, *_kinds_chart(data, kinds, phrase)]


def _kinds_chart(data: ReportData, kinds: Sequence[AssetKind], phrase: Phrase) -> list[Block]:
    needy = worn_out(data)
    counts = [(kind, sum(entry.asset.kind == kind for entry in needy)) for kind in kinds]
    shown = [(kind, count) for kind, count in counts if count]
    if not shown:
        return []
    labels = tuple(capital(phrase(KINDS[kind])) for kind, _ in shown)
    values = tuple(float(count) for _, count in shown)
    return [Chart(phrase(texts.KINDS_CHART), labels, values, tuple(str(count) for _, count in shown), max(values))]


def _plan(data: ReportData, phrase: Phrase) -> list[Block]:
    plan = data.plan
    columns = (
        Column(phrase(texts.YEAR), 22, "center"),
        Column(phrase(texts.ACTIONS), 12, "right"),
        Column(phrase(texts.BUDGET), 22, "right"),
        Column(phrase(texts.SPENT), 22, "right"),
        Column(phrase(texts.LEFT), 22, "right"),
    )
    counted = []
    for year in range(plan.request.first_year, plan.request.first_year + plan.request.years):
        budget = sum(pot.amount for pot in plan.request.pots if pot.year == year)
        actions = sum(action.year == year for action in plan.actions)
        counted.append((year, actions, budget, plan.spent(year), budget - plan.spent(year)))
    rows = tuple((school_year(row[0]), *(phrase.number(value, 0) for value in row[1:])) for row in counted)
    sums = (phrase.number(sum(row[column] for row in counted), 0) for column in range(1, 5))
    blocks: list[Block] = [Table(phrase(texts.PLAN_TABLE), columns, rows, (phrase(texts.TOTAL), *sums))]
    if plan.gap is not None and plan.gap <= WORTH_SAYING:
        blocks.append(Paragraph(phrase(texts.PLAN_GAP, percent=100 * plan.gap)))
    return [*blocks, *_next_money(data, phrase)]


def _next_money(data: ReportData, phrase: Phrase) -> list[Block]:
    first = data.plan.request.first_year
    more = would_buy(data.plan, first)[:MOST_NAMED]
    if not more:
        return []
    actions = "; ".join(f"{action.tag} ({said(action.option, phrase)})" for action in more)
    money = phrase.money(NEXT_MONEY)
    return [Paragraph(phrase(texts.PLAN_NEXT, year=school_year(first), money=money, actions=actions))]
