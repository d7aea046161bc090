"""The proposal of purchases (Tờ trình): one school year's actions with the budget table and the amount in words."""

from inventory.phrase import Phrase
from inventory.plan.explain import school_year
from inventory.plan.words import said
from inventory.report import texts
from inventory.report.amounts import in_words
from inventory.report.data import ReportData
from inventory.report.document import Block, Column, Document, Heading, Paragraph, Table
from inventory.report.frame import framed
from inventory.report.items import Item, first_year, items_of, total, work
from inventory.report.settings import ReportSettings
from inventory.report.worn import worn_out
from inventory.text import all_of
from inventory.words import KINDS


def purchase_proposal(data: ReportData, settings: ReportSettings, phrase: Phrase) -> Document:
    """The first year of the plan, proposed for approval. Raises SettingsError when the settings lack that language."""
    year = school_year(data.plan.request.first_year)
    wording = settings.wording(phrase.language)
    opening = phrase(texts.PROPOSAL_OPENING, school=wording.issuer, count=len(worn_out(data)), year=year)
    blocks: list[Block] = [
        *(Paragraph(basis, "basis") for basis in wording.bases),
        Paragraph(opening),
        Heading(phrase(texts.NEEDS)),
        *_needs(data, phrase),
        Heading(phrase(texts.SOURCES)),
        _sources(data, phrase),
        Heading(phrase(texts.EFFECT)),
        _effect(data, phrase),
        Heading(phrase(texts.CHECKS)),
        *_checks(data, phrase),
        Paragraph(phrase(texts.ASK, school=wording.issuer)),
    ]
    subject = phrase(texts.PROPOSAL_SUBJECT, year=year)
    return framed("to-trinh", texts.PROPOSAL, "TTr", settings.proposal_number, subject, blocks, data, settings, phrase)


def _needs(data: ReportData, phrase: Phrase) -> list[Block]:
    items = items_of(data)
    blocks: list[Block] = []
    if items:
        words = in_words(total(items), phrase.language)
        blocks += [_items_table(items, phrase), Paragraph(phrase(texts.IN_WORDS, words=words), "basis")]
    else:
        blocks.append(Paragraph(phrase(texts.NOTHING_TO_BUY)))
    free = [action for action in first_year(data) if not action.option.price and action.option.action != "keep"]
    if free:
        lines = "; ".join(f"{action.tag}: {said(action.option, phrase)}" for action in free)
        blocks.append(Paragraph(f"{phrase(texts.FREE_TABLE)}: {lines}."))
    return blocks


def _items_table(items: list[Item], phrase: Phrase) -> Table:
    columns = (
        Column(phrase(texts.PLACE), 7, "center"),
        Column(phrase(texts.WORK), 29),
        Column(phrase(texts.COUNT), 10, "right"),
        Column(phrase(texts.PRICE), 16, "right"),
        Column(phrase(texts.AMOUNT), 17, "right"),
        Column(phrase(texts.TAGS), 21),
    )
    rows = tuple(
        (
            str(place),
            work(item, phrase),
            str(len(item.tags)),
            phrase.number(item.option.price, 0),
            phrase.number(item.amount, 0),
            ", ".join(item.tags),
        )
        for place, item in enumerate(items, 1)
    )
    count = str(sum(len(item.tags) for item in items))
    sums = (phrase(texts.TOTAL), "", count, "", phrase.number(total(items), 0), "")
    return Table(phrase(texts.ITEMS_TABLE), columns, rows, sums)


def _sources(data: ReportData, phrase: Phrase) -> Table:
    columns = (
        Column(phrase(texts.SOURCE), 40),
        Column(phrase(texts.BUDGET), 20, "right"),
        Column(phrase(texts.SPENT), 20, "right"),
        Column(phrase(texts.LEFT), 20, "right"),
    )
    plan = data.plan
    pots = [pot for pot in plan.request.pots if pot.year == plan.request.first_year]
    counted = [(pot.amount, pot.amount - plan.left(pot), plan.left(pot)) for pot in pots]
    rows = tuple(
        (pot.source or phrase(texts.ONE_SOURCE), *(phrase.number(value, 0) for value in row))
        for pot, row in zip(pots, counted, strict=True)
    )
    sums = (phrase.number(sum(row[column] for row in counted), 0) for column in range(3))
    return Table(phrase(texts.SOURCES_TABLE), columns, rows, (phrase(texts.TOTAL), *sums))


def _effect(data: ReportData, phrase: Phrase) -> Paragraph:
    actions = first_year(data)
    covered = sum(action.points for action in actions)
    percent = 100 * covered / data.plan.needed if data.plan.needed else 0.0
    return Paragraph(phrase(texts.EFFECT_SAID, count=len(actions), percent=percent, years=data.plan.request.years))


def _checks(data: ReportData, phrase: Phrase) -> list[Paragraph]:
    lines = [
        phrase(texts.OVER, tag=action.tag, money=phrase.money(action.option.over_ceiling))
        for action in first_year(data)
        if action.option.over_ceiling
    ]
    fixed = sum(action.option.fixed_asset for action in first_year(data))
    return [Paragraph(line, "item") for line in (lines or [phrase(texts.ALL_WITHIN)])] + [
        *([Paragraph(phrase(texts.FIXED_ASSETS, count=fixed), "item")] if fixed else []),
        *_unverified(data, phrase),
    ]


def _unverified(data: ReportData, phrase: Phrase) -> list[Paragraph]:
    """Prices and ceilings that the items rest on and that nobody has checked at their source."""
    items = items_of(data)
    bought = {item.kind for item in items if item.option.action == "replace"}
    parts = {part.id: part for item in items for part in item.option.parts}
    prices = [KINDS[kind] for kind in sorted(bought) if not data.prices.replacements[kind].verified]
    prices += [part.name for part in parts.values() if not part.verified]
    known = data.prices.ceilings
    ceilings = [KINDS[kind] for kind in sorted(bought) if kind in known and not known[kind].verified]
    return [
        Paragraph(phrase(text, names=all_of(names)), "note")
        for text, names in ((texts.UNVERIFIED_PRICES, prices), (texts.UNVERIFIED_CEILINGS, ceilings))
        if names
    ]
