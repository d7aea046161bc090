"""What a probe hands back. The runner (agent/run_probe.py) adds time, duration and, from exceptions, the outcome."""

from collections.abc import Callable
from dataclasses import dataclass, field

from agent.network_settings import Segment
from agent.polled import PolledDevice
from agent.throughput_settings import Leg
from contract.messages import Outcome, Target, Value


@dataclass(frozen=True, slots=True)
class Finding:
    """One result. `target` is set by probes that find their own targets (each disk, each network card).

    `probe` is set where one round with a device brings what the catalogue has under another name (a projector's lamps).
    """

    outcome: Outcome
    fields: dict[str, Value] = field(default_factory=dict)
    target: str | None = None
    probe: str | None = None


@dataclass(slots=True)
class Task:
    """What a probe is asked to do: the target, how long it may take in seconds, and where to tell its steps.

    `step` is silent in normal work and prints under `sonca agent --explain`.
    """

    target: Target
    deadline_seconds: float
    step: Callable[[str], None] = lambda _sentence: None
    device: PolledDevice | None = None  # asked over the network; None: this machine
    segment: Segment | None = None  # for the probes that watch the network; None: it is not watched
    leg: Leg | None = None  # of a test of throughput


ProbeFunction = Callable[[Task], list[Finding]]
