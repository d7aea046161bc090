"""Changes of state as lines that people read."""

from collections.abc import Iterable
from dataclasses import dataclass

from api.say import Say
from api.texts import FIRST_HEARD
from api.words import PRESENCE_REASONS, PRESENCES, ROOM_STATES
from collector.store.protocol import RoomState
from collector.store.state_protocol import Change, Presence
from inventory.school import School


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """`tone` and `icon` name a style and a picture; `old` is empty where there was nothing before."""

    at: int
    name: str
    href: str
    old: str
    new: str
    tone: str
    icon: str


def change_lines(changes: Iterable[Change], school: School, say: Say, *, linked: bool = True) -> list[ChangeLine]:
    """One line a change. `linked`: name what changed and where its page is."""
    return [_line(change, school, say, linked) for change in changes]


def _line(change: Change, school: School, say: Say, linked: bool) -> ChangeLine:
    old, new = (_word(change.kind, word, say) for word in (change.old, change.new))
    reason = PRESENCE_REASONS.get(change.reason) if change.kind == "agent" else None
    if reason is not None:
        new = f"{new} ({say(reason)})"
    folder, icon = ("rooms", change.new) if change.kind == "room" else ("devices", f"p-{change.new}")
    href = f"/{folder}/{school.site}/{change.subject}" if linked else ""
    return ChangeLine(change.at, _name(change, school), href, old, new, change.new, icon)


def _word(kind: str, word: str, say: Say) -> str:
    if not word:
        return say(FIRST_HEARD)
    return say(ROOM_STATES[RoomState(word)] if kind == "room" else PRESENCES[Presence(word)])


def _name(change: Change, school: School) -> str:
    if change.kind == "room":
        return next((room.name for room in school.rooms if room.id == change.subject), "") or change.subject
    device, room = school.devices.get(change.subject), school.room_of.get(change.subject)
    name = (device.name if device else "") or change.subject
    return f"{name} · {room.name or room.id}" if room else name
