"""The independent client aiopjlink2 and ours hear the same from one projector, and ask it in the same words.

It ships no projector of its own, so the other direction, our client against a foreign projector, is not tested here.
"""

import asyncio
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import pytest
from aiopjlink import PJLink, PJLinkERR1, PJLinkERR3, PJLinkERR4, PJLinkPassword

from agent.equipment_projector import report
from agent.polled import PjlinkSettings, PolledDevice
from agent.probes.finding import Finding, Task
from agent.probes.pjlink import probe
from contract.messages import Target
from tests.pjlink_projector import CLASS_1, CLASS_2, RunningProjector, in_standby

BUSY = {**CLASS_2, "POWR": "3", "INPT": "3A", "AVMT": "11", "ERST": "012010", "LAMP": "3021 1 87 0", "FREZ": "1"}


@pytest.fixture(autouse=True)
def new_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.probes.pjlink_projector._PROJECTORS", {})


def device_of(projector: RunningProjector, folder: Path, password: str | None) -> PolledDevice:
    path = folder / "projector-password"
    path.write_text(password or "")
    return PolledDevice("p-1", "127.0.0.1", PjlinkSettings(projector.port, str(path) if password else None))


def ours(device: PolledDevice) -> list[Finding]:
    return probe(Task(Target("", "", "projector", device.address), 60.0, device=device))


def theirs(projector: RunningProjector, password: str | None, *asked: str) -> list[Any]:
    """What aiopjlink2 makes of `power.get` and the like, in its own types."""

    async def ask() -> list[Any]:
        link = PJLink("127.0.0.1", projector.port, password)
        found = []
        for name in asked:
            group, _, method = name.partition(".")
            answer: Awaitable[Any] = getattr(getattr(link, group), method)()
            found.append(await answer)
        return found

    return asyncio.run(ask())


@pytest.mark.parametrize("password", [None, "JBMIAProjectorLink"])
@pytest.mark.parametrize("answers", [CLASS_2, BUSY], ids=["calm", "busy"])
def test_both_hear_the_same_state(tmp_path: Path, answers: dict[str, str], password: str | None) -> None:
    with RunningProjector(answers, password) as projector:
        found, *lamps = ours(device_of(projector, tmp_path, password))
        in_our_words = list(projector.asked)
        projector.asked.clear()
        names = ("power.get", "errors.query", "lamps.status", "sources.get", "mute.status", "filter.hours")
        power, errors, lamp_list, source, mute, filter_hours = theirs(projector, password, *names)
        resolution, frozen, level = theirs(projector, password, "sources.resolution", "freeze.get", "info.pjlink_class")
    assert sorted(projector.asked) == sorted(in_our_words)
    fields = found.fields
    assert fields["power"] == {"ON": "on", "WARMING": "warming"}[power.name]
    words = {"OK": "ok", "WARN": "warning", "ERROR": "error"}
    assert {part.value: words[level.name] for part, level in errors.items()} == {
        part.value: fields[f"{part.value}_state"] for part in errors
    }
    assert [(hours, lit.name == "ON") for hours, lit in lamp_list] == [
        (lamp.fields["hours"], lamp.fields["lit"]) for lamp in lamps
    ]
    assert fields["input"] == f"{source[0].name.lower()} {source[1]}"
    assert (fields["picture_muted"], fields["sound_muted"]) == mute
    assert (fields["filter_hours"], fields["picture_frozen"]) == (filter_hours, frozen)
    assert fields["resolution"] == f"{resolution[0]}x{resolution[1]}"
    assert fields["pjlink_class"] == int(level.value)


def test_both_hear_the_same_names(tmp_path: Path) -> None:
    with RunningProjector(CLASS_2) as projector:
        content = report("pc-1", device_of(projector, tmp_path, None), 0).content
        maker, model, serial, version = theirs(
            projector,
            None,
            "info.manufacturer_name",
            "info.product_name",
            "info.serial_number",
            "info.software_version",
        )
        name, other = theirs(projector, None, "info.projector_name", "info.other")
        lamps, filters = theirs(projector, None, "lamps.replacement_models", "filter.replacement_models")
        width, height = theirs(projector, None, "sources.recommended_resolution")[0]
    assert content["bios"] == {"smanufacturer": maker, "smodel": model, "ssn": serial}
    assert content["hardware"] == {"name": name, "description": other}
    assert content["firmwares"][0]["version"] == version
    assert content["projector"] == {
        "lamp_models": lamps,
        "filter_models": filters,
        "recommended_resolution": f"{width}x{height}",
        "pjlink_class": 2,
    }


def test_the_projector_refuses_both_with_a_wrong_password(tmp_path: Path) -> None:
    with RunningProjector(password="right") as projector:
        with pytest.raises(PJLinkPassword):
            theirs(projector, "wrong", "power.get")
        with pytest.raises(PermissionError):
            ours(device_of(projector, tmp_path, "wrong"))


def test_the_projectors_errors_are_those_of_the_standard() -> None:
    with RunningProjector(in_standby(CLASS_1)) as projector, pytest.raises(PJLinkERR3):
        theirs(projector, None, "lamps.status")
    with RunningProjector(CLASS_1) as projector, pytest.raises(PJLinkERR1):
        theirs(projector, None, "filter.hours")
    with RunningProjector({**CLASS_1, "ERST": "ERR4"}) as projector, pytest.raises(PJLinkERR4):
        theirs(projector, None, "errors.query")
