"""Which characters the fonts of the documents have: an archive PDF may hold no other, and devices have odd names."""

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

FONTS = Path(__file__).parent / "fonts"
MISSING = "?"
_SPACES = frozenset("\n\t ")
_UNICODE_PLANE = (3, 1)  # platform and encoding of the table that every font has


def displayable(data: Any) -> Any:
    """Plain data with its texts composed, and what no font has replaced by a question mark."""
    if isinstance(data, str):
        return _shown(data)
    if isinstance(data, dict):
        return {key: displayable(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [displayable(value) for value in data]
    return data


def _shown(text: str) -> str:
    """Letters and tone marks that were typed apart become one character each, as the fonts have them."""
    if text.isascii() and text.isprintable():
        return text
    known = _characters()
    return "".join(sign if sign in known else MISSING for sign in unicodedata.normalize("NFC", text))


@cache
def _characters() -> frozenset[str]:
    """What all of the bundled fonts have."""
    fonts = [frozenset(_mapped(path.read_bytes())) for path in FONTS.glob("*.ttf")]
    return frozenset.intersection(*fonts) | _SPACES


def _mapped(font: bytes) -> Iterator[str]:
    """The characters in a TrueType font's character map (format 4)."""
    table = _character_map(font)
    segments = struct.unpack_from(">H", table, 6)[0] // 2
    columns = [14 + 2 * segments * column + (2 if column else 0) for column in range(4)]  # 2 bytes of padding
    for place in range(segments):
        end, start, delta, offset = (struct.unpack_from(">H", table, column + 2 * place)[0] for column in columns)
        for code in range(start, end + 1):
            glyph = code + delta
            if offset:
                at = columns[3] + 2 * place + offset + 2 * (code - start)
                glyph = struct.unpack_from(">H", table, at)[0]
            if glyph & 0xFFFF and code != 0xFFFF:
                yield chr(code)


def _character_map(font: bytes) -> bytes:
    """The subtable that maps characters of the basic plane."""
    count = struct.unpack_from(">H", font, 4)[0]
    tables = {font[at : at + 4]: struct.unpack_from(">I", font, at + 8)[0] for at in range(12, 12 + 16 * count, 16)}
    start = tables[b"cmap"]
    for place in range(struct.unpack_from(">H", font, start + 2)[0]):
        *kind, offset = struct.unpack_from(">HHI", font, start + 4 + 8 * place)
        if tuple(kind) == _UNICODE_PLANE:
            return font[start + offset :]
    raise ValueError("the font has no map of Unicode characters")
