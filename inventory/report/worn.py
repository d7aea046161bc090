"""What needs repair or replacement: the part of the report that the plan begins with."""

from datetime import date

from inventory.phrase import Phrase
from inventory.plan.candidates import Candidate
from inventory.plan.lists import new_but_failing, old_but_fine
from inventory.plan.reasons import Reason, need
from inventory.plan.words import because
from inventory.report import texts
from inventory.report.data import ReportData
from inventory.report.document import Block, Column, Paragraph, Table
from inventory.text import capital

MOST_NAMED = 20  # tags in one sentence: the annex has them all


def worn_out(data: ReportData) -> list[Candidate]:
    """The devices that need something by the reasons that hold already, the worst first. Age alone is none."""
    candidates = data.plan.candidates.values()
    fine = {entry.tag for entry in old_but_fine(candidates, data.rules)}
    found = [(need(entry.reasons, data.issued), entry) for entry in candidates if entry.tag not in fine]
    bad = [pair for pair in found if pair[0] >= data.rules.lists.fine_below]
    return [entry for _, entry in sorted(bad, key=lambda pair: (-pair[0], pair[1].tag))]


def present(entry: Candidate, data: ReportData, by: date | None = None) -> list[Reason]:
    """The reasons that hold already, or `by` a day. Past its useful life, that there is no warranty needs no saying."""
    held = [reason for reason in entry.reasons if reason.begins <= (by or data.issued)]
    old = any(reason.code == "age" for reason in held)
    return [reason for reason in held if not (old and reason.code == "warranty")]


def worn(data: ReportData, phrase: Phrase) -> list[Block]:
    """The table of devices with their reasons, and the two lists where age misleads."""
    needy = worn_out(data)
    if not needy:
        return [Paragraph(phrase(texts.NOTHING_WORN))]
    columns = (
        Column(phrase(texts.PLACE), 7, "center"),
        Column(phrase(texts.TAG), 13),
        Column(phrase(texts.DEVICE), 18),
        Column(phrase(texts.ROOM), 12),
        Column(phrase(texts.REASONS), 50),
    )
    names = data.room_names
    rows = tuple(
        (
            str(place),
            entry.tag,
            entry.asset.name,
            names.get(entry.asset.room, entry.asset.room),
            capital(because(present(entry, data), phrase, data.issued)),
        )
        for place, entry in enumerate(needy, 1)
    )
    blocks: list[Block] = [Table(phrase(texts.WORN_TABLE), columns, rows)]
    candidates = list(data.plan.candidates.values())
    for text, found in (
        (texts.OLD_BUT_FINE, old_but_fine(candidates, data.rules)),
        (texts.NEW_BUT_FAILING, new_but_failing(candidates, data.rules)),
    ):
        if found:
            tags = ", ".join(entry.tag for entry in found[:MOST_NAMED])
            more = ", …" if len(found) > MOST_NAMED else ""
            blocks.append(Paragraph(phrase(text, count=len(found), tags=tags + more)))
    return blocks
