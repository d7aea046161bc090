"""The history of a room as a strip of five-minute bars: higher is better, so that it reads without colours too."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.say import Say
from api.text import Text
from api.words import ROOM_STATES
from collector.store.protocol import SLICE_MS, RoomSlice, RoomState

HEIGHT = 24
_BAR, _PITCH = 5, 6
_HEIGHTS = {RoomState.CONNECTED: 24, RoomState.DEGRADED: 15, RoomState.DISCONNECTED: 8, RoomState.DARK: 2}
_OUTLINES = {state: f"{HEIGHT}v-{height}h{_BAR}v{height}z" for state, height in _HEIGHTS.items()}

OF_THE_LAST = Text("{length} qua: {parts}", "Last {length}: {parts}")
NOTHING_KNOWN = Text("chưa có số liệu", "no data")
PART = Text("{state} {percent} %", "{state} {percent}%")


@dataclass(frozen=True, slots=True)
class Timeline:
    """`paths` pairs each state with the outline of its bars, `lessons` is a line under lesson time; `width` units."""

    width: int
    paths: tuple[tuple[RoomState, str], ...]
    lessons: str
    label: str


def timeline(slices: Iterable[RoomSlice], since: int, until: int, say: Say) -> Timeline:
    """The slices that start in `since <= t < until` (multiples of SLICE_MS)."""
    bars: dict[RoomState, list[str]] = {state: [] for state in RoomState}
    lessons = []
    for entry in slices:
        if not since <= entry.slice_start < until:
            continue
        x = (entry.slice_start - since) // SLICE_MS * _PITCH
        bars[entry.state].append(f"M{x} {_OUTLINES[entry.state]}")
        if entry.lesson:
            lessons.append(f"M{x} {HEIGHT + 3}h{_PITCH}")
    drawn = tuple((state, "".join(parts)) for state, parts in bars.items() if parts)
    width = (until - since) // SLICE_MS * _PITCH
    label = _label({state: len(parts) for state, parts in bars.items() if parts}, until - since, say)
    return Timeline(width, drawn, "".join(lessons), label)


def _label(counts: Mapping[RoomState, int], length: int, say: Say) -> str:
    whole = sum(counts.values())
    parts = [
        say(PART, state=say(ROOM_STATES[state]).lower(), percent=round(100 * count / whole))
        for state, count in counts.items()
    ]
    return say(OF_THE_LAST, length=say.duration(length), parts=", ".join(parts) or say(NOTHING_KNOWN))
