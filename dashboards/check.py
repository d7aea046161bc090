"""Looks for what is wrong with a board's JSON: questions that find nothing, and units that are not the catalogue's."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from contract.metrics import PROBES
from dashboards.expand import Ask, panel_questions, variables
from dashboards.units import field_of, unit_of

_SOURCE = re.compile(r'FROM "(?:school_)?(\w+?)(?:\$detail|_5m|_1h)?"')
# Functions that keep a field's unit, around a field of a raw point or of a rollup.
_PICKED = re.compile(r'\b(?:mean|max|min|last|first|sum|median)\("(\w+?)(?:_min|_max)?"\)')


def empty_questions(
    board: Mapping[str, Any], now: int, chosen: Mapping[str, str], ask: Ask, *, of_all: bool = False
) -> Iterator[str]:
    """The questions of a board that find nothing at `now`, or nothing in one of their columns or tags, as sentences.

    `of_all`: also of panels that have words for it, because nothing is what they find when all is well.
    `ask` raises for a question that is refused.
    """
    values, asked = variables(board, now, chosen, ask)
    for question in (*asked, *panel_questions(board, now, values)):
        if (of_all or not question.may_be_empty) and (lacks := lacking(ask(question.text))):
            yield f"{board['uid']}: {question.where} finds {lacks}: {question.text}"


def lacking(found: Sequence[Mapping[str, Any]]) -> str:
    """What an answer lacks, empty where it is whole."""
    if not any(_has_value(one) for one in found):
        return "nothing"
    missing = _columns_without_value(found) + _tags_without_value(found)
    return f"no {', '.join(missing)}" if missing else ""


def wrong_units(board: Mapping[str, Any]) -> Iterator[str]:
    """The panels whose unit is not the one that the catalogue gives to their fields, as sentences."""
    for panel in board["panels"]:
        for target in panel.get("targets", ()):
            unit = _unit_shown(panel)
            for probe, field in fields_in(target["query"]):
                wanted = unit_of(field_of(probe, field))
                if wanted not in unit:
                    told = " or ".join(sorted(unit))
                    yield f"{board['uid']}: {panel['title']} shows {field} in {told}, the catalogue says {wanted}"


def fields_in(query: str) -> Iterator[tuple[str, str]]:
    """The probes and fields of the catalogue that a query picks, as (probe, field)."""
    for probe in set(_SOURCE.findall(query)) & set(PROBES):
        yield from ((probe, name) for name in set(_PICKED.findall(query)) if name in PROBES[probe].fields)


def _unit_shown(panel: Mapping[str, Any]) -> set[str]:
    """The unit of a panel; of a table those of its columns."""
    columns = {
        str(entry["value"])
        for override in panel["fieldConfig"]["overrides"]
        for entry in override["properties"]
        if entry["id"] == "unit"
    }
    return columns or {str(panel["fieldConfig"]["defaults"]["unit"])}


def _has_value(series: Mapping[str, Any]) -> bool:
    """Whether anything beside the time stands in a row."""
    return any(value is not None for row in series["values"] for value in row[1:])


def _columns_without_value(series: Sequence[Mapping[str, Any]]) -> list[str]:
    """A field that nobody writes is a column of nulls, which other columns would hide."""
    rows = [row for one in series for row in one["values"]]
    columns = series[0]["columns"]
    return [name for index, name in enumerate(columns) if all(row[index] is None for row in rows)]


def _tags_without_value(series: Sequence[Mapping[str, Any]]) -> list[str]:
    """Grouping by a tag that nobody writes is no error: every series then has it, and it is empty."""
    tags = [one.get("tags") or {} for one in series]
    return [name for name in tags[0] if not any(told[name] for told in tags)]
