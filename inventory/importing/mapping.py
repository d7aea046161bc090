"""Which column of a table is which field of an asset."""

from contract.shapes import did_you_mean
from inventory.importing.table import BadTable, Row, Table
from inventory.importing.words import IGNORED, field_of, headers_known


def is_header(row: Row) -> bool:
    """Whether a row names fields: three of them, or the tag and one more."""
    fields = {field for value in row.cells.values() if isinstance(value, str) and (field := field_of(value))}
    fields.discard(IGNORED)
    return len(fields) >= 3 or ("tag" in fields and len(fields) == 2)


def fields_of(table: Table) -> dict[int, str]:
    """Column -> field of Asset. Raises BadTable for a column that nobody knows, and for a field that stands twice."""
    found: dict[int, str] = {}
    for index, (column, header) in table.columns.items():
        field = field_of(header) if header else None
        if not header:
            raise BadTable("column_without_header", column=column)
        if field is None:
            raise BadTable("unknown_header", column=column, header=header, known=_known(header))
        if field in found.values():
            first = next(table.columns[other][0] for other, name in found.items() if name == field)
            raise BadTable("header_twice", column=column, header=header, first=first)
        if field != IGNORED:
            found[index] = field
    if "tag" not in found.values():
        raise BadTable("no_tag_column")
    return found


def _known(header: str) -> str:
    meant = did_you_mean(header, headers_known())
    return meant.removeprefix("did you mean ").removesuffix("?") if meant else ", ".join(headers_known())
