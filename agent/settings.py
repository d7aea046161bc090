"""The agent's settings file, agent.yaml: who it is, where its broker is, what it probes when nobody says otherwise."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from agent.network_settings import NetworkSettings
from agent.polled import NoticeSettings, PolledDevice
from agent.throughput_settings import ThroughputSettings
from contract import defaults
from contract.connection import BrokerConnection
from contract.settings_file import read_settings
from contract.shapes import BadShape, Between, Known
from contract.targets import DNS, GATEWAY, INTERNET, SERVICES, TargetEntry, check_entries
from contract.topics import OWN_SITE, Slug, is_simulated

Seconds = Annotated[float, Between(1, 86_400)]

_PROBES = frozenset(defaults.DEADLINE_SECONDS)
ProbeName = Annotated[str, Known("probe", _PROBES)]
TimedName = Annotated[str, Known("probe or group", _PROBES | {GATEWAY, INTERNET, DNS, SERVICES})]


@dataclass(frozen=True)
class OutboxSettings:
    """How much the agent keeps while nobody confirms it; past either bound the oldest successes go first."""

    max_megabytes: Annotated[float, Between(1, 100_000)] = 64.0
    max_days: Annotated[float, Between(0.01, 3_650)] = 60.0


@dataclass(frozen=True)
class AgentSettings:
    """agent.yaml. Relative paths start from the file's folder; read_agent_settings returns them absolute.

    A group of targets left out has the default of contract/defaults.py; the server's settings go before both.
    """

    site: Slug
    agent: Slug
    broker: BrokerConnection
    data: str = "agent-data"
    report_seconds: Seconds = defaults.REPORT_SECONDS
    without: tuple[ProbeName, ...] = ()  # probes that this agent shall not run
    internet: tuple[TargetEntry, ...] | None = None
    dns: tuple[TargetEntry, ...] | None = None
    services: tuple[TargetEntry, ...] = ()
    devices: tuple[PolledDevice, ...] = ()  # asked over the network: an agent that has some is a sentinel
    network: NetworkSettings | None = None  # set: the network segment is watched, which makes a sentinel too
    projector_notices: NoticeSettings | None = None
    interval_seconds: Mapping[TimedName, Seconds] = field(default_factory=dict)
    deadline_seconds: Mapping[TimedName, Seconds] = field(default_factory=dict)
    outbox: OutboxSettings = field(default_factory=OutboxSettings)
    throughput: ThroughputSettings = field(default_factory=ThroughputSettings)


def read_agent_settings(path: Path) -> AgentSettings:
    """The file at `path`, checked, its paths made absolute. Raises SettingsError with file, line, key and hint."""
    settings = read_settings(path, AgentSettings, _check)
    folder = path.resolve().parent
    return dataclasses.replace(
        settings,
        data=str(folder / settings.data),
        broker=settings.broker.anchored(folder),
        devices=tuple(device.anchored(folder) for device in settings.devices),
    )


def _check(settings: AgentSettings) -> None:
    if settings.site == OWN_SITE:
        raise BadShape("site", f"{OWN_SITE} is kept for SonCa's own measurements", hint="use the school's site id")
    if is_simulated(settings.site):
        raise BadShape("site", f"{settings.site} is a simulated school", hint="its agents are run by sonca simulate")
    _check_devices(settings)
    for group in (INTERNET, DNS, SERVICES):
        check_entries(group, getattr(settings, group) or ())


def _check_devices(settings: AgentSettings) -> None:
    seen = {settings.agent}
    for index, device in enumerate(settings.devices):
        if device.id in seen:
            hint = "each device has its own id, other than the agent's"
            raise BadShape(f"devices[{index}].id", f"{device.id} stands twice", hint=hint)
        if not any(device.probes()):
            raise BadShape(f"devices[{index}]", f"{device.id} names no way to ask it", hint="see docs/settings.md")
        seen.add(device.id)
    if settings.projector_notices is not None and not any(device.pjlink for device in settings.devices):
        hint = "name the projectors under devices, or take it out"
        raise BadShape("projector_notices", "no projector is polled that could send one", hint=hint)
