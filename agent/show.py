"""For people at a terminal: one round of all probes as a table, and one probe with all its steps."""

import dataclasses
import json
import threading
import time
from collections.abc import Callable, Sequence

from agent.clock import new_clock
from agent.jobs import THROUGHPUT, jobs, throughput_jobs, traces
from agent.network_settings import SEGMENT_PROBES
from agent.polled import DEVICE_PROBES
from agent.probes.registry import PROBES
from agent.run_probe import Job, run_probe
from agent.settings import AgentSettings
from contract import defaults
from contract.messages import Measurement, Outcome, Target, Value, encode
from contract.metrics import PROBES as CATALOGUE
from contract.targets import GATEWAY_TARGET
from contract.trouble import Trouble

Tell = Callable[[str], None]


def one_round(settings: AgentSettings) -> list[Measurement]:
    """Every job once, all at the same time, in the order of the jobs."""
    clock, found = new_clock(), {}

    def run(job: Job) -> None:
        found[job] = run_probe(PROBES[job.probe], job, clock.now_ms)

    wanted = jobs(settings)
    threads = [threading.Thread(target=run, args=(job,)) for job in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [measurement for job in wanted for measurement in found[job]]


def as_json(measurements: Sequence[Measurement]) -> str:
    """The measurements as they would travel."""
    return json.dumps([json.loads(encode(entry)) for entry in measurements], ensure_ascii=False, indent=2)


def as_table(measurements: Sequence[Measurement]) -> str:
    """One line a measurement: probe, target, outcome, time taken, fields with their units."""
    head = ("probe", "target", "outcome", "took", "measured")
    rows = [
        (entry.probe, _subject(entry), entry.outcome.value, f"{entry.duration_ms:.0f} ms", _fields(entry))
        for entry in measurements
    ]
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(4)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[4]])
        for row in (head, *rows)
    ]
    failed = sum(entry.outcome not in (Outcome.OK, Outcome.UNSUPPORTED) for entry in measurements)
    return "\n".join([*(line.rstrip() for line in lines), "", f"{len(measurements)} measurements, {failed} failed"])


def explain(settings: AgentSettings, probe: str, target: str, tell: Tell) -> bool:
    """Runs one probe of the targets that `target` names, telling settings, steps and result; whether all went well.

    `target` is a group, a name, `group/name`, a polled device, or any address the probe takes; empty: all of the probe.
    Raises Trouble for what cannot be run.
    """
    chosen = _chosen(settings, probe, target)
    outcomes = [_explain_one(settings, job, tell) for job in chosen]
    return all(outcome is Outcome.OK for outcome in outcomes)


def _chosen(settings: AgentSettings, probe: str, target: str) -> list[Job]:
    if probe not in PROBES:
        raise Trouble(f"there is no probe {probe!r}", f"known are {', '.join(PROBES)}")
    every = [*jobs(settings), *traces(settings), *throughput_jobs(settings)]
    known = [job for job in every if job.probe == probe]
    if not target:
        if not known and probe in SEGMENT_PROBES:
            raise Trouble("agent.yaml has no `network`", "write `network: {}` there; without it nothing is scanned")
        if not known:
            raise Trouble(f"agent.yaml names no target for {probe}", f"give one: sonca agent --explain {probe} TARGET")
        return known
    return _named(settings, known, probe, target)


def _named(settings: AgentSettings, known: list[Job], probe: str, target: str) -> list[Job]:
    named = [job for job in known if target in _names(job)]
    if named:
        return named
    if probe in SEGMENT_PROBES:
        raise Trouble(f"{probe} takes no target", "it looks at the network that agent.yaml names as `network`")
    if probe in DEVICE_PROBES:
        raise Trouble(f"agent.yaml has no device {target!r} for {probe}", "name one of its `devices`, by its id")
    if probe == THROUGHPUT:
        raise Trouble(f"agent.yaml sets up no leg {target!r} of throughput", "set up `lan` or `wan` below `throughput`")
    deadline = settings.deadline_seconds.get(probe, defaults.DEADLINE_SECONDS[probe])
    return [Job(Target("asked", "here", probe, target), defaults.INTERVAL_SECONDS[probe], deadline)]


def _explain_one(settings: AgentSettings, job: Job, tell: Tell) -> Outcome:
    tell(f"{job.probe} {job.target_id or (job.device.id if job.device else '(this machine)')}")
    for name, value in _settings_of(settings, job):
        tell(f"  {name:<16} {value}")
    start = time.perf_counter()
    clock = new_clock()
    measurements = run_probe(
        PROBES[job.probe],
        job,
        clock.now_ms,
        lambda sentence: tell(f"  {1000 * (time.perf_counter() - start):>7.1f} ms  {sentence}"),
    )
    for entry in measurements:
        where = f"  [{entry.target}]" if entry.target else ""
        tell(f"  = {entry.outcome.value} after {entry.duration_ms:.1f} ms{where}")
        for field, measured in entry.fields.items():
            tell(f"      {_field(entry.probe, field, measured)}")
    return next((entry.outcome for entry in measurements if entry.outcome is not Outcome.OK), Outcome.OK)


def _settings_of(settings: AgentSettings, job: Job) -> list[tuple[str, str]]:
    target = dataclasses.asdict(job.target)
    shown = [(name, str(value)) for name, value in target.items() if value not in ("", None) and name != "probe"]
    if job.target == GATEWAY_TARGET:
        shown.append(("address", "found in this machine's routing table"))
    for name, seconds, own in (
        ("interval", job.interval_seconds, settings.interval_seconds),
        ("deadline", job.deadline_seconds, settings.deadline_seconds),
    ):
        where = "agent.yaml" if {job.target.group, job.probe} & set(own) else "default"
        shown.append((name, f"{seconds:g} s ({where})"))
    return shown


def _names(job: Job) -> tuple[str, ...]:
    return (job.device.id,) if job.device else (job.target.group, job.target.name, job.target.id)


def _subject(entry: Measurement) -> str:
    return " ".join(name for name in (entry.device, entry.target) if name)


def _fields(entry: Measurement) -> str:
    return ", ".join(_field(entry.probe, name, value) for name, value in entry.fields.items())


def _field(probe: str, name: str, value: Value) -> str:
    unit = CATALOGUE[probe].fields[name].unit
    shown = f"{value:g}" if isinstance(value, float) else str(value)
    return f"{name} {_size(value)}" if unit == "B" else f"{name} {shown}{' ' if unit else ''}{unit}"


def _size(count: Value) -> str:
    """Bytes as people read them; the catalogue's sizes are whole numbers."""
    size = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:.3g} TB"
