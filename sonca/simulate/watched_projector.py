"""Projectors, as PJLink tells of them: on in lessons, their lamps and filters growing old with every lesson."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contract.messages import Measurement, Value
from sonca.simulate.faults import FaultKind
from sonca.simulate.school_time import HOUR_MS, MINUTE_MS, SECOND_MS, at_minute, day_of, is_school_day, minutes
from sonca.simulate.use import spent, used
from sonca.simulate.watched import Look, Watched, WatchedKind

WARMING_MS, COOLING_MS = 70 * SECOND_MS, 90 * SECOND_MS
_LATE_MINUTES = 25
_REPLACED_AT = 1.15  # of the lamp's expected life: by then somebody has bought a new one
_WORN, _PARTS = 0.985, ("fan", "lamp", "temperature", "cover", "filter", "other")


@dataclass(frozen=True)
class Model:
    """`lamp_hours` is what its maker promises."""

    maker: str
    name: str
    pjlink_class: int
    lamp_hours: int
    resolution: str
    input: str = "digital 1"


MODELS = (
    Model("EPSON", "EB-X06", 1, 6_000, "1024x768"),
    Model("EPSON", "EB-FH06", 2, 5_500, "1920x1080"),
    Model("Panasonic", "PT-LB306", 2, 5_000, "1024x768"),
    Model("BenQ", "MS560", 1, 6_000, "800x600", "rgb 1"),
    Model("Optoma", "X381", 1, 4_000, "1024x768"),
)


def model_of(device: Watched) -> Model:
    return device.chance.named("model").one_of(MODELS)


def projector(look: Look) -> list[Measurement]:
    """The projector and its lamp, of one session."""
    model, power = model_of(look.device), power_at(look)
    states = _states(look)
    fields: dict[str, Value] = {"power": power, **{f"{part}_state": state for part, state in states.items()}}
    fields |= {"has_warning": "warning" in states.values(), "has_error": "error" in states.values()}
    fields["pjlink_class"] = model.pjlink_class
    if power == "on":
        fields |= {"input": model.input, "picture_muted": False, "sound_muted": False}
    if power == "on" and model.pjlink_class == 2:
        fields |= {"has_signal": True, "resolution": model.resolution, "picture_frozen": False}
        fields["filter_hours"] = lamp_hours(look) % 500
    lamp: dict[str, Value] = {"hours": lamp_hours(look), "lit": power in ("on", "warming")}
    return [look.found("projector", fields, took=620), look.found("lamp", lamp, "lamp-1", took=0)]


def power_at(look: Look) -> str:
    """One of the words of PJLink; a broken one stays in standby."""
    if look.suffers(FaultKind.PROJECTOR_BROKEN):
        return "standby"
    for since, until in lessons(look.device, day_of(look.at)):
        if since <= look.at < until:
            return "warming" if look.at < since + WARMING_MS else "on"
        if until <= look.at < until + COOLING_MS:
            return "cooling"
    return "standby"


def lessons(device: Watched, day: int) -> list[tuple[int, int]]:
    """From when until when it is on: as long on every school day, a little earlier or later."""
    if not is_school_day(day):
        return []
    late = device.chance.named("late").between(0, _LATE_MINUTES, day)
    starts = (at_minute(day, minutes(clock) + late) for clock in ("07:50", "14:20"))
    return [(start, start + length) for start, length in zip(starts, _lengths(device), strict=True)]


def lamp_hours(look: Look) -> int:
    """Hours of the lamp that is in it now; a worn one is about to reach what its maker promised."""
    device, expected = look.device, model_of(look.device).lamp_hours
    start = expected * (_WORN if look.suffers(FaultKind.WORN_LAMP) else device.chance.named("lamp").between(0.08, 0.8))
    a_day = sum(_lengths(device)) / HOUR_MS
    today = spent(look.at, lessons(device, day_of(look.at))) / HOUR_MS
    return int(used(look.at, start, a_day, today) % (expected * _REPLACED_AT))


def _lengths(device: Watched) -> tuple[int, int]:
    """Of morning and afternoon; ms."""
    length = device.chance.named("length")
    return length.whole(60, 140) * MINUTE_MS, length.whole(20, 90, 1) * MINUTE_MS


def _states(look: Look) -> Mapping[str, str]:
    states = dict.fromkeys(_PARTS, "ok")
    if look.suffers(FaultKind.WORN_LAMP):
        states["lamp"] = "warning"
    if look.suffers(FaultKind.CLOGGED_FILTER):
        states |= {"filter": "warning", "temperature": "warning"}
    if look.suffers(FaultKind.PROJECTOR_BROKEN):
        states["fan"] = "error"
    return states


def _content(device: Watched) -> dict[str, Any]:
    model = model_of(device)
    told: dict[str, Any] = {"bios": {"smanufacturer": model.maker, "smodel": model.name}}
    if model.pjlink_class == 2:
        told["bios"]["ssn"] = device.serial
    told["projector"] = {"recommended_resolution": model.resolution, "pjlink_class": model.pjlink_class}
    return told


PROJECTOR = WatchedKind(
    "projector",
    "projector",
    "Máy chiếu",
    lambda rooms: [room for room in rooms if room.classroom],
    {"projector": projector},
    _content,
    lambda device: model_of(device).lamp_hours,
)
