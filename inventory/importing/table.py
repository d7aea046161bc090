"""A table as it was read from a file, before anybody asked what it means."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from inventory.saying import Said

Progress = Callable[[int, int], None]  # rows done, rows in all

MOST_ROWS = 20_000
HEADER_WITHIN = 20  # rows: titles of a form stand above the header


class BadTable(Exception):
    """A file from which no table can be read."""

    def __init__(self, word: str, **values: Any) -> None:
        self.said = Said(word, **values)
        super().__init__(self.said.sentence("en"))


@dataclass(frozen=True)
class Flaw:
    """A cell whose value cannot be taken as it stands, whatever its column means."""

    said: Said


@dataclass(frozen=True)
class Row:
    """`number` as the program shows it that wrote the file. Cells that are empty are left out."""

    number: int
    cells: dict[int, Any]


@dataclass(frozen=True)
class Table:
    """`columns`: index -> (what the program calls it, its header). Values are text, numbers, dates, truths or Flaw."""

    columns: dict[int, tuple[str, str]]
    rows: list[Row] = field(default_factory=list)


def table_of(rows: list[Row], name_of_column: Callable[[int], str], is_header: Callable[[Row], bool]) -> Table:
    """The table below the first row that is a header. Raises BadTable."""
    for position, row in enumerate(rows[:HEADER_WITHIN]):
        if is_header(row):
            below = rows[position + 1 :]
            if not below:
                raise BadTable("no_rows", row=row.number)
            if len(below) > MOST_ROWS:
                raise BadTable("too_many_rows", rows=len(below), most=MOST_ROWS)
            used = sorted({column for one in [row, *below] for column in one.cells})
            headers = {column: row.cells.get(column, "") for column in used}
            for column, header in headers.items():
                if isinstance(header, Flaw):
                    raise BadTable("bad_header", column=name_of_column(column), problem=header.said)
            return Table({column: (name_of_column(column), str(header)) for column, header in headers.items()}, below)
    raise BadTable("no_header", rows=min(len(rows), HEADER_WITHIN))
