"""What this agent probes and how often: the server's settings before agent.yaml before the defaults."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from agent.network_settings import SEGMENT_PROBES, TRACEROUTE, Segment
from agent.polled import PolledDevice
from agent.probes.registry import PROBES
from agent.run_probe import Job
from agent.settings import AgentSettings
from agent.starts import FILE as STARTS
from agent.throughput_settings import legs
from contract import defaults
from contract.messages import ProbeSettings, Target
from contract.targets import DNS, GATEWAY_TARGET, INTERNET, REACHING_PROBES, SERVICES, host_of, targets_of

LEAST_SECONDS = 1.0  # a server's slip must not make a classroom PC probe without pause
THROUGHPUT = "throughput"
MACHINE_PROBES = ("host", "disk", "network_card", "temperature", "smart", "wifi", "restarts")


def jobs(settings: AgentSettings, server: ProbeSettings | None = None) -> list[Job]:
    """Every probe of every target, machine probes first, polled devices last."""
    addresses = {"restarts": str(Path(settings.data) / STARTS)}
    targets = [Target("", "", probe, addresses.get(probe, "")) for probe in MACHINE_PROBES]
    targets += _targets(settings, server)
    timed = _timed(settings, server)
    asked: list[tuple[Target, PolledDevice | None, Segment | None]] = [
        (target, None, None) for target in _each_once(targets)
    ]
    asked += [
        (Target("", "", probe, device.address), device, None)
        for device in settings.devices
        for probe in device.probes()
    ]
    segment = segment_of(settings)
    asked += [(Target("", "", probe), None, segment) for probe in SEGMENT_PROBES if segment is not None]
    return [
        Job(target, *timed(target), device, segment)
        for target, device, segment in asked
        if target.probe in PROBES and target.probe not in settings.without
    ]


def traces(settings: AgentSettings, server: ProbeSettings | None = None) -> list[Job]:
    """The way to each target of the internet group, followed when a probe of it fails; where the network is watched."""
    if settings.network is None or TRACEROUTE in settings.without:
        return []
    timing = _timed(settings, server)(Target("", "", TRACEROUTE))  # by the probe's name: the group has another
    followed = [
        Target(INTERNET, target.name, TRACEROUTE, host_of(target))
        for target in _targets(settings, server)
        if target.group == INTERNET and target.probe in REACHING_PROBES
    ]
    return [Job(target, *timing) for target in _each_once(followed)]


def segment_of(settings: AgentSettings) -> Segment | None:
    """What the probes of the network are told; None where the settings do not switch them on."""
    if settings.network is None:
        return None
    return Segment(settings.network, tuple((device.address, device.id) for device in settings.devices))


def throughput_jobs(settings: AgentSettings, server: ProbeSettings | None = None) -> list[Job]:
    """The tests of throughput, one a leg. They have their own hours, and are no part of a round of probes."""
    if THROUGHPUT in settings.without:
        return []
    # By the probe's name alone: `wan` is a probe of routers as well.
    timing = _timed(settings, server)(Target("", "", THROUGHPUT))
    tested = [
        (Target(leg.name, "server", THROUGHPUT, leg.address), leg)
        for leg in legs(settings.throughput, settings.data, settings.broker)
    ]
    return [Job(target, *timing, leg=leg) for target, leg in tested]


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


def _targets(settings: AgentSettings, server: ProbeSettings | None) -> list[Target]:
    return own_targets(settings) if server is None or server.targets is None else list(server.targets)


def _timed(settings: AgentSettings, server: ProbeSettings | None) -> Callable[[Target], tuple[float, float]]:
    """Gives interval and deadline of a target, in seconds."""
    server = server or ProbeSettings()
    intervals = _merged(defaults.INTERVAL_SECONDS, settings.interval_seconds, server.interval_seconds)
    deadlines = _merged(defaults.DEADLINE_SECONDS, settings.deadline_seconds, server.deadline_seconds)
    return lambda target: (_of(intervals, target), _of(deadlines, target))


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
