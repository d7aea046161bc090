"""Printers, as Printer-MIB tells of them: their cartridges empty page by page, and some say little about it."""

from dataclasses import dataclass
from typing import Any

from contract.messages import Measurement, Value
from sonca.simulate.faults import FaultKind
from sonca.simulate.school_time import MINUTE_MS, day_of, is_school_day, minute_of, minutes
from sonca.simulate.use import used
from sonca.simulate.watched import Look, Watched, WatchedKind

LOW_PERCENT = 10
_OPEN, _CLOSE = minutes("07:30"), minutes("16:45")


@dataclass(frozen=True)
class Supply:
    """Lasts so many `pages`; one without a number of them only says the word `level`."""

    target: str
    description: str
    pages: int = 0
    level: str = ""


@dataclass(frozen=True)
class Model:
    maker: str
    name: str
    supplies: tuple[Supply, ...]


MODELS = (
    Model(
        "HP",
        "HP LaserJet Pro M404dn",
        (
            Supply("black-toner", "Black Cartridge CF259A", 3_000),
            Supply("drum", "Imaging Drum", level="some_remaining"),
        ),
    ),
    Model(
        "Brother",
        "Brother HL-L3270CDW",
        (
            Supply("black-toner", "TN-263 BK", 1_400),
            Supply("cyan-toner", "TN-263 C", 2_300),
            Supply("magenta-toner", "TN-263 M", 2_300),
            Supply("yellow-toner", "TN-263 Y", 2_300),
            Supply("waste-toner", "WT-223CL", level="unknown"),
        ),
    ),
    Model("Canon", "Canon LBP226dw", (Supply("black-toner", "Canon Cartridge 057", level="some_remaining"),)),
)


def model_of(device: Watched) -> Model:
    return device.chance.named("model").one_of(MODELS)


def printer(look: Look) -> list[Measurement]:
    """The printer and each of its supplies."""
    supplies = {supply.target: _level(look, supply) for supply in model_of(look.device).supplies}
    alerts, health = _alerts([level for level in supplies.values() if isinstance(level, float)]), "running"
    state = "printing" if _is_open(look.at) and look.chance("printing").happens(0.2, look.at) else "idle"
    if alerts:
        health = "warning"
    if look.suffers(FaultKind.PAPER_JAM):
        alerts, health, state = ["jammed", *alerts], "down", "other"
    fields: dict[str, Value] = {"state": state, "health": health, "alerts": ", ".join(alerts) or "none"}
    fields |= {"alert_count": len(alerts), "pages": pages(look)}
    found = [look.found("printer", fields, took=90)]
    for supply in model_of(look.device).supplies:
        level = supplies[supply.target]
        told: dict[str, Value] = {"level_percent" if isinstance(level, float) else "level": level}
        found.append(look.found("supply", told | {"description": supply.description}, supply.target, took=0))
    return found


def pages(look: Look) -> int:
    """Printed in its life."""
    start, a_day = look.chance("pages").whole(8_000, 60_000), look.chance("a day").whole(15, 60)
    passed = (minute_of(look.at) - _OPEN) / (_CLOSE - _OPEN)
    return int(used(look.at, start, a_day, a_day * max(0.0, passed)))


def _level(look: Look, supply: Supply) -> float | str:
    if not supply.pages:
        return supply.level
    begun = look.chance("supply", supply.target).whole(0, supply.pages)
    left = supply.pages - (pages(look) + begun) % supply.pages
    return float(round(100 * left / supply.pages))


def _alerts(levels: list[float]) -> list[str]:
    return ["low_toner"] if any(level <= LOW_PERCENT for level in levels) else []


def _is_open(at: int) -> bool:
    return is_school_day(day_of(at)) and _OPEN <= minute_of(at - at % MINUTE_MS) < _CLOSE


def _content(device: Watched) -> dict[str, Any]:
    model = model_of(device)
    return {
        "network_device": {
            "type": "Printer",
            "manufacturer": model.maker,
            "model": model.name,
            "serial": device.serial,
            "description": f"{model.name}, network card",
        }
    }


PRINTER = WatchedKind(
    "printer",
    "may-in",
    "Máy in",
    lambda rooms: [room for room in rooms if not room.classroom] or rooms[:1],
    {"printer": printer},
    _content,
)
