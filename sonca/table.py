"""Tables for a terminal."""

import unicodedata
from collections.abc import Sequence


def as_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their widest cell."""
    table = [heads, *rows]
    widths = [max(_width(row[index]) for row in table) for index in range(len(heads))]
    return "\n".join(
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    )


def _width(text: str) -> int:
    """Marks that stand above a letter take no place of their own."""
    return sum(not unicodedata.combining(letter) for letter in text)
