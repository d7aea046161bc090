"""What this agent probes and how often: the server's settings before agent.yaml before the defaults."""

from collections.abc import Iterator, Mapping

from agent.polled import PolledDevice
from agent.probes.registry import PROBES
from agent.run_probe import Job
from agent.settings import AgentSettings
from contract import defaults
from contract.messages import ProbeSettings, Target
from contract.targets import DNS, GATEWAY_TARGET, INTERNET, SERVICES, targets_of

LEAST_SECONDS = 1.0  # a server's slip must not make a classroom PC probe without pause
MACHINE_PROBES = ("host", "disk", "network_card", "temperature", "smart", "wifi")


def jobs(settings: AgentSettings, server: ProbeSettings | None = None) -> list[Job]:
    """Every probe of every target, machine probes first, polled devices last."""
    server = server or ProbeSettings()
    targets = [Target("", "", probe) for probe in MACHINE_PROBES]
    targets += own_targets(settings) if server.targets is None else server.targets
    intervals = _merged(defaults.INTERVAL_SECONDS, settings.interval_seconds, server.interval_seconds)
    deadlines = _merged(defaults.DEADLINE_SECONDS, settings.deadline_seconds, server.deadline_seconds)
    asked: list[tuple[Target, PolledDevice | None]] = [(target, None) for target in _each_once(targets)]
    asked += [
        (Target("", "", probe, device.address), device) for device in settings.devices for probe in device.probes()
    ]
    return [
        Job(target, _of(intervals, target), _of(deadlines, target), device)
        for target, device in asked
        if target.probe in PROBES and target.probe not in settings.without
    ]


def own_targets(settings: AgentSettings) -> list[Target]:
    """The targets where the server says nothing."""
    internet = defaults.INTERNET if settings.internet is None else settings.internet
    dns = defaults.DNS if settings.dns is None else settings.dns
    groups = ((INTERNET, internet), (DNS, dns), (SERVICES, settings.services))
    return [GATEWAY_TARGET, *(target for group, entries in groups for target in targets_of(group, entries))]


def report_seconds(settings: AgentSettings, server: ProbeSettings | None) -> float:
    """How often a batch is due."""
    told = server.report_seconds if server is not None else None
    return max(LEAST_SECONDS, told if told is not None else settings.report_seconds)


def _merged(*maps: Mapping[str, float]) -> dict[str, float]:
    return {name: seconds for entries in maps for name, seconds in entries.items()}


def _of(seconds: Mapping[str, float], target: Target) -> float:
    """The group of a target says more than its probe does."""
    return max(LEAST_SECONDS, seconds[target.group] if target.group in seconds else seconds[target.probe])


def _each_once(targets: list[Target]) -> Iterator[Target]:
    """Two targets of one probe, group and name would write over each other: the first stays."""
    seen: dict[tuple[str, str], Target] = {}
    for target in targets:
        if seen.setdefault((target.probe, target.id), target) is target:
            yield target
