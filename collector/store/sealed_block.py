"""Columns of a stretch of rows as one compressed block, and back: exact, and without asking what a column means.

A column holds integers of 64 bits or texts, and None where a row has nothing. Numbers are kept as what they exceed the
lowest of them by, or, where that is the narrower range, as the steps from one to the next; in one, two, four or eight
bytes each. The lowest bytes of all stand together, then the next ones, so that zlib finds what repeats. Every loop
over values is one of Python's own in C: the collector packs every row that it ever stores.

    block   = zlib(rows u32, columns u16, end of each column u32, the columns)
    column  = form u8, [with SOME_NONE: for each row one byte, 1 where it is None], content of the other rows
    numbers = width u8, base i72, the lowest bytes, the next bytes ...
"""

import json
import struct
import sys
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, repeat
from operator import add, not_, sub
from typing import cast

Value = int | str | None
Column = Sequence[Value]

_LEVEL = 1  # of zlib; 6 takes a third more time and saves 3 %
_NONE, _SAME, _ABOVE, _STEPS, _TEXTS = range(5)
_SOME_NONE = 0x80
_SAMPLE = 33
_HEAD = struct.Struct("<IH")
_LENGTH = struct.Struct("<I")
_BASE_BYTES = 9  # the step between two integers of 64 bits needs one bit more
_TYPES = {1: "B", 2: "H", 4: "I", 8: "Q"}  # of the module array


class BrokenBlock(ValueError):
    """These bytes are not a block, or not the whole of one."""


def packed(columns: Sequence[Column]) -> bytes:
    """The columns, one at least and all of one length, as a block."""
    parts = [_packed_column(column) for column in columns]
    ends = struct.pack(f"<{len(parts)}I", *accumulate(map(len, parts)))
    return zlib.compress(b"".join([_HEAD.pack(len(columns[0]), len(parts)), ends, *parts]), _LEVEL)


def unpacked(block: bytes, wanted: Iterable[int] | None = None) -> list[Column]:
    """The columns of these numbers, or all; one that the block does not have is None in every row.

    Raises BrokenBlock.
    """
    try:
        content = zlib.decompress(block)
        rows, count = _HEAD.unpack_from(content)
        ends = struct.unpack_from(f"<{count}I", content, _HEAD.size)
        head = _HEAD.size + 4 * count
        columns = memoryview(content)[head:]
        starts = (0, *ends)
        return [
            _column(columns[starts[number] : ends[number]], rows) if number < count else [None] * rows
            for number in (range(count) if wanted is None else wanted)
        ]
    except (zlib.error, struct.error, LookupError, ValueError, OverflowError) as error:
        raise BrokenBlock(f"a sealed block cannot be read: {error}") from error


def _packed_column(column: Column) -> bytes:
    first = column[0]
    if column.count(first) == len(column):
        return bytes((_NONE,)) if first is None else _joined(*_packed_values(column[:1]))
    try:
        return _joined(*_packed_values(column))
    except TypeError:  # None cannot be compared; to look for it in every column beforehand costs more
        gone = bytes([value is None for value in column])
        form, content = _packed_values([value for value in column if value is not None])
        return _joined(form | _SOME_NONE, gone + content)


def _joined(form: int, content: bytes) -> bytes:
    return bytes((form,)) + content


def _packed_values(values: Column) -> tuple[int, bytes]:
    if isinstance(values[0], str):
        return _TEXTS, _packed_texts(cast(Sequence[str], values))
    numbers = cast(Sequence[int], values)
    low, high = min(numbers), max(numbers)
    if low == high:
        return _SAME, _base(low)
    # A few steps tell whether it is worth looking at all of them.
    few = _steps(numbers[:_SAMPLE])
    if max(few) - min(few) < high - low:
        steps = _steps(numbers)
        shortest, longest = min(steps), max(steps)
        if longest - shortest < high - low:
            return _STEPS, _base(numbers[0]) + _packed_numbers(steps, shortest, longest)
    return _ABOVE, _packed_numbers(numbers, low, high)


def _steps(numbers: Sequence[int]) -> list[int]:
    return list(map(sub, numbers[1:], numbers))


def _packed_texts(texts: Sequence[str]) -> bytes:
    known: dict[str, int] = {}
    form, numbers = _packed_values([known.setdefault(text, len(known)) for text in texts])
    words = json.dumps(list(known)).encode()
    return _LENGTH.pack(len(words)) + words + bytes((form,)) + numbers


def _packed_numbers(numbers: Sequence[int], low: int, high: int) -> bytes:
    width = next(width for width in _TYPES if high - low < 1 << 8 * width)
    if low > 0 and high < 1 << 8 * width:
        low = 0  # nothing is gained by taking it off
    content = array(_TYPES[width], map(sub, numbers, repeat(low)) if low else numbers)
    _swap_to_little(content)
    data = content.tobytes()
    return bytes((width,)) + _base(low) + b"".join([data[place::width] for place in range(width)])


def _base(number: int) -> bytes:
    return number.to_bytes(_BASE_BYTES, "little", signed=True)


def _column(data: memoryview, rows: int) -> Column:
    form, content = data[0], data[1:]
    if form == _NONE:
        return [None] * rows
    if not form & _SOME_NONE:
        return _values(form, content, rows)
    there = list(map(not_, content[:rows]))
    values = iter(_values(form & ~_SOME_NONE, content[rows:], sum(there)))
    return [next(values) if is_there else None for is_there in there]


def _values(form: int, content: memoryview, rows: int) -> Column:
    if form == _TEXTS:
        return _texts(content, rows)
    if form == _ABOVE:
        return list(_numbers(content, rows))
    first = int.from_bytes(content[:_BASE_BYTES], "little", signed=True)
    if form == _SAME:
        return [first] * rows
    if form == _STEPS:
        return list(accumulate(_numbers(content[_BASE_BYTES:], rows - 1), initial=first))
    raise ValueError(f"there is no form {form}")


def _texts(content: memoryview, rows: int) -> Column:
    (length,) = _LENGTH.unpack_from(content)
    numbers = content[_LENGTH.size + length :]
    words = json.loads(bytes(content[_LENGTH.size : _LENGTH.size + length]))
    return [words[number] for number in cast(Sequence[int], _values(numbers[0], numbers[1:], rows))]


def _numbers(content: memoryview, rows: int) -> Iterator[int]:
    width, low = content[0], int.from_bytes(content[1 : 1 + _BASE_BYTES], "little", signed=True)
    parts = content[1 + _BASE_BYTES :]
    data = parts[:rows] if width == 1 else bytearray(width * rows)
    if width > 1:
        for place in range(width):
            data[place::width] = parts[place * rows : (place + 1) * rows]
    numbers = array(_TYPES[width])
    numbers.frombytes(data)
    if len(numbers) != rows:
        raise ValueError(f"{len(numbers)} of {rows} numbers are there")
    _swap_to_little(numbers)
    return map(add, numbers, repeat(low)) if low else iter(numbers)


def _swap_to_little(numbers: "array[int]") -> None:
    """Blocks are the same on every machine: a file may move."""
    if sys.byteorder == "big":
        numbers.byteswap()
