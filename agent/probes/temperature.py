"""temperature: each sensor of the PC (Linux and FreeBSD; Windows shows none without a driver of its maker)."""

from collections.abc import Iterable, Mapping
from typing import Any

import psutil

from agent.probes.finding import Finding, Task
from agent.probes.outcomes import Unsupported
from contract.messages import Outcome

LOWEST, HIGHEST = -100.0, 250.0  # outside is a sensor that is not wired


def probe(task: Task) -> list[Finding]:
    """One finding for each sensor, its target `chip/label`. Raises Unsupported without any."""
    if not hasattr(psutil, "sensors_temperatures"):
        raise Unsupported("this operating system shows no temperatures")
    readings = list(named(psutil.sensors_temperatures()))
    task.step(f"the system shows {len(readings)} temperature sensors")
    if not readings:
        raise Unsupported("this machine shows no temperature sensor")
    return [Finding(Outcome.OK, {"temperature_celsius": value}, name) for name, value in readings]


def named(chips: Mapping[str, Iterable[Any]]) -> Iterable[tuple[str, float]]:
    """(name, degrees) of each plausible reading; sensors of the same name (two disks) get a number."""
    seen: dict[str, int] = {}
    for chip, readings in sorted(chips.items()):
        for reading in readings:
            name = f"{chip}/{reading.label}" if reading.label else chip
            seen[name] = seen.get(name, 0) + 1
            if reading.current is not None and LOWEST <= reading.current <= HIGHEST:
                yield name if seen[name] == 1 else f"{name} {seen[name]}", round(float(reading.current), 1)
