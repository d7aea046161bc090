"""One asset: what is registered beside what was seen, and what happened to it, as lines that people read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from api.say import Say
from api.text import Text
from api.view.sign import Tone
from contract.messages import EquipmentReport
from inventory.asset import GONE, MOVES, Asset, Status
from inventory.identity import alike, spelled
from inventory.importing.words import choices
from inventory.register import Event
from inventory.saying import Language, name_of

# Where a report has what the register also has; those that are the maker's placeholders prove nothing.
_SEEN: Mapping[str, tuple[str, ...]] = {
    "manufacturer": ("bios.smanufacturer", "network_device.manufacturer"),
    "model": ("bios.smodel", "network_device.model"),
    "serial": ("bios.ssn", "network_device.serial", "bios.enclosureserial"),
}
MONEY = ("purchase_cost",)
GROUPS: Mapping[str, tuple[str, ...]] = {
    "what": ("tag", "kind", "name", "manufacturer", "model", "serial", "country"),
    "where": ("room", "status", "condition", "custodian_role", "in_use_since", "note"),
    "bought": (
        "purchase_date",
        "purchase_cost",
        "funding_source",
        "supplier",
        "order_number",
        "invoice",
        "warranty_months",
        "useful_life_years",
    ),
    "gone": ("disposal_document", "disposal_date", "disposal_reason"),
}

EVENTS: Mapping[str, Text] = {
    "registered": Text("ghi vào sổ", "registered"),
    "moved": Text("chuyển phòng", "moved"),
    "status": Text("đổi trạng thái", "status changed"),
    "changed": Text("sửa", "changed"),
    "linked": Text("nối với thiết bị", "linked with a device"),
    "unlinked": Text("bỏ nối với thiết bị", "no longer linked with a device"),
}
SAME, ALIKE, DIFFERS, NOT_KNOWN = (
    Text("khớp", "agrees"),
    Text("gần giống", "looks alike"),
    Text("khác", "differs"),
    Text("chưa biết", "not known"),
)
DEVICE = Text("thiết bị", "device")


@dataclass(frozen=True, slots=True)
class Compared:
    """One thing as registered and as seen; `word` says whether they agree."""

    field: str
    label: str
    registered: str
    seen: str
    tone: Tone
    word: str


@dataclass(frozen=True, slots=True)
class Told:
    """A field of an asset with its value in words, empty where nobody wrote it down."""

    field: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class EventLine:
    """An entry of the log; `changes` are (field, before, after) in words."""

    at: int
    who: str
    what: str
    document: str
    changes: tuple[tuple[str, str, str], ...]


def speech(say: Say) -> Language:
    """The language as the register's sentences know it."""
    return "vi" if say.language.value == "vi" else "en"


def word(name: str, say: Say) -> str:
    return name_of(name, speech(say))


def value_in_words(name: str, value: Any, rooms: Mapping[str, str], say: Say) -> str:
    """A field's value as people read it; also one of the log, where days are text."""
    if value in (None, ""):
        return ""
    if name == "room":
        return rooms.get(value, value)
    if choices(name):
        return word(value, say)
    if isinstance(value, str) and name.endswith(("_date", "_since")):
        value = date.fromisoformat(value)
    if isinstance(value, date):
        return say.day(value)
    return say.money(value) if name in MONEY else str(value)


def told(asset: Asset, group: str, rooms: Mapping[str, str], say: Say) -> list[Told]:
    """The fields of one group, those too that are empty."""
    return [
        Told(name, word(name, say), value_in_words(name, getattr(asset, name), rooms, say)) for name in GROUPS[group]
    ]


def seen_value(report: EquipmentReport, name: str) -> str:
    """What a report says of `manufacturer`, `model` or `serial`, in its own spelling; empty where it proves nothing."""
    for path in _SEEN[name]:
        section, _, key = path.partition(".")
        content = report.content.get(section)
        value = content.get(key) if isinstance(content, Mapping) else None
        if isinstance(value, str) and value.strip() and path not in report.junk:
            return value.strip()
    return ""


def made_as(report: EquipmentReport) -> str:
    """Maker and model, which often holds the maker's name already."""
    maker, model = (seen_value(report, name) for name in ("manufacturer", "model"))
    return model if spelled(model).startswith(spelled(maker)) else f"{maker} {model}".strip()


def compared(
    asset: Asset, report: EquipmentReport, seen_room: str, rooms: Mapping[str, str], say: Say
) -> list[Compared]:
    """Line by line. `seen_room`: the room in which the school file has the device."""
    pairs = [(name, getattr(asset, name), seen_value(report, name)) for name in _SEEN]
    pairs += [("kind", asset.kind, report.kind), ("room", asset.room, seen_room)]
    return [
        Compared(
            name,
            word(name, say),
            value_in_words(name, registered, rooms, say),
            value_in_words(name, seen, rooms, say),
            *_agreement(name, registered, seen, say),
        )
        for name, registered, seen in pairs
    ]


def _agreement(name: str, registered: str, seen: str, say: Say) -> tuple[Tone, str]:
    if not registered or not seen:
        return Tone.PLAIN, say(NOT_KNOWN)
    one, other = spelled(registered), spelled(seen)
    if one == other or (name == "manufacturer" and one == other.partition(" ")[0]):
        return Tone.GOOD, say(SAME)
    if (name == "serial" and alike(one) == alike(other)) or {one, other} == {"computer", "laptop"}:
        return Tone.WATCH, say(ALIKE)
    return Tone.WATCH, say(DIFFERS)


def moves_of(asset: Asset) -> tuple[list[Status], list[Status]]:
    """Where its status may go: (by itself, only with a document)."""
    order = list(MOVES)
    allowed = sorted(MOVES[asset.status], key=order.index)
    return [to for to in allowed if to not in GONE], [to for to in allowed if to in GONE]


def event_lines(events: Iterable[Event], rooms: Mapping[str, str], say: Say) -> list[EventLine]:
    return [
        EventLine(event.at, event.who, say(EVENTS[event.what]), event.document, tuple(_changes(event, rooms, say)))
        for event in events
    ]


def _changes(event: Event, rooms: Mapping[str, str], say: Say) -> Iterator[tuple[str, str, str]]:
    for name in _in_order({*event.before, *event.after}):
        label = say(DEVICE) if name == "device" else word(name, say)
        before, after = (value_in_words(name, values.get(name), rooms, say) for values in (event.before, event.after))
        if event.what != "registered" or name in ("name", "kind", "room", "status"):
            yield label, before, after


def _in_order(names: Iterable[str]) -> Sequence[str]:
    order = ["device", *(field.name for field in fields(Asset))]
    return sorted(names, key=order.index)
