"""Monitors and projectors on a PC's sockets, from the EDID that each of them carries, by GLPI's names.

Source: VESA Enhanced EDID Standard, the base block of 128 bytes.
"""

from pathlib import Path
from typing import Any

from agent.equipment_files import bytes_of
from agent.equipment_names import without_empty

BLOCK_BYTES = 128
_HEADER = b"\x00\xff\xff\xff\xff\xff\xff\x00"
_DESCRIPTORS = range(54, 126, 18)
_SERIAL, _NAME = 0xFF, 0xFC
_FIRST_YEAR = 1990
_MODEL_YEAR = 0xFF  # in place of a week: the year is that of the model


def linux_monitors(root: Path) -> list[dict[str, Any]]:
    """What hangs on the sockets of the graphics cards; a socket without a monitor has an empty file."""
    blocks = (bytes_of(path) or b"" for path in sorted((root / "sys/class/drm").glob("card*-*/edid")))
    return [monitor for block in blocks if (monitor := read_edid(block)) is not None]


def read_edid(block: bytes) -> dict[str, Any] | None:
    """Maker (three letters), name, serial and when it was made; None for what is no sound EDID."""
    base = block[:BLOCK_BYTES]
    if len(base) < BLOCK_BYTES or not base.startswith(_HEADER) or sum(base) % 256:
        return None
    number = int.from_bytes(base[12:16], "little")
    texts = _texts(base)
    return without_empty(
        {
            "manufacturer": _maker(base[8:10]),
            "caption": texts.get(_NAME) or f"{int.from_bytes(base[10:12], 'little'):04X}",
            "serial": texts.get(_SERIAL) or (str(number) if number else None),
            "description": made(base[16], base[17] + _FIRST_YEAR),
        }
    )


def made(week: int, year: int) -> str | None:
    """When it was made, as GLPI writes it (`32/2019`), the year alone without a week; None when nothing is said."""
    if year <= _FIRST_YEAR:
        return None
    return f"{week}/{year}" if 0 < week < _MODEL_YEAR else str(year)


def _maker(packed: bytes) -> str | None:
    """Three letters of five bits each."""
    word = int.from_bytes(packed, "big")
    letters = [word >> shift & 31 for shift in (10, 5, 0)]
    return "".join(chr(64 + letter) for letter in letters) if all(0 < letter < 27 for letter in letters) else None


def _texts(base: bytes) -> dict[int, str]:
    """The texts among the four descriptors, by their kind; each ends with a line feed or fills its 13 bytes."""
    rows = [base[start : start + 18] for start in _DESCRIPTORS]
    texts = {row[3]: row[5:].partition(b"\n")[0].decode("ascii", "replace") for row in rows if row[:3] == b"\0\0\0"}
    return {kind: "".join(letter for letter in text if letter.isprintable()).strip() for kind, text in texts.items()}
