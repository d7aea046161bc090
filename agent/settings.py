"""The agent's settings file, agent.yaml: who it is, where its broker is, what it probes when nobody says otherwise."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from contract import defaults
from contract.connection import BrokerConnection
from contract.settings_file import problem_at, read_settings
from contract.targets import TargetEntry
from contract.topics import OWN_SITE, check_slug

LEAST_SECONDS, MOST_SECONDS = 1.0, 86_400.0


@dataclass(frozen=True)
class OutboxSettings:
    """How much the agent keeps while nobody confirms it; past either bound the oldest successes go first."""

    max_megabytes: float = 64.0
    max_days: float = 60.0

    def __post_init__(self) -> None:
        if not 1 <= self.max_megabytes <= 100_000 or not 0 < self.max_days <= 3_650:
            raise ValueError("the outbox needs 1 to 100000 megabytes and more than 0, at most 3650 days")


@dataclass(frozen=True)
class AgentSettings:
    """agent.yaml. Relative paths start from the file's folder; read_agent_settings returns them absolute.

    A group of targets left out has the default of contract/defaults.py; the server's settings go before both.
    """

    site: str
    agent: str
    broker: BrokerConnection
    data: str = "agent-data"
    report_seconds: float = defaults.REPORT_SECONDS
    without: tuple[str, ...] = ()  # probes that this agent shall not run
    internet: tuple[TargetEntry, ...] | None = None
    dns: tuple[TargetEntry, ...] | None = None
    services: tuple[TargetEntry, ...] = ()
    interval_seconds: Mapping[str, float] = field(default_factory=dict)
    deadline_seconds: Mapping[str, float] = field(default_factory=dict)
    outbox: OutboxSettings = field(default_factory=OutboxSettings)


def read_agent_settings(path: Path) -> AgentSettings:
    """The file at `path`, checked, its paths made absolute. Raises SettingsError with file, key and hint."""
    settings = read_settings(path, AgentSettings)
    _check(settings, str(path))
    folder = path.resolve().parent
    return dataclasses.replace(settings, data=str(folder / settings.data), broker=settings.broker.anchored(folder))


def _check(settings: AgentSettings, name: str) -> None:
    for key in ("site", "agent"):
        try:
            check_slug(getattr(settings, key))
        except ValueError as error:
            raise problem_at(name, key, str(error), "it must be the name that the school's server knows") from error
    if settings.site == OWN_SITE:
        raise problem_at(name, "site", f"{OWN_SITE!r} is kept for SonCa's own measurements", "use the school's site id")
    _check_probes(settings, name)
    numbers = {"report_seconds": settings.report_seconds}
    for key in ("interval_seconds", "deadline_seconds"):
        numbers |= {f"{key}.{entry}": seconds for entry, seconds in getattr(settings, key).items()}
    for key, seconds in numbers.items():
        if not LEAST_SECONDS <= seconds <= MOST_SECONDS:
            raise problem_at(
                name, key, f"{seconds:g} s is not possible", f"use {LEAST_SECONDS:g} to {MOST_SECONDS:g} seconds"
            )


def _check_probes(settings: AgentSettings, name: str) -> None:
    known = sorted(set(defaults.DEADLINE_SECONDS) | set(defaults.INTERVAL_SECONDS))
    for key, probes in (
        ("without", settings.without),
        ("interval_seconds", settings.interval_seconds),
        ("deadline_seconds", settings.deadline_seconds),
    ):
        for probe in probes:
            if probe not in known:
                raise problem_at(name, key, f"{probe!r} is not a probe here", f"known are {', '.join(known)}")
