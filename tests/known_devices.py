"""Devices of which tests say what is known, and what people then read of their health."""

from collections.abc import Mapping
from typing import Any

from api.view.health import health
from api.view.known import Known
from api.view.sign import Sign, Tone
from collector.store.protocol import StoredMeasurement
from contract.messages import Value
from inventory.school import Device
from tests.measurements import START, measured
from tests.test_api_say import HERE, VI, plain

GOOD, WATCH, BAD, PLAIN = Tone.GOOD, Tone.WATCH, Tone.BAD, Tone.PLAIN
MINUTE = 60_000


def known(*latest: StoredMeasurement, kind: Any = "projector", **more: Any) -> Known:
    device = Device("thing", kind=kind, lamp_hours=more.pop("lamp_hours", 4_000))
    return Known(device, START + MINUTE, HERE, latest, **more)


def told(probe: str, fields: Mapping[str, Value], target: str = "", ago: int = 0) -> StoredMeasurement:
    return measured("thing", probe, MINUTE - ago, fields, target=target)


def lines(what: Known, *names: str) -> list[tuple[str, Tone, str]]:
    """What people read of the named signs, in Vietnamese."""
    return [(sign.name, sign.tone, plain(sign.value)) for sign in health(what, VI).signs if sign.name in names]


def one(what: Known, name: str) -> Sign:
    [sign] = [sign for sign in health(what, VI).signs if sign.name == name]
    return sign
